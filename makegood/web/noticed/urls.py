"""What nobody told us: something we noticed ourselves, and reviews."""

from django.urls import path

from makegood.web.noticed import reviews, views

urlpatterns = [
    path("", views.noticed, name="noticed"),
    path("review/", reviews.review, name="noticed_review"),
    path("<uuid:incident_id>/", views.incident, name="noticed_incident"),
    path("<uuid:incident_id>/take-back/", views.take_back, name="noticed_take_back"),
]
