"""Rings for hardware that faltered, so that somebody looks at it before a customer needs it."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from makegood.ground.chronicle import Fact
from makegood.ground.models import Entry
from makegood.page.hands.ending import end_pages
from makegood.page.models import Page
from makegood.page.rungs.ringing import Summons, ring_once_more_all
from makegood.sense.facts import (
    ButtonFaltered,
    ButtonRestored,
    ButtonRetired,
    LampFaltered,
    LampRestored,
    LampRetired,
)
from makegood.sense.models import Button, Hardware, Lamp

NEWS_OF_HARDWARE: Final[tuple[type[Fact], ...]] = (
    ButtonFaltered, ButtonRestored, ButtonRetired, LampFaltered, LampRestored, LampRetired,
)  # fmt: skip
RESTS_FOR = timedelta(hours=4)  # it can wait, but not until tomorrow


def look_after(entry: Entry, fact: Fact) -> None:
    """Reaction: what faltered is a task for whoever is on duty, until it is well again, or gone."""
    if isinstance(fact, LampFaltered):
        lamp = Lamp.objects.get(pk=entry.about)
        _ring(entry, lamp, site_id=lamp.site_id, place=lamp.place, hint="")
    elif isinstance(fact, ButtonFaltered):
        button = Button.objects.select_related("touchpoint").get(pk=entry.about)
        place = button.touchpoint
        _ring(entry, button, site_id=place.site_id, place=place.place, hint=place.hint)
    else:
        end_pages(about=entry.about, purpose=Page.Purpose.REMIND, now=entry.at)


def _ring(entry: Entry, hardware: Button | Lamp, *, site_id: UUID, place: str, hint: str) -> None:
    summons = Summons(
        organisation_id=entry.organisation_id,
        site_id=site_id,
        about=hardware.pk,
        purpose=Page.Purpose.REMIND,
        place=place,
        hint=hint,
        what=_what(hardware),
        severity=2,
        happened_at=entry.at,
        rests_for=RESTS_FOR,
        caused_by=entry.pk,
    )
    ring_once_more_all([summons], now=entry.at)


def _what(hardware: Button | Lamp) -> str:
    if isinstance(hardware, Lamp):
        return _("Its lamp has not been heard for a while. Do not rely on its being dark.")
    if hardware.ailment == Hardware.Ailment.BATTERY:
        return _("The battery of its button is nearly empty: %(left)d %%.") % {
            "left": hardware.battery or 0
        }
    return _("Its button has not been heard for a while. Press it once to see whether it works.")
