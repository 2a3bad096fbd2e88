"""Every try to reach somebody, round by round: over what, with its times and the provider's words.

A few queries, whatever the number of pages.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _, ngettext

from makegood.page.channels import registry
from makegood.page.models import Answer, Attempt, Page

FIRST: Final = 2
LAST: Final = 3


@dataclass(frozen=True)
class Stop:
    """Something that is known of a try, and since when."""

    what: str
    at: datetime


@dataclass(frozen=True)
class Try:
    """One try to reach one person over one thing. `note` says in words what no stop shows."""

    attempt: Attempt
    who: str
    over: str
    stops: tuple[Stop, ...]
    note: str

    @property
    def is_in_vain(self) -> bool:
        """Whether the provider will never take it."""
        return self.attempt.failed_at is not None


@dataclass(frozen=True)
class Said:
    """What somebody answered: a colleague or the customer."""

    who: str
    what: str
    at: datetime
    note: str


@dataclass(frozen=True)
class Round:
    """Once over the ladder: who was tried, and what was said. `number` counts from 1."""

    number: int
    began_at: datetime
    tries: tuple[Try, ...]
    answers: tuple[Said, ...]


@dataclass(frozen=True)
class Timeline:
    """All that was tried for one page; `silence` says in words why nobody was rung."""

    page: Page
    rounds: tuple[Round, ...]
    silence: str

    @property
    def opening(self) -> tuple[Round, ...]:
        """The first rounds, and all of them where there are few: what a screen shows at once."""
        return self.rounds[:FIRST] if self._is_long else self.rounds

    @property
    def latest(self) -> tuple[Round, ...]:
        """The last rounds of a page that rang for long."""
        return self.rounds[-LAST:] if self._is_long else ()

    @property
    def between(self) -> int:
        """How many rounds lie between these; the record has them all."""
        return len(self.rounds) - len(self.opening) - len(self.latest)

    @property
    def _is_long(self) -> bool:
        return len(self.rounds) > FIRST + LAST + 1

    @property
    def summary(self) -> str:
        """How much there is to read: "3 tries in 2 rounds"."""
        tries = sum(len(one.tries) for one in self.rounds)
        if not tries:
            return _("Nobody was rung")
        tried = ngettext("%(count)d try", "%(count)d tries", tries) % {"count": tries}
        if len(self.rounds) == 1:
            return tried
        return _("%(tries)s in %(rounds)d rounds") % {"tries": tried, "rounds": len(self.rounds)}


def timelines_of(pages: Iterable[Page], *, now: datetime) -> dict[UUID, Timeline]:
    """What was tried for each of `pages`, in the time zone that is active."""
    asked = {page.pk: page for page in pages}
    tries: dict[UUID, list[Attempt]] = defaultdict(list)
    answers: dict[UUID, list[Answer]] = defaultdict(list)
    made = Attempt.objects.filter(page__in=asked).select_related("staff", "device")
    for attempt in made.order_by("made_at", "pk"):
        tries[attempt.page_id].append(attempt)
    said = Answer.objects.filter(page__in=asked).select_related("staff")
    for answer in said.order_by("said_at", "pk"):
        answers[answer.page_id].append(answer)
    return {pk: timeline(page, tries[pk], answers[pk], now=now) for pk, page in asked.items()}


def timeline(
    page: Page, attempts: Sequence[Attempt], answers: Sequence[Answer], *, now: datetime
) -> Timeline:
    """The same from rows known already, each the first first."""
    numbers = sorted({one.round for one in attempts} | {one.round for one in answers})
    tried: dict[int, list[Attempt]] = defaultdict(list)
    said: dict[int, list[Answer]] = defaultdict(list)
    for attempt in attempts:
        tried[attempt.round].append(attempt)
    for answer in answers:
        said[answer.round].append(answer)
    rounds = tuple(_round(page, number, tried[number], said[number], now) for number in numbers)
    return Timeline(page, rounds, "" if attempts else _why_nobody(page))


def _round(
    page: Page, number: int, tried: Sequence[Attempt], said: Sequence[Answer], now: datetime
) -> Round:
    began = [attempt.made_at for attempt in tried[:1]] + [answer.said_at for answer in said[:1]]
    return Round(
        number=number + 1,
        began_at=min(began),
        tries=tuple(_try(page, one, now) for one in tried),
        answers=tuple(_said(one) for one in said),
    )


def _try(page: Page, attempt: Attempt, now: datetime) -> Try:
    stops = (
        (_("Handed over"), attempt.sent_at), (_("Receipted"), attempt.received_at),
        (_("Shown"), attempt.seen_at), (_("Answered"), attempt.answered_at),
        (_("Given up"), attempt.failed_at), (_("Silenced"), attempt.silenced_at),
    )  # fmt: skip
    return Try(
        attempt=attempt,
        who=attempt.staff.full_name,
        over=_over(attempt),
        stops=tuple(Stop(what, at) for what, at in stops if at),
        note=_note(page, attempt, now),
    )


def _over(attempt: Attempt) -> str:
    channel = registry.CHANNELS.get(attempt.channel)
    title = channel.title if channel else attempt.channel
    return f"{attempt.device.name}, {title}" if attempt.device else title


def _note(page: Page, attempt: Attempt, now: datetime) -> str:
    if attempt.failed_at:
        return ""
    if attempt.hand_over_at:
        return _waits(attempt, attempt.hand_over_at, now)
    if not attempt.sent_at:
        return _("It never left: nobody needed to come any more.")
    if attempt.silence_at:
        return _("It is being told to be silent.")
    if not (attempt.received_at or attempt.seen_at or attempt.answered_at):
        return _("No receipt yet.") if page.is_open else _("No receipt came.")
    return _("Rung anew, until they said that they know.") if attempt.again else ""


def _waits(attempt: Attempt, at: datetime, now: datetime) -> str:
    when = {"time": date_format(timezone.localtime(at), "H:i:s"), "count": attempt.tries}
    if attempt.tries:
        words = ngettext(
            "Not taken yet after %(count)d try; next at %(time)s.",
            "Not taken yet after %(count)d tries; next at %(time)s.",
            attempt.tries,
        )
        return words % when
    if at > now:
        return _("Rings at %(time)s, as they wish.") % when
    return _("Waits to leave since %(time)s.") % when


def _said(answer: Answer) -> Said:
    if answer.by_customer:
        who = _("The customer")
    else:
        who = answer.staff.full_name if answer.staff else _("A colleague")
    return Said(who, answer.get_kind_display(), answer.said_at, answer.note)


def _why_nobody(page: Page) -> str:
    if page.state == Page.State.NOBODY:
        return _("Nobody has been rung: nobody is on duty.")
    if page.is_open:
        return _("Nobody has been rung yet.")
    return _("It was over before anybody was rung.")
