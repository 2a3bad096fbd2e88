"""The first visit: your place, your card, your phone."""

from django.urls import path

from makegood.web.welcome import views

urlpatterns = [
    path("", views.home, name="home"),
    path("welcome/", views.place, name="welcome"),
    path("welcome/card/", views.card, name="welcome_card"),
    path("welcome/phone/", views.phone, name="welcome_phone"),
]
