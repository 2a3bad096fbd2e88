"""The places where customers press, and the cards that stand there."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from makegood.ground import clock
from makegood.ground.refusals import Invalid, Refused
from makegood.sense import access, placing
from makegood.sense.models import Button, Touchpoint
from makegood.web.door import StaffRequest, senior_door, staff_door

VARIANTS = ("", "porcelain")


@dataclass(frozen=True)
class Card:
    """What one printed card says."""

    place: str
    url: str
    sub: str


@require_http_methods(["GET", "POST"])
@senior_door
def places(request: StaffRequest) -> HttpResponse:
    """Lists the site's touchpoints; POST places another one."""
    refusal = _place(request) if request.method == "POST" else None
    if request.method == "POST" and refusal is None:
        return redirect("places")
    return show_places(request, refusal)


def show_places(request: StaffRequest, refusal: Refused | None = None) -> HttpResponse:
    """The places of the site and the hardware there; with what was refused beside its form."""
    context = {
        "touchpoints": access.touchpoints_at(request.user.site),
        "buttons": access.buttons_at(request.user.site),
        "lamps": access.lamps_at(request.user.site),
        "kinds": Button.Kind.choices,
        "now": clock.now(),
        "refusal": refusal,
        "written": request.POST,
        "site": request.user.site,
    }
    return render(request, "places/places.html", context, status=refusal.status if refusal else 200)


def _place(request: StaffRequest) -> Refused | None:
    try:
        placed = placing.place_touchpoint(
            site=request.user.site,
            place=request.POST.get("place", ""),
            hint=request.POST.get("hint", ""),
            dwell_minutes=_minutes(request.POST.get("dwell_minutes", "")),
            by=request.user,
            now=clock.now(),
        )
    except Refused as refusal:
        return refusal
    messages.success(request, _("%(place)s can be pressed now.") % {"place": placed.place})
    return None


def _minutes(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise Invalid(_("Write the minutes as a number, like 20."), field="dwell_minutes") from None


@require_GET
@staff_door
def cards_to_print(request: StaffRequest) -> HttpResponse:
    """Every card of the site on sheets for the printer; `?variant=porcelain` saves ink."""
    touchpoints = access.touchpoints_at(request.user.site)
    return _sheet(request, touchpoints)


@require_GET
@staff_door
def card(request: StaffRequest, touchpoint_id: UUID) -> HttpResponse:
    """One card for the printer."""
    return _sheet(request, [access.touchpoint_for(request.user, touchpoint_id)])


def _sheet(request: StaffRequest, touchpoints: list[Touchpoint]) -> HttpResponse:
    variant = request.GET.get("variant", "")
    context = {
        "cards": [_card(touchpoint) for touchpoint in touchpoints],
        "variant": variant if variant in VARIANTS else "",
    }
    return render(request, "look/cards.html", context)


def _card(touchpoint: Touchpoint) -> Card:
    url = settings.HOUSE.url + access.button_path(touchpoint)
    return Card(place=touchpoint.place, url=url, sub=touchpoint.site.name)


@require_POST
@senior_door
def retire(request: StaffRequest, touchpoint_id: UUID) -> HttpResponse:
    """Takes a place out of use; its card leads nowhere from then on."""
    touchpoint = access.touchpoint_for(request.user, touchpoint_id)
    placing.retire_touchpoint(touchpoint=touchpoint, by=request.user, now=clock.now())
    messages.success(request, _("%(place)s is out of use.") % {"place": touchpoint.place})
    return redirect("places")


@require_POST
@senior_door
def renew(request: StaffRequest, touchpoint_id: UUID) -> HttpResponse:
    """Gives a place a new secret link; the old card must be replaced."""
    touchpoint = access.touchpoint_for(request.user, touchpoint_id)
    placing.renew_link(touchpoint=touchpoint, by=request.user, now=clock.now())
    messages.success(
        request, _("New link. Print the card of %(place)s again.") % {"place": touchpoint.place}
    )
    return redirect("places")
