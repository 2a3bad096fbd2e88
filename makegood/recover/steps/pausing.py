"""Leaves a case or a step in peace for a while: put off, or while we wait for the customer.

A pause keeps in `looks` when each step would have been looked at. Its end restores that, and, where
we waited for the customer, moves the promises on by the whole days the clock stood still.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from makegood.ground import chronicle
from makegood.ground.chronicle import Fact
from makegood.ground.refusals import Invalid, Refused
from makegood.ground.rows import save_all
from makegood.people.models import Staff
from makegood.recover import telling
from makegood.recover.facts import Snoozed, SnoozeEnded, WaitBegan, WaitEnded
from makegood.recover.holding import hold_open, hold_steps
from makegood.recover.models import Case, Pause, Step
from makegood.recover.policy.timing import postponed
from makegood.recover.steps.stepping import checked_words, silence, waiting_step
from makegood.recover.versions.publishing import policy_of

LONGEST_SNOOZE = timedelta(days=90)
A_MOMENT = timedelta(minutes=1)
BRIEF = timedelta(hours=1)  # a wait this short moves no promise: it is undone without a trace


def snooze_step(
    *, case: Case, kind: str, until: datetime, reason: str, by: Staff, now: datetime
) -> Pause:
    """Puts one step off: nobody is reminded until then. Its promise does not move.

    Refuses no reason, a moment that is past or too far off, and a step that has ended.
    """
    said = _reason(reason)
    _check_moment(until, now)
    with transaction.atomic():
        hold_open(case)
        step = waiting_step(case, kind)
        pause = begin(case, Pause.Kind.SNOOZE, [step], step=step, until=until, reason=said, by=by,
                      now=now)  # fmt: skip
        _record(pause, Snoozed(step=kind, until=until, reason=said), _actor(by), now)
    return pause


def snooze_case(*, case: Case, until: datetime, reason: str, by: Staff, now: datetime) -> Pause:
    """Puts the whole case off, as `snooze_step` does one step; refuses while we wait anyway."""
    said = _reason(reason)
    _check_moment(until, now)
    with transaction.atomic():
        hold_open(case)
        if standing_wait(case):
            raise Refused("We wait for the customer already; nobody is reminded.", code="waits")
        pause = begin(case, Pause.Kind.SNOOZE, hold_steps(case.pk), until=until, reason=said, by=by,
                      now=now)  # fmt: skip
        _record(pause, Snoozed(step="", until=until, reason=said), _actor(by), now)
    return pause


def wake(*, pause: Pause, by: Staff, now: datetime) -> None:
    """Ends a snooze by hand, as if it had never been; ending it twice is once."""
    with transaction.atomic():
        hold_steps(pause.case_id)
        standing = Pause.objects.standing().filter(pk=pause.pk).first()
        if standing:
            end(standing, by=_actor(by), now=now)


def wait_for_customer(
    *, case: Case, reason: str, by: Staff | None, now: datetime, until: datetime | None = None
) -> Pause:
    """Stops the clock of our promises until the customer says something.

    At the latest it ends after what the policy allows. `by` None: the house, which asked them.
    Refuses a closed case, no reason, and a case that waits already.
    """
    said = _reason(reason)
    with transaction.atomic():
        hold_open(case)
        if standing_wait(case):
            raise Refused("We wait for the customer already.", code="waits")
        latest = now + policy_of(case.policy_id).waiting.for_customer_at_most
        ends_at = min(until or latest, latest)
        _check_moment(ends_at, now)
        pause = begin(case, Pause.Kind.CUSTOMER, hold_steps(case.pk), until=ends_at, reason=said,
                      by=by, now=now)  # fmt: skip
        _record(pause, WaitBegan(until=ends_at, reason=said), _actor(by), now)
    return pause


def go_on(*, case: Case, by: Staff, now: datetime) -> None:
    """Ends the waiting by hand; within its first hour nothing has moved. Refuses if none stands."""
    with transaction.atomic():
        hold_open(case)
        pause = standing_wait(case)
        if not pause:
            raise Refused("We do not wait for the customer.", code="waits_not")
        end(pause, by=_actor(by), now=now)
        if now - pause.began_at < BRIEF:
            begin_again(case, ended_at=pause.began_at, now=now, besides=pause)


def standing_wait(case: Case) -> Pause | None:
    """The wait for the customer that stands, if one does."""
    return Pause.objects.standing().filter(case=case, kind=Pause.Kind.CUSTOMER).first()


def standing_pauses(case: Case) -> list[Pause]:
    """All that is left in peace in a case, the case itself first."""
    standing = Pause.objects.standing().filter(case=case).select_related("step", "began_by")
    return sorted(standing, key=lambda pause: (pause.step_id is not None, pause.pk))


def begin(
    case: Case, kind: Pause.Kind, steps: Sequence[Step], *, until: datetime, reason: str,
    by: Staff | None, now: datetime, step: Step | None = None,
) -> Pause:  # fmt: skip
    """Writes a pause over held `steps`; the one that stood before it ends. Records no fact."""
    former = Pause.objects.standing().filter(case=case, step=step).first()
    if former:
        close(former, by=_actor(by), now=now)
        steps = hold_steps(case.pk, pk__in=[one.pk for one in steps])
    pause = Pause.objects.create(
        organisation_id=case.organisation_id,
        case=case,
        step=step,
        kind=kind,
        reason=reason,
        began_at=now,
        began_by=by,
        until=until,
    )
    for one in steps:
        silence(one, now=now)
        if one.look_at:
            pause.looks[str(one.pk)] = one.look_at.isoformat()
            one.look_at = max(one.look_at, until)
    pause.save(update_fields=["looks"])
    save_all(Step, steps, ["look_at"])
    return pause


def end(pause: Pause, *, by: str, now: datetime) -> None:
    """Ends a standing pause of a held case, and tells so."""
    days = close(pause, by=by, now=now)
    kind = pause.step.kind if pause.step else ""
    fact = WaitEnded(days=days) if pause.kind == Pause.Kind.CUSTOMER else SnoozeEnded(step=kind)
    _record(pause, fact, by, now)


def close(pause: Pause, *, by: str, now: datetime, move: bool = True) -> int:
    """Ends a standing pause of a held case; says by how many days its promises moved on.

    Records no fact. `move` False: they stay where they are, for a case that ends with it.
    """
    pause.ended_at, pause.ended_by = now, by
    pause.save(update_fields=["ended_at", "ended_by"])
    which = {"pk": pause.step_id} if pause.step_id else {}
    steps = hold_steps(pause.case_id, **which)
    others = list(Pause.objects.standing().filter(case=pause.case_id))
    stood_still = now - pause.began_at
    moves = move and pause.kind == Pause.Kind.CUSTOMER and stood_still >= BRIEF
    zone = ZoneInfo(steps[0].case.site.timezone) if steps else None
    for step in steps:
        other = next((one for one in others if one.step_id in (None, step.pk)), None)
        _release(pause, step, other)
        if moves and zone and str(step.pk) in pause.looks and not step.asked_at:
            _move_on(step, other, stood_still, zone)
    save_all(Step, steps, ["due_at", "look_at"])
    for one in others:
        one.save(update_fields=["looks"])
    return -(-stood_still // timedelta(days=1)) if moves else 0


def begin_again(
    case: Case, *, ended_at: datetime, now: datetime, besides: Pause | None = None
) -> None:
    """What was left in peace in a held case until `ended_at`, and gave way to what is undone now,
    is so again, as long as it was to be. Records no fact."""
    gone = Pause.objects.filter(case=case, ended_at=ended_at, until__gt=now)
    gone = gone.exclude(kind=Pause.Kind.QUIET).exclude(pk=besides.pk if besides else None)
    for pause in gone.select_related("began_by").order_by("pk"):
        steps = hold_steps(case.pk, **({"pk": pause.step_id} if pause.step_id else {}))
        if steps:
            begin(case, Pause.Kind(pause.kind), steps, until=pause.until, reason=pause.reason,
                  by=pause.began_by, now=now, step=steps[0] if pause.step_id else None)  # fmt: skip


def close_all(case: Case, *, by: str, now: datetime, move: bool = True) -> list[Pause]:
    """Ends every pause of a held case that ends, the waiting as usual. Records no fact."""
    standing = standing_pauses(case)
    for pause in standing:
        close(pause, by=by, now=now, move=move)
    return standing


def look_next(step: Step, at: datetime) -> None:
    """Says when a held step is to be looked at next; not before a pause over it ends. Not saved."""
    step.look_at = at
    standing = Pause.objects.standing().filter(case=step.case_id)
    for pause in standing:
        if pause.step_id in (None, step.pk):
            pause.looks[str(step.pk)] = at.isoformat()
            pause.save(update_fields=["looks"])
            step.look_at = max(step.look_at, pause.until)


def left_in_peace(steps: Sequence[Step], now: datetime) -> set[UUID]:
    """Which of some claimed steps a pause covers; they are looked at when it ends.

    A step that got its day while its case stood still does not know of the pause yet.
    """
    covered = {}
    standing = Pause.objects.standing().filter(case__in={step.case_id for step in steps})
    for pause in standing:
        for step in steps:
            if pause.case_id == step.case_id and pause.step_id in (None, step.pk):
                pause.looks.setdefault(str(step.pk), (step.look_at or now).isoformat())
                step.look_at = max(pause.until, now) + A_MOMENT
                covered[step.pk] = step
        pause.save(update_fields=["looks"])
    save_all(Step, list(covered.values()), ["look_at"])
    return set(covered)


def _release(pause: Pause, step: Step, other: Pause | None) -> None:
    """When the step would be looked at without `pause`; another pause over it still counts."""
    key = str(step.pk)
    mine = pause.looks.get(key)
    theirs = other.looks.get(key) if other and other.pk < pause.pk else None
    kept = theirs or mine
    if kept:
        step.look_at = datetime.fromisoformat(kept)
    if other and step.look_at:
        other.looks[key] = step.look_at.isoformat()
        step.look_at = max(step.look_at, other.until)


def _move_on(step: Step, other: Pause | None, stood_still: timedelta, zone: ZoneInfo) -> None:
    key = str(step.pk)
    if step.due_at:
        step.due_at = postponed(step.due_at, stood_still=stood_still, zone=zone)
    if other and key in other.looks:
        look = datetime.fromisoformat(other.looks[key])
        moved = postponed(look, stood_still=stood_still, zone=zone)
        other.looks[key] = moved.isoformat()
        step.look_at = max(moved, other.until)
    elif step.look_at:
        step.look_at = postponed(step.look_at, stood_still=stood_still, zone=zone)


def _reason(reason: str) -> str:
    return checked_words(reason, field="reason", remedy="Say in a few words why.")


def _check_moment(until: datetime, now: datetime) -> None:
    if until <= now:
        raise Invalid("Please choose a time from now on.", field="until")
    if until > now + LONGEST_SNOOZE:
        raise Invalid(f"Please choose a time within {LONGEST_SNOOZE.days} days.", field="until")


def _actor(by: Staff | None) -> str:
    return chronicle.staff_actor(by.pk) if by else chronicle.SYSTEM


def _record(pause: Pause, fact: Fact, by: str, now: datetime) -> None:
    entry = chronicle.record(
        fact, organisation_id=pause.organisation_id, at=now, by=by, about=pause.case_id
    )
    telling.tell(pause.case, what=entry.name, at=now)
