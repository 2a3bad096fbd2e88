"""Cases."""

from django.urls import path

from makegood.web.cases import giving, letters, listing, views

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
    path("<uuid:case_id>/visit/", views.visit, name="case_visit"),
    path("<uuid:case_id>/customer/", views.customer, name="case_customer"),
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
