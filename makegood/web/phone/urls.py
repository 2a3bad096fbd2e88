"""Beneath /pager/, which is as far as the service worker reaches: guests' pages never meet it."""

from django.urls import path

from makegood.web.phone import saying, views

urlpatterns = [
    path("worker.js", views.worker, name="phone_worker"),
    path("phone/", views.install, name="phone"),
    path("phone/key/", views.key, name="phone_key"),
    path("phone/subscription/", views.subscription, name="phone_subscription"),
    path("phone/remove/", views.remove, name="phone_remove"),
    path("said/<str:token>/received/", saying.received, name="said_received"),
    path("said/<str:token>/going/", saying.going, name="said_going"),
    path("said/<str:token>/cant/", saying.cant, name="said_cant"),
    path("said/<str:token>/arrived/", saying.arrived, name="said_arrived"),
    path("said/<str:token>/felt/", saying.felt, name="said_felt"),
]
