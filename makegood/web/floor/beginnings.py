"""What a page on the board began with: somebody pressed, told us, wrote, or nobody told us."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from makegood.page.models import Page
from makegood.recover.access import signals_behind
from makegood.sense.models import Signal

SAID: Mapping[str, Promise] = {
    Signal.Kind.PRESS: gettext_lazy("pressed"),
    Signal.Kind.RATING: gettext_lazy("answered"),
    Signal.Kind.COMPLAINT: gettext_lazy("told us"),
    Signal.Kind.REVIEW: gettext_lazy("wrote a review"),
    Signal.Kind.INCIDENT: gettext_lazy("we noticed"),
    Signal.Kind.SILENCE: gettext_lazy("stays away, seen"),
    Signal.Kind.PROMISE: gettext_lazy("we broke our word"),
}


@dataclass(frozen=True)
class Beginning:
    """The moment a page is about, and the word before its time."""

    at: datetime
    words: str

    def when(self, now: datetime) -> str:
        """`20:12` of today, else the day: `19 Nov`."""
        local = timezone.localtime(self.at)
        return date_format(local, "H:i" if local.date() == now.date() else "j M")


def beginnings_of(pages: Iterable[Page]) -> dict[UUID, Beginning]:
    """How each page began, by its id; in two queries."""
    shown = list(pages)
    signals = signals_behind([page.caused_by for page in shown])
    return {page.pk: _beginning(page, signals.get(page.caused_by)) for page in shown}


def _beginning(page: Page, signal: Signal | None) -> Beginning:
    if signal:
        return Beginning(signal.happened_at, str(SAID[signal.kind]))
    call = page.purpose == Page.Purpose.CALL
    return Beginning(page.happened_at, _("call due") if call else _("here since"))
