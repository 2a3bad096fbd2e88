"""Addresses of the promise page."""

from django.urls import path

from makegood.web.customer.promise import views

urlpatterns = [
    path("m/<str:token>", views.promise, name="promise"),
    path("m/<str:token>/reply", views.reply, name="promise_reply"),
    path("m/<str:token>/confirm", views.confirm, name="promise_confirm"),
    path("m/<str:token>/rating", views.rating, name="promise_rating"),
    path("m/<str:token>/not-right", views.not_right, name="promise_not_right"),
    path("m/<str:token>/no-more", views.no_more, name="promise_no_more"),
]
