"""Who works here."""

from django.urls import path

from makegood.web.team import views

urlpatterns = [path("", views.team, name="team")]
