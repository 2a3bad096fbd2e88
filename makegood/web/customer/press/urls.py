"""Addresses of the page after the press."""

from django.urls import path

from makegood.web.customer.press import views

urlpatterns = [
    path("p/<str:token>", views.press, name="press"),
    path("p/<str:token>/now", views.now, name="press_now"),
    path("p/<str:token>/remark", views.remark, name="press_remark"),
    path("p/<str:token>/contact", views.contact, name="press_contact"),
    path("p/<str:token>/callback", views.callback, name="press_callback"),
    path("p/<str:token>/came", views.came, name="press_came"),
    path("p/<str:token>/nobody-came", views.nobody_came, name="press_nobody_came"),
    path("p/<str:token>/cancel", views.cancel, name="press_cancel"),
    path("p/<str:token>/not-right", views.not_right, name="press_not_right"),
]
