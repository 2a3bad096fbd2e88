"""Addresses of the rating page."""

from django.urls import path

from makegood.web.customer.rating import views

urlpatterns = [
    path("r/<str:token>", views.rating, name="rating"),
    path("r/<str:token>/thanks", views.thanks, name="rating_thanks"),
    path("r/<str:token>/no-more", views.no_more, name="rating_no_more"),
]
