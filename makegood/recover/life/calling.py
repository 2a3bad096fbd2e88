"""Calling the customer: every call is logged with what came of it, whether they were reached."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models.functions import Coalesce

from makegood.ground import chronicle
from makegood.ground.chronicle import Fact
from makegood.ground.models import Entry
from makegood.ground.refusals import Invalid
from makegood.page.facts import CustomerReached
from makegood.page.hands.ending import end_pages
from makegood.page.models import Page
from makegood.people.models import Staff
from makegood.recover import telling
from makegood.recover.belonging import matters_of
from makegood.recover.chronicling import abouts_of
from makegood.recover.facts import CallLogged, CaseReopened, CustomerCalled, SignalJoined
from makegood.recover.holding import hold, hold_steps
from makegood.recover.life.callbacks import note_called, waiting_callback
from makegood.recover.life.resuming import WORDS
from makegood.recover.models import Case
from makegood.recover.steps.needing import all_shown
from makegood.recover.steps.pausing import end, standing_wait
from makegood.recover.steps.stepping import checked_words, end_done
from makegood.sense.models import Signal

CALL = "contact"


class Outcome(StrEnum):
    """What came of a call."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"
    LATER = "asked_to_call_later"

    @property
    def words(self) -> str:
        """As colleagues read it."""
        return OUTCOMES[self]


OUTCOMES = {
    Outcome.REACHED: "we spoke",
    Outcome.NO_ANSWER: "no answer",
    Outcome.WRONG_NUMBER: "a wrong number",
    Outcome.LATER: "asked to call later",
}
SPOKE = (Outcome.REACHED, Outcome.LATER)
HEARD_OF: list[type[Fact]] = [*WORDS, CustomerReached, CaseReopened]


def log_call(
    *, case: Case, outcome: str, words: str, by: Staff, now: datetime, step: str = CALL
) -> Entry:
    """Keeps a call with its outcome. One that reached them shows what was promised; an attempt is
    kept with its day, and ends nothing.

    Where the customer asked to be called, reaching them is that call. Words are needed for what was
    said; an attempt may go without. Refuses an outcome that is none.
    """
    came_of_it = _outcome(outcome)
    said = words.strip()
    if came_of_it in SPOKE or said:
        said = checked_words(words, field="words", remedy="Say in a few words how the call went.")
    with transaction.atomic():
        hold(case.pk)
        case.refresh_from_db(fields=["reached_at", "owner"])
        fact = CallLogged(step=step, outcome=came_of_it.value, words=said)
        entry = _record(case, fact, by, now)
        if came_of_it == Outcome.REACHED:
            _reached(case, entry, said, by, now)
        wait = standing_wait(case) if came_of_it in SPOKE else None
        if wait:
            end(wait, by=entry.by, now=now)
        telling.tell(case, what=entry.name, at=now)
    return entry


def attempts_at(case: Case) -> list[Entry]:
    """Calls that did not reach the customer since we last heard of them: since the last that did,
    any word of theirs, somebody before them, or that it was not over. The first first.

    Calls for what was joined with the case count.
    """
    logged = Entry.objects.filter(
        about__in=matters_of(case.pk), name__in=(CallLogged.name, CustomerCalled.name)
    )
    attempts: list[Entry] = []
    for entry in logged.order_by("at", "pk"):
        reached = entry.data.get("outcome", Outcome.REACHED) in SPOKE
        attempts = [] if reached else [*attempts, entry]
    heard = _heard_of(case) if attempts else None
    return [entry for entry in attempts if heard is None or entry.at >= heard]


def days_of(attempts: Iterable[Entry], case: Case) -> list[date]:
    """On which days, by the clocks of the place, we tried."""
    zone = ZoneInfo(case.site.timezone)
    return sorted({entry.at.astimezone(zone).date() for entry in attempts})


def _heard_of(case: Case) -> datetime | None:
    """When the customer last said or did something, other than on the telephone."""
    entries = Entry.objects.filter(
        about__in=abouts_of(case), name__in=[fact.name for fact in HEARD_OF]
    )
    return max((entry.at for entry in entries if not _is_ours(entry)), default=None)


def _is_ours(entry: Entry) -> bool:
    """Whether it looks like a word of theirs, but we noticed it, or took a joining back."""
    if entry.name == SignalJoined.name:
        joined = Signal.objects.filter(pk=entry.data["signal_id"], kind__in=Signal.OURS)
        return joined.exists()
    return entry.name == CaseReopened.name and entry.caused_by is not None


def _outcome(text: str) -> Outcome:
    try:
        return Outcome(text)
    except ValueError as error:
        raise Invalid("Say what came of the call.", field="outcome") from error


def _reached(case: Case, entry: Entry, said: str, by: Staff, now: datetime) -> None:
    """Whoever spoke with the customer has reached them, and answers for it where nobody does."""
    Case.objects.filter(pk=case.pk).update(
        reached_at=Coalesce("reached_at", now), owner=Coalesce("owner", by.pk)
    )
    if waiting_callback(case):
        note_called(case=case, by=by, words=said, now=now)
    else:
        end_pages(about=case.pk, purpose=Page.Purpose.CALL, now=now, by=entry.by)
    for step in hold_steps(case.pk, awaits="call_logged"):
        if all_shown(step):
            end_done(step, evidence=[entry.pk], note=said, now=now, by=by, caused_by=entry.pk)


def _record(case: Case, fact: CallLogged, by: Staff, now: datetime) -> Entry:
    return chronicle.record(
        fact, organisation_id=case.organisation_id, at=now, by=chronicle.staff_actor(by.pk),
        about=case.pk,
    )  # fmt: skip
