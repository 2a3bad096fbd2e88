"""What can be given, and coupons that come back."""

from django.urls import path

from makegood.web.gifts import views

urlpatterns = [
    path("", views.gifts, name="gifts"),
    path("<uuid:remedy_id>/retire/", views.retire, name="gift_retire"),
    path("coupon/", views.coupon, name="coupon"),
]
