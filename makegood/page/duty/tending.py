"""Rings for a button that faltered, so that somebody looks at it before a customer needs it."""

from datetime import timedelta
from typing import Final

from django.utils.translation import gettext as _

from makegood.ground.chronicle import Fact
from makegood.ground.models import Entry
from makegood.page.hands.ending import end_pages
from makegood.page.models import Page
from makegood.page.rungs.ringing import Summons, ring_once_more_all
from makegood.sense.facts import ButtonFaltered, ButtonRestored
from makegood.sense.models import Button

NEWS_OF_BUTTONS: Final[tuple[type[Fact], ...]] = (ButtonFaltered, ButtonRestored)
RESTS_FOR = timedelta(hours=4)  # it can wait, but not until tomorrow


def look_after_button(entry: Entry, fact: ButtonFaltered | ButtonRestored) -> None:
    """Reaction: a button that faltered is a task for whoever is on duty, until it is well again."""
    if isinstance(fact, ButtonRestored):
        end_pages(about=entry.about, purpose=Page.Purpose.REMIND, now=entry.at)
        return
    button = Button.objects.select_related("touchpoint").get(pk=entry.about)
    place = button.touchpoint
    summons = Summons(
        organisation_id=entry.organisation_id,
        site_id=place.site_id,
        about=button.pk,
        purpose=Page.Purpose.REMIND,
        place=place.place,
        hint=place.hint,
        what=_what(button),
        severity=2,
        happened_at=entry.at,
        rests_for=RESTS_FOR,
        caused_by=entry.pk,
    )
    ring_once_more_all([summons], now=entry.at)


def _what(button: Button) -> str:
    if button.ailment == Button.Ailment.BATTERY:
        return _("The battery of its button is nearly empty: %(left)d %%.") % {
            "left": button.battery or 0
        }
    return _("Its button has not been heard for a while. Press it once to see whether it works.")
