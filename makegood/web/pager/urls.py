"""The staff phone."""

from django.urls import include, path

from makegood.web.pager import deciding, giving, receipts, views

urlpatterns = [
    path("", views.pager, name="pager"),
    path("", include("makegood.web.phone.urls")),
    path("<uuid:page_id>/", views.page, name="pager_page"),
    path("<uuid:page_id>/received/", receipts.received, name="pager_received"),
    path("<uuid:page_id>/seen/", receipts.seen, name="pager_seen"),
    path("<uuid:page_id>/going/", views.going, name="pager_going"),
    path("<uuid:page_id>/cant/", views.cant, name="pager_cant"),
    path("<uuid:page_id>/know/", views.know, name="pager_know"),
    path("<uuid:page_id>/with/", views.with_customer, name="pager_with"),
    path("<uuid:page_id>/left/", views.left, name="pager_left"),
    path("<uuid:page_id>/hand-over/", views.hand_over, name="pager_hand_over"),
    path("<uuid:page_id>/finish/", views.finish, name="pager_finish"),
    path("<uuid:page_id>/give/", giving.give, name="pager_give"),
    path("<uuid:page_id>/nothing/", giving.give_nothing, name="pager_give_nothing"),
    path("gifts/<uuid:amends_id>/take-back/", giving.take_back, name="pager_take_back"),
    path("<uuid:page_id>/decide/", deciding.decide, name="pager_decide"),
]
