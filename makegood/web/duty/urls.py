"""Going on duty, leaving it, and the rota."""

from django.urls import path

from makegood.web.duty import planning, rota, views

urlpatterns = [
    path("", views.start, name="duty"),
    path("test/", views.ring, name="duty_ring"),
    path("test/<uuid:test_id>/", views.test, name="duty_test"),
    path("one-way/", views.one_way, name="duty_one_way"),
    path("end/", views.end, name="duty_end"),
    path("hand-over/", views.hand_over, name="duty_hand_over"),
    path("override/", views.override, name="duty_override"),
    path("rota/", rota.rota, name="rota"),
    path("rota/turns/", planning.begin_turns, name="rota_turns"),
    path("rota/turns/<uuid:rotation_id>/end/", planning.end_turns, name="rota_turns_end"),
    path("rota/turns/<uuid:rotation_id>/override/", planning.override, name="rota_override"),
    path("rota/overrides/<uuid:override_id>/drop/", planning.drop_override, name="rota_turn_back"),
    path("rota/away/", planning.away, name="rota_away"),
    path("rota/away/<uuid:absence_id>/drop/", planning.drop_away, name="rota_away_drop"),
    path("rota/<uuid:shift_id>/drop/", rota.drop, name="rota_drop"),
]
