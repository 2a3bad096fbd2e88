"""What one person can be reached by."""

from django.urls import path

from makegood.web.devices import views

urlpatterns = [
    path("", views.devices, name="devices"),
    path("wishes/", views.wishes, name="devices_wishes"),
    path("<uuid:device_id>/name/", views.rename, name="device_rename"),
    path("<uuid:device_id>/ring/", views.ring, name="device_ring"),
    path("<uuid:device_id>/retire/", views.retire, name="device_retire"),
]
