"""Lamps of a site: added, set up, given a new secret, taken away."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from makegood.ground import clock
from makegood.ground.refusals import Refused
from makegood.sense import access, equipping
from makegood.sense.models import Lamp
from makegood.web.devices.wiring import Account, wire
from makegood.web.door import StaffRequest, senior_door
from makegood.web.places.views import show_places


@require_POST
@senior_door
def add(request: StaffRequest) -> HttpResponse:
    """Adds a lamp to the site and leads to what has to be typed into it."""
    try:
        lamp = equipping.add_lamp(
            site=request.user.site,
            place=request.POST.get("lamp", ""),
            by=request.user,
            now=clock.now(),
        )
    except Refused as refusal:
        return show_places(request, refusal)
    return redirect("lamp", lamp.pk)


@require_GET
@never_cache
@senior_door
def show(request: StaffRequest, lamp_id: UUID) -> HttpResponse:
    """How one lamp is, and what has to be typed into it. Its secret is for seniors only."""
    lamp = access.lamp_for(request.user, lamp_id)
    context = {"lamp": lamp, "wiring": wire(_account(lamp)), "now": clock.now()}
    return render(request, "places/lamp.html", context)


@require_POST
@senior_door
def renew(request: StaffRequest, lamp_id: UUID) -> HttpResponse:
    """Gives a lamp a new secret; the old one must be replaced in it."""
    lamp = access.lamp_for(request.user, lamp_id)
    equipping.renew_lamp(lamp=lamp, by=request.user, now=clock.now())
    messages.success(request, _("New secret. Type it into the lamp; the old one is void."))
    return redirect("lamp", lamp.pk)


@require_POST
@senior_door
def retire(request: StaffRequest, lamp_id: UUID) -> HttpResponse:
    """Takes a lamp out of use."""
    lamp = access.lamp_for(request.user, lamp_id)
    equipping.retire_lamp(lamp=lamp, by=request.user, now=clock.now())
    messages.success(request, _("The lamp at %(place)s is out of use.") % {"place": lamp.place})
    return redirect("places")


def _account(lamp: Lamp) -> Account:
    return Account(
        user=f"lamp-{lamp.pk.hex}", topic=f"l/{lamp.pk.hex}", password=access.lamp_secret(lamp)
    )
