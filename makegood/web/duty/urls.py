"""Going on duty, leaving it, and the rota."""

from django.urls import path

from makegood.web.duty import rota, views

urlpatterns = [
    path("", views.start, name="duty"),
    path("test/", views.ring, name="duty_ring"),
    path("test/<uuid:test_id>/", views.test, name="duty_test"),
    path("one-way/", views.one_way, name="duty_one_way"),
    path("end/", views.end, name="duty_end"),
    path("hand-over/", views.hand_over, name="duty_hand_over"),
    path("override/", views.override, name="duty_override"),
    path("rota/", rota.rota, name="rota"),
    path("rota/<uuid:shift_id>/drop/", rota.drop, name="rota_drop"),
]
