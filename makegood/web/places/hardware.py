"""Hardware buttons at the places: added, set up, given a new secret, taken away."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from makegood.ground import clock
from makegood.ground.refusals import NotFound
from makegood.sense import access, equipping
from makegood.sense.models import Button
from makegood.web.door import StaffRequest, senior_door

SHELLY_SAYS = "?event=single_push&at=${status.sys.unixtime}"  # the device completes it


@dataclass(frozen=True)
class Wiring:
    """What somebody types into a button, or into its hub."""

    webhook: str
    user: str
    secret: str
    prefix: str
    mqtt_port: int | None
    with_tls: bool


@require_POST
@senior_door
def add(request: StaffRequest) -> HttpResponse:
    """Adds hardware to a place and leads to what has to be typed into it."""
    touchpoint = access.touchpoint_for(request.user, _id(request.POST.get("touchpoint", "")))
    kind = request.POST.get("kind", "")
    button = equipping.add_button(
        touchpoint=touchpoint, kind=kind, by=request.user, now=clock.now()
    )
    return redirect("button", button.pk)


@require_GET
@senior_door
def show(request: StaffRequest, button_id: UUID) -> HttpResponse:
    """How one button is, and what has to be typed into it. Its secret is for seniors only."""
    button = access.button_for(request.user, button_id)
    if button.retired_at:
        raise NotFound
    context = {"button": button, "wiring": _wiring(button), "now": clock.now()}
    return render(request, "places/button.html", context)


@require_POST
@senior_door
def renew(request: StaffRequest, button_id: UUID) -> HttpResponse:
    """Gives a button a new secret; the old one must be replaced in it."""
    button = access.button_for(request.user, button_id)
    equipping.renew_button(button=button, by=request.user, now=clock.now())
    messages.success(request, _("New secret. Type it into the button; the old one is void."))
    return redirect("button", button.pk)


@require_POST
@senior_door
def retire(request: StaffRequest, button_id: UUID) -> HttpResponse:
    """Takes a button out of use; the card of its place goes on working."""
    button = access.button_for(request.user, button_id)
    equipping.retire_button(button=button, by=request.user, now=clock.now())
    place = button.touchpoint.place
    messages.success(request, _("The button at %(place)s is out of use.") % {"place": place})
    return redirect("places")


def _wiring(button: Button) -> Wiring:
    secret, house = access.button_secret(button), settings.HOUSE
    make = "press" if button.kind == Button.Kind.MAKEGOOD else button.kind
    completed = SHELLY_SAYS if button.kind == Button.Kind.SHELLY else ""
    return Wiring(
        webhook=f"{house.url}/b/{secret}/{make}{completed}",
        user=button.pk.hex,
        secret=secret,
        prefix=f"b/{button.pk.hex}",
        mqtt_port=house.mqtt_port,
        with_tls=bool(house.mqtt_cert),
    )


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None
