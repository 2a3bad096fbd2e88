"""Going on duty, leaving it, and the rota."""

from django.urls import path

from makegood.web.duty import drafting, planning, rota, views

urlpatterns = [
    path("", views.start, name="duty"),
    path("test/", views.ring, name="duty_ring"),
    path("test/<uuid:test_id>/", views.test, name="duty_test"),
    path("one-way/", views.one_way, name="duty_one_way"),
    path("end/", views.end, name="duty_end"),
    path("hand-over/", views.hand_over, name="duty_hand_over"),
    path("override/", views.override, name="duty_override"),
    path("rota/", rota.rota, name="rota"),
    path("rota/draft/", drafting.draft, name="rota_draft"),
    path("rota/draft/shift/", drafting.shift, name="rota_draft_shift"),
    path("rota/draft/shift/<uuid:shift_id>/drop/", drafting.drop_shift, name="rota_draft_drop"),
    path("rota/draft/shift/<uuid:shift_id>/swap/", drafting.swap_shift, name="rota_draft_swap"),
    path("rota/draft/turns/<uuid:rotation_id>/swap/", drafting.swap_turn, name="rota_draft_turn"),
    path("rota/draft/change/<int:number>/drop/", drafting.drop_change, name="rota_draft_undo"),
    path("rota/draft/publish/", drafting.publish, name="rota_draft_publish"),
    path("rota/draft/discard/", drafting.discard, name="rota_draft_discard"),
    path("rota/draft/<uuid:draft_id>/take-back/", drafting.take_back, name="rota_draft_back"),
    path("rota/turns/", drafting.turns, name="rota_turns"),
    path("rota/turns/<uuid:rotation_id>/change/", drafting.turns, name="rota_turns_change"),
    path("rota/turns/<uuid:rotation_id>/end/", drafting.end_turns, name="rota_turns_end"),
    path("rota/turns/<uuid:rotation_id>/override/", planning.override, name="rota_override"),
    path("rota/overrides/<uuid:override_id>/drop/", planning.drop_override, name="rota_turn_back"),
    path("rota/away/", planning.away, name="rota_away"),
    path("rota/away/<uuid:absence_id>/drop/", planning.drop_away, name="rota_away_drop"),
    path("rota/<uuid:shift_id>/drop/", rota.drop, name="rota_drop"),
    path("rota/<uuid:shift_id>/swap/", rota.swap, name="rota_swap"),
]
