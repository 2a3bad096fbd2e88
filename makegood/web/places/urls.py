"""Where customers press: touchpoints and their printed cards."""

from django.urls import path

from makegood.web.places import hardware, lamps, views

urlpatterns = [
    path("", views.places, name="places"),
    path("cards/", views.cards_to_print, name="cards_to_print"),
    path("buttons/", hardware.add, name="button_add"),
    path("buttons/<uuid:button_id>/", hardware.show, name="button"),
    path("buttons/<uuid:button_id>/renew/", hardware.renew, name="button_renew"),
    path("buttons/<uuid:button_id>/retire/", hardware.retire, name="button_retire"),
    path("lamps/", lamps.add, name="lamp_add"),
    path("lamps/<uuid:lamp_id>/", lamps.show, name="lamp"),
    path("lamps/<uuid:lamp_id>/renew/", lamps.renew, name="lamp_renew"),
    path("lamps/<uuid:lamp_id>/retire/", lamps.retire, name="lamp_retire"),
    path("<uuid:touchpoint_id>/card/", views.card, name="place_card"),
    path("<uuid:touchpoint_id>/retire/", views.retire, name="place_retire"),
    path("<uuid:touchpoint_id>/renew/", views.renew, name="place_renew"),
]
