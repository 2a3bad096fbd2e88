"""The floor board."""

from django.urls import path

from makegood.web.floor import views

urlpatterns = [
    path("", views.floor, name="floor"),
]
