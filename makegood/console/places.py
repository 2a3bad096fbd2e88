"""Finds a button by the name people call it."""

from makegood.ground.refusals import Refused
from makegood.sense.models import Touchpoint


def touchpoint_called(place: str, *, site: str = "") -> Touchpoint:
    """The button in use at `place`; refuses an unknown one, and one that several sites have."""
    buttons = Touchpoint.objects.filter(
        kind=Touchpoint.Kind.BUTTON, retired_at=None, place__iexact=place.strip()
    ).select_related("site")
    if site:
        buttons = buttons.filter(site__name__iexact=site.strip())
    found = list(buttons.order_by("site__name")[:3])
    if not found:
        raise Refused(f"There is no button called “{place}”{f' at {site}' if site else ''}.")
    if len(found) > 1:
        names = ", ".join(button.site.name for button in found)
        raise Refused(f"Several sites have a “{found[0].place}”: say --site, one of {names}.")
    return found[0]
