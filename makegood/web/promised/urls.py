"""Promises."""

from django.urls import path

from makegood.web.promised import views

urlpatterns = [
    path("", views.promises, name="promises"),
]
