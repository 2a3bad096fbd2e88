"""Every address of the web process; each screen folder brings its own list."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from makegood.web.look.views import gallery

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("makegood.web.signin.urls")),
]

if settings.DEBUG:
    urlpatterns.append(path("look/", gallery))
