"""Where customers press: touchpoints and their printed cards."""

from django.urls import path

from makegood.web.places import views

urlpatterns = [
    path("", views.places, name="places"),
    path("cards/", views.cards_to_print, name="cards_to_print"),
    path("<uuid:touchpoint_id>/card/", views.card, name="place_card"),
    path("<uuid:touchpoint_id>/retire/", views.retire, name="place_retire"),
    path("<uuid:touchpoint_id>/renew/", views.renew, name="place_renew"),
]
