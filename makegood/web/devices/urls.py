"""What one person can be reached by."""

from django.urls import path

from makegood.web.devices import views, wrist

urlpatterns = [
    path("", views.devices, name="devices"),
    path("wishes/", views.wishes, name="devices_wishes"),
    path("wrist/", wrist.add, name="devices_wrist"),
    path("<uuid:device_id>/wrist/", wrist.show, name="device_wrist"),
    path("<uuid:device_id>/renew/", wrist.renew, name="device_renew"),
    path("<uuid:device_id>/name/", views.rename, name="device_rename"),
    path("<uuid:device_id>/ring/", views.ring, name="device_ring"),
    path("<uuid:device_id>/retire/", views.retire, name="device_retire"),
]
