"""Hardware buttons at the places: added, set up, given a new secret, taken away."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from makegood.ground import clock
from makegood.ground.refusals import NotFound
from makegood.sense import access, equipping
from makegood.sense.models import Button
from makegood.web.devices.wiring import Account, wire
from makegood.web.door import StaffRequest, senior_door

SHELLY_SAYS = "?event=single_push&at=${status.sys.unixtime}"  # the device completes it


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
@never_cache
@senior_door
def show(request: StaffRequest, button_id: UUID) -> HttpResponse:
    """How one button is, and what has to be typed into it. Its secret is for seniors only."""
    button = access.button_for(request.user, button_id)
    if button.retired_at:
        raise NotFound
    context = {
        "button": button,
        "webhook": _webhook(button),
        "wiring": wire(_account(button)),
        "is_foreign": button.kind != Button.Kind.MAKEGOOD,
        "now": clock.now(),
    }
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


def _webhook(button: Button) -> str:
    make = "press" if button.kind == Button.Kind.MAKEGOOD else button.kind
    completed = SHELLY_SAYS if button.kind == Button.Kind.SHELLY else ""
    return f"{settings.HOUSE.url}/b/{access.button_secret(button)}/{make}{completed}"


def _account(button: Button) -> Account:
    return Account(
        user=button.pk.hex, topic=f"b/{button.pk.hex}", password=access.button_secret(button)
    )


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None
