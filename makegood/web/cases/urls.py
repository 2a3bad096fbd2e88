"""Cases."""

from django.urls import path

from makegood.web.cases import consenting, exported, giving, letters, life, listing, version, views

urlpatterns = [
    path("", listing.cases, name="cases"),
    path("search/", listing.search, name="search"),
    path("told/", listing.told, name="cases_told"),
    path("<uuid:case_id>/", views.case, name="case"),
    path("<uuid:case_id>/hand-over/", views.hand_over, name="case_hand_over"),
    path("<uuid:case_id>/called/", views.called, name="case_called"),
    path("<uuid:case_id>/close/", views.close, name="case_close"),
    path("<uuid:case_id>/reopen/", views.reopen, name="case_reopen"),
    path("<uuid:case_id>/steps/<slug:kind>/", views.step, name="case_step"),
    path("<uuid:case_id>/steps/<slug:kind>/put-off/", life.snooze_step, name="case_snooze_step"),
    path("<uuid:case_id>/put-off/", life.snooze, name="case_snooze"),
    path("<uuid:case_id>/pauses/<uuid:pause_id>/end/", life.wake, name="case_wake"),
    path("<uuid:case_id>/wait/", life.wait, name="case_wait"),
    path("<uuid:case_id>/go-on/", life.go_on, name="case_go_on"),
    path("<uuid:case_id>/join/", life.join, name="case_join"),
    path("<uuid:case_id>/joined/<uuid:merger_id>/part/", life.part, name="case_part"),
    path("<uuid:case_id>/split/", life.split, name="case_split"),
    path("<uuid:case_id>/splits/<uuid:split_id>/undo/", life.unsplit, name="case_unsplit"),
    path("<uuid:case_id>/version/", version.version, name="case_version"),
    path("<uuid:case_id>/story/", exported.page, name="case_export"),
    path("<uuid:case_id>/story.json", exported.document, name="case_json"),
    path("<uuid:case_id>/visit/", views.visit, name="case_visit"),
    path("<uuid:case_id>/customer/", views.customer, name="case_customer"),
    path("<uuid:case_id>/write-again/", consenting.write_again, name="case_write_again"),
    path("<uuid:case_id>/give/", giving.give, name="case_give"),
    path("<uuid:case_id>/nothing/", giving.give_nothing, name="case_nothing"),
    path(
        "<uuid:case_id>/gifts/<uuid:amends_id>/take-back/",
        giving.take_back,
        name="case_take_back",
    ),
    path("<uuid:case_id>/requests/<uuid:request_id>/", giving.decide, name="case_decide"),
    path("<uuid:case_id>/letter/", letters.letter, name="case_letter"),
    path("<uuid:case_id>/letter/lint/", letters.lint, name="case_lint"),
    path("<uuid:case_id>/letter/<uuid:letter_id>/hold/", letters.hold, name="case_hold"),
]
