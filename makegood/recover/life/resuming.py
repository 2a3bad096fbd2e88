"""What ends a pause: any word of the customer we wait for, or that it lasted long enough."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from makegood.ground import chronicle
from makegood.ground.chronicle import Fact, Reaction, Told, together
from makegood.ground.models import Entry
from makegood.recover.beginning.joining import hold_who_and_where
from makegood.recover.belonging import answering_for
from makegood.recover.facts import (
    CallbackAsked,
    CustomerConfirmed,
    CustomerNotContent,
    HandlingRated,
    SignalJoined,
    StepFellDue,
)
from makegood.recover.holding import hold
from makegood.recover.models import Case, CaseSignal, Pause
from makegood.recover.steps.pausing import end, standing_wait, wait_for_customer
from makegood.recover.steps.sweeping import PUT_OFF
from makegood.sense.facts import ContactLeft, RatingGiven, RemarkAdded
from makegood.sense.models import Invitation, Signal
from makegood.triage.models import Verdict
from makegood.words.facts import LetterSent, ReplyReceived
from makegood.words.models import Letter


@together
def hear_on_case(told: Told) -> None:
    """Reaction: the customer said something about the case; a thousand presses are asked once."""
    _heard_all((entry.about, entry) for entry, _ in told)


def hear_on_signal(entry: Entry, fact: RemarkAdded | ContactLeft) -> None:
    """Reaction: the customer said more about what they told us."""
    joined = CaseSignal.objects.filter(signal=entry.about).values_list("case_id", flat=True).first()
    if joined:
        _heard(joined, entry)


def hear_reply(entry: Entry, fact: ReplyReceived) -> None:
    """Reaction: the customer wrote back."""
    _heard(answering_for(fact.matter), entry)


def hear_rating(entry: Entry, fact: RatingGiven) -> None:
    """Reaction: the customer answered what we asked about their case."""
    about = Invitation.objects.values_list("about", flat=True).get(pk=fact.invitation_id)
    if about:
        _heard(answering_for(about), entry)


@together
def hear_again(told: Told) -> None:
    """Reaction: a customer we wait for tells us something new, wherever it is.

    It is the first to hear: once cases are opened and joined pages ring, and no case may be held
    after a page.
    """
    said = {_signal_of(entry).customer_id: entry for entry, _ in reversed(told)}
    said.pop(None, None)
    if not said:
        return
    waiting = Pause.objects.standing().filter(
        kind=Pause.Kind.CUSTOMER, case__customer__in=list(said)
    )
    cases = list(waiting.values_list("case", "case__customer"))
    if cases:
        hold_who_and_where([_signal_of(entry) for entry, _ in told])
        _heard_all((case_id, said[customer_id]) for case_id, customer_id in cases)


def wait_for_answer(entry: Entry, fact: LetterSent) -> None:
    """Reaction: a colleague asked the customer something that comes first: we wait for it.

    What the house asks by itself at the end of a case holds nothing up.
    """
    letter = Letter.objects.select_related("sender").get(pk=entry.about)
    if letter.kind != Letter.Kind.QUESTION or _is_of_the_house(letter):
        return
    case_id = answering_for(fact.matter)
    hold(case_id)
    case = Case.objects.filter(pk=case_id).select_related("site").first()
    if case and not case.standing_closure and not standing_wait(case):
        reason = f"We asked: {letter.subject}"
        wait_for_customer(case=case, reason=reason, by=letter.sender, now=entry.at)


def claim_pauses(now: datetime, limit: int) -> Sequence[Pause]:
    """Pauses that end by themselves, their cases locked; those in other hands are passed over."""
    over = Pause.objects.standing().filter(until__lte=now).select_related("case__site", "step")
    locked = over.select_for_update(skip_locked=True, of=("case",), no_key=True)
    return list(locked.order_by("until")[:limit])


def end_pauses(pauses: Sequence[Pause], now: datetime) -> None:
    """They lasted long enough; what somebody ended in the meantime is ended."""
    for pause in pauses:
        standing = Pause.objects.standing().filter(pk=pause.pk).select_related("case__site", "step")
        fresh = standing.first()
        if fresh:
            end(fresh, by=chronicle.SYSTEM, now=now)


def put_off_pause(pause: Pause, error: Exception, now: datetime) -> None:
    """A pause that cannot be ended waits, so that it never blocks the others."""
    Pause.objects.filter(pk=pause.pk).update(until=now + PUT_OFF)


def next_pause_ends(now: datetime) -> datetime | None:
    """When the next pause ends by itself."""
    return Pause.objects.standing().order_by("until").values_list("until", flat=True).first()


WORDS: Mapping[type[Fact], Reaction] = {
    SignalJoined: hear_on_case,
    RemarkAdded: hear_on_signal,
    ContactLeft: hear_on_signal,
    ReplyReceived: hear_reply,
    RatingGiven: hear_rating,
    HandlingRated: hear_on_case,
    CustomerConfirmed: hear_on_case,
    CustomerNotContent: hear_on_case,
    CallbackAsked: hear_on_case,
}


def _heard(case_id: UUID, entry: Entry) -> None:
    _heard_all([(case_id, entry)])


def _heard_all(words: Iterable[tuple[UUID, Entry]]) -> None:
    """Ends the waiting in these cases, each with the first word; mostly there is none."""
    first: dict[UUID, Entry] = {}
    for case_id, entry in words:
        first.setdefault(case_id, entry)
    waiting = Pause.objects.standing().filter(kind=Pause.Kind.CUSTOMER)
    paused = waiting.filter(case__in=list(first)).values_list("case", flat=True)
    for case_id in sorted(paused):
        hold(case_id)
        pause = waiting.filter(case=case_id).select_related("case__site").first()
        if pause:
            end(pause, by=first[case_id].by, now=first[case_id].at)


def _signal_of(entry: Entry) -> Signal:
    assert isinstance(entry.row, Verdict)
    return entry.row.signal


def _is_of_the_house(letter: Letter) -> bool:
    """Whether a step that fell due wrote it, also if the customer has answered by now."""
    causes = Entry.objects.filter(name=StepFellDue.name)
    return letter.caused_by is not None and causes.filter(pk=letter.caused_by).exists()
