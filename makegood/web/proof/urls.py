"""Proof."""

from django.urls import path

from makegood.web.proof import views

urlpatterns = [
    path("", views.proof, name="proof"),
    path("rings/", views.rings, name="rings"),
]
