"""Every address of the web process; each screen folder brings its own list."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from makegood.web.look.views import favicon, gallery
from makegood.web.mailed.views import told

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("makegood.web.welcome.urls")),
    path("account/", include("makegood.web.signin.urls")),
    path("pager/", include("makegood.web.pager.urls")),
    path("duty/", include("makegood.web.duty.urls")),
    path("devices/", include("makegood.web.devices.urls")),
    path("floor/", include("makegood.web.floor.urls")),
    path("cases/", include("makegood.web.cases.urls")),
    path("noticed/", include("makegood.web.noticed.urls")),
    path("promises/", include("makegood.web.promised.urls")),
    path("proof/", include("makegood.web.proof.urls")),
    path("places/", include("makegood.web.places.urls")),
    path("hours/", include("makegood.web.hours.urls")),
    path("team/", include("makegood.web.team.urls")),
    path("gifts/", include("makegood.web.gifts.urls")),
    path("policy/", include("makegood.web.policy.urls")),
    path("hooks/mail/", told, name="mail_hook"),
    path("favicon.ico", favicon),
    path("", include("makegood.web.customer.urls")),
]

if settings.DEBUG:
    urlpatterns.append(path("look/", gallery))
