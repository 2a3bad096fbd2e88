"""Who works here."""

from django.urls import path

from makegood.web.team import views

urlpatterns = [
    path("", views.team, name="team"),
    path("<uuid:staff_id>/", views.place, name="team_place"),
]
