"""Which facts a step needs before it can be done, and whether they are there."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

from makegood.amends.facts import AmendsGiven, CouponRedeemed
from makegood.amends.models import Amends
from makegood.ground.models import Entry
from makegood.page.facts import CustomerReached
from makegood.recover.chronicling import abouts_of
from makegood.recover.facts import CallLogged, CorrectionConfirmed, CustomerCalled, StepDone
from makegood.recover.models import Case, Step
from makegood.recover.steps.planning import plan_of
from makegood.sense.facts import VisitBegan
from makegood.sense.visiting import ONE_VISIT
from makegood.words.facts import LetterFailed, LetterSent, ReplyReceived
from makegood.words.models import Letter

CHECKED: Final = "correction_confirmed"
REACHED: Final = "reached"
Shows = Callable[[Case, Sequence[Entry]], list[Entry]]


def shown_by(case: Case, needs: Collection[str]) -> list[UUID]:
    """The facts about a case that show what `needs` names, the first first."""
    asked = [need for need in needs if need in SHOWN]
    if not asked:
        return []
    entries = _relevant(case)
    found = {entry.pk: entry for need in asked for entry in SHOWN[need](case, entries)}
    return sorted(found, key=lambda pk: (found[pk].at, pk))


def missing(case: Case, needs: Collection[str]) -> list[str]:
    """What is missing of `needs`, each as something to do."""
    asked = [need for need in needs if need in SHOWN]
    entries = _relevant(case) if asked else []
    return [MISSING[need] for need in asked if not SHOWN[need](case, entries)]


def all_shown(step: Step) -> bool:
    """Whether a fact may end a step by itself: all else that it needs is there already."""
    return not missing(step.case, plan_of(step).needs)


def _relevant(case: Case) -> list[Entry]:
    entries = Entry.objects.filter(about__in=abouts_of(case), name__in=NAMES)
    return list(entries.order_by("at", "pk"))


def _named(name: str) -> Shows:
    """Facts of one name."""

    def shows(case: Case, entries: Sequence[Entry]) -> list[Entry]:
        return [entry for entry in entries if entry.name == name]

    return shows


def _letters(case: Case, entries: Sequence[Entry]) -> list[Entry]:
    """Letters the mail server took, and that did not come back."""
    failed = {entry.about for entry in entries if entry.name == LetterFailed.name}
    sent = [entry for entry in entries if entry.name == LetterSent.name]
    return [entry for entry in sent if entry.about not in failed]


def _letters_of(kind: Letter.Kind) -> Shows:
    """The same of one kind."""

    def shows(case: Case, entries: Sequence[Entry]) -> list[Entry]:
        return [entry for entry in _letters(case, entries) if entry.data["kind"] == kind]

    return shows


def _planned(case: Case, entries: Sequence[Entry]) -> list[Entry]:
    """That the correction was planned."""
    done = [entry for entry in entries if entry.name == StepDone.name]
    return [entry for entry in done if entry.data["step"] == "plan"]


def _reached(case: Case, entries: Sequence[Entry]) -> list[Entry]:
    """That somebody stood before them, or had them on the line."""
    stood = [entry for entry in entries if entry.name == CustomerReached.name]
    return [*stood, *_called(case, entries)]


def _called(case: Case, entries: Sequence[Entry]) -> list[Entry]:
    """Calls in which the customer was reached."""
    return [
        entry
        for entry in entries
        if entry.name == CustomerCalled.name
        or (entry.name == CallLogged.name and entry.data["outcome"] == REACHED)
    ]


def _given(case: Case, entries: Sequence[Entry]) -> list[Entry]:
    """Gifts that were not taken back."""
    given = [entry for entry in entries if entry.name == AmendsGiven.name]
    back = Amends.objects.filter(pk__in=[entry.about for entry in given])
    taken_back = set(back.exclude(taken_back_at=None).values_list("pk", flat=True))
    return [entry for entry in given if entry.about not in taken_back]


def _visited(case: Case, entries: Sequence[Entry]) -> list[Entry]:
    """Visits after the one on which we failed them."""
    visits = [entry for entry in entries if entry.name == VisitBegan.name]
    return [entry for entry in visits if entry.at > case.opened_at + ONE_VISIT]


SHOWN: Mapping[str, Shows] = {
    "apology_sent": _letters_of(Letter.Kind.APOLOGY),
    "news_sent": _letters_of(Letter.Kind.NEWS),
    "plan_done": _planned,
    "letter_sent": _letters,
    "letter_delivered": _letters,
    "call_logged": _called,
    "customer_reached": _reached,
    "amends_given": _given,
    "amends_redeemed": _named(CouponRedeemed.name),
    "visit_seen": _visited,
    "reply_received": _named(ReplyReceived.name),
    CHECKED: _named(CorrectionConfirmed.name),
}
MISSING: Mapping[str, str] = {
    "apology_sent": "The written apology has to leave first.",
    "news_sent": "Write to them what changed first.",
    "plan_done": "Plan the correction first.",
    "letter_sent": "A letter has to leave first.",
    "letter_delivered": "A letter has to arrive first.",
    "call_logged": "Call them and note the call first; one that reached them.",
    "customer_reached": "Somebody has to stand before them first, or have them on the line.",
    "amends_given": "Give something first, or decide with a reason that nothing is due.",
    "amends_redeemed": "They have not used what we gave them yet.",
    "visit_seen": "They have not been with us again yet.",
    "reply_received": "They have not written back yet.",
    CHECKED: "Say first what was counted, seen or photographed.",
}
NAMES: Final = [
    fact.name
    for fact in (
        AmendsGiven, CouponRedeemed, CustomerReached, CallLogged, CorrectionConfirmed,
        CustomerCalled, StepDone, VisitBegan, LetterSent, LetterFailed, ReplyReceived,
    )
]  # fmt: skip
