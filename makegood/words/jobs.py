"""Waiting rows of this room: letters that are to leave.

The intention (`SENDING`, with a lease) is committed before the mail server is called, its answer
after. Who dies in between leaves a lease that runs out; the letter is then sent again under the
same Message-ID.
"""

from datetime import datetime, timedelta

from makegood.ground import chronicle
from makegood.ground.delivering import Delivery
from makegood.words.facts import LetterFailed, LetterSent
from makegood.words.models import Letter
from makegood.words.posting import NotTaken, Outcome, hand_over

LEASE = timedelta(minutes=5)
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240)]
LONGEST_PAUSE = timedelta(hours=6)
GIVE_UP_AFTER = timedelta(days=3)
LONGEST_ERROR = 300


def pause_after(tries: int) -> timedelta:
    """How long to wait after so many tries: a minute at first, six hours in the end."""
    return PAUSES[tries - 1] if 0 < tries <= len(PAUSES) else LONGEST_PAUSE


def _claim(now: datetime) -> Letter | None:
    waiting = Letter.objects.to_be_sent().filter(try_after__lte=now).order_by("try_after")
    letter = (
        waiting.select_for_update(skip_locked=True, of=("self",), no_key=True)
        .select_related("customer", "sender__organisation", "sender__site")
        .first()
    )
    if letter is None:
        return None
    letter.state = Letter.State.SENDING
    letter.tries += 1
    letter.try_after = now + max(LEASE, pause_after(letter.tries))
    letter.save(update_fields=["state", "tries", "try_after"])
    return letter


def _settle(letter: Letter, outcome: Outcome, now: datetime) -> None:
    current = _still_ours(letter)
    if current is None:
        return
    if isinstance(outcome, NotTaken):
        _not_taken(current, outcome, now)
        return
    current.state, current.sent_at, current.error = Letter.State.SENT, outcome.at, ""
    current.try_after = None
    current.save(update_fields=["state", "sent_at", "error", "try_after"])
    fact = LetterSent(matter=current.about, kind=current.kind, staff_id=current.sender_id)
    _tell(fact, current, at=outcome.at)


def _not_taken(letter: Letter, outcome: NotTaken, now: datetime) -> None:
    letter.error = outcome.why[:LONGEST_ERROR]
    again_at = now + pause_after(letter.tries)
    given_up = again_at > (letter.send_at or letter.drafted_at) + GIVE_UP_AFTER
    for_good = (outcome.for_good or given_up) and not letter.sent_at
    letter.state = Letter.State.FAILED if for_good else Letter.State.WAITING
    letter.try_after = None if for_good else again_at
    letter.save(update_fields=["state", "error", "try_after"])
    if for_good:
        fact = LetterFailed(
            matter=letter.about,
            kind=letter.kind,
            staff_id=letter.sender_id,
            reason=letter.error,
        )
        _tell(fact, letter, at=now)


def _failed(letter: Letter, error: Exception, now: datetime) -> None:
    current = _still_ours(letter)
    if current:
        _not_taken(current, NotTaken(f"Our fault: {error!r}", for_good=False), now)


def _still_ours(letter: Letter) -> Letter | None:
    """The row as it is now, locked; None when the lease ran out and somebody else settled it."""
    return (
        Letter.objects.select_for_update(no_key=True)
        .filter(pk=letter.pk, state=Letter.State.SENDING, tries=letter.tries)
        .first()
    )


def _tell(fact: LetterSent | LetterFailed, letter: Letter, *, at: datetime) -> None:
    chronicle.record(
        fact,
        organisation_id=letter.organisation_id,
        at=at,
        by=chronicle.SYSTEM,
        about=letter.pk,
    )


def _next_due(now: datetime) -> datetime | None:
    waiting = Letter.objects.to_be_sent().order_by("try_after")
    return waiting.values_list("try_after", flat=True).first()


LETTERS = Delivery(
    name="words.letters",
    claim=_claim,
    deliver=hand_over,
    settle=_settle,
    failed=_failed,
    next_due=_next_due,
)
