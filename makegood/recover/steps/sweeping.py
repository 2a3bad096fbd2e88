"""Looks at the steps and call-backs whose time has come. One hand each, once each.

What a batch of steps says in its own rows and in the chronicle is written for all of them at once;
then the hands do what lies outside: ring a person, write to the customer.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from makegood.ground import chronicle, rows
from makegood.ground.models import Entry
from makegood.page.models import Page
from makegood.recover.belonging import answering_for
from makegood.recover.facts import CallbackDue, StepFellDue, StepOverdue
from makegood.recover.models import Callback, Case, Step
from makegood.recover.steps.asking import ask_for_confirmation, ask_how_we_did
from makegood.recover.steps.budgeting import put_off_writing
from makegood.recover.steps.omitting import leave_out
from makegood.recover.steps.pausing import left_in_peace
from makegood.recover.steps.planning import plan_of
from makegood.recover.steps.reminding import Due, remind
from makegood.recover.summoning import ring_colleagues
from makegood.recover.versions.publishing import policy_of
from makegood.words.access import on_their_way

Hand = Callable[[Sequence[Due], datetime], None]

PUT_OFF = timedelta(minutes=10)
REMIND = "remind"
HANDS: Mapping[str, Hand] = {
    "ask": ask_how_we_did,
    "prove": ask_for_confirmation,
    REMIND: remind,
}
MOVED = ("reminders", "asked_at", "look_at")


def claim_steps(now: datetime, limit: int) -> Sequence[Step]:
    """Steps to look at, locked; those in other hands are passed over."""
    steps = Step.objects.to_look_at(now).select_related(
        "case__site", "case__customer", "case__owner"
    )
    return list(steps.select_for_update(skip_locked=True, of=("self",)).order_by("look_at")[:limit])


def look_at_steps(steps: Sequence[Step], now: datetime, hands: Mapping[str, Hand] = HANDS) -> None:
    """Moves each step on, tells that its time has come, and lets the hands act.

    What is left in peace for a while is passed over, and what the house may not write yet; what the
    policy leaves out for the case as it is by now, ends. Nobody is reminded of a letter that is
    signed and only waits for the customer to wake up.
    """
    quiet = left_in_peace(steps, now)
    quiet |= leave_out([step for step in steps if step.pk not in quiet], now)
    quiet |= put_off_writing([step for step in steps if step.pk not in quiet and _asks(step)], now)
    steps = [step for step in steps if step.pk not in quiet]
    letters = {(about, f"{kind}_sent") for about, kind in on_their_way(_cases_of(steps))}
    due: list[Step] = []
    for step in steps:
        if not step.is_overdue(now) and (step.case_id, step.awaits) in letters:
            step.look_at = step.due_at
        else:
            due.append(step)
    named = [_hand_for(step) for step in due]
    facts = [_move_on(step, name, now) for step, name in zip(due, named, strict=True)]
    rows.save_all(Step, steps, MOVED)
    told = list(map(Due, due, _tell(due, facts, now)))
    for name, hand in hands.items():
        theirs = [one for one, its in zip(told, named, strict=True) if its == name]
        if theirs:
            hand(theirs, now)


def put_off_step(step: Step, error: Exception, now: datetime) -> None:
    """A step that cannot be looked at waits, so that it never blocks the others."""
    Step.objects.filter(pk=step.pk).update(look_at=now + PUT_OFF)


def next_step_due(now: datetime) -> datetime | None:
    """When the next step wants to be looked at."""
    waiting = Step.objects.looked_after().order_by("look_at")
    return waiting.values_list("look_at", flat=True).first()


def claim_callbacks(now: datetime, limit: int) -> Sequence[Callback]:
    """Call-backs whose time has come, locked."""
    due = Callback.objects.filter(look_at__lte=now).select_related("case__site", "case__customer")
    return list(due.select_for_update(skip_locked=True, of=("self",)).order_by("look_at")[:limit])


def ring_callbacks(callbacks: Sequence[Callback], now: datetime) -> None:
    """Rings somebody to call the customer now."""
    for callback in callbacks:
        case = _answering(callback.case)
        callback.look_at, callback.rung_at = None, now
        callback.save(update_fields=["look_at", "rung_at"])
        entry = chronicle.record(
            CallbackDue(),
            organisation_id=case.organisation_id,
            at=now,
            by=chronicle.SYSTEM,
            about=case.pk,
        )
        ring_colleagues(
            case,
            about=case.pk,
            purpose=Page.Purpose.CALL,
            ladder="call",
            what=f"Asked to be called now: {callback.phone or 'number not given'}",
            caused_by=entry.pk,
            now=now,
        )


def put_off_callback(callback: Callback, error: Exception, now: datetime) -> None:
    """A call-back that cannot be rung waits a little; its wanted time stays."""
    Callback.objects.filter(pk=callback.pk).update(look_at=now + PUT_OFF)


def next_callback_due(now: datetime) -> datetime | None:
    """When the next customer wants to be called."""
    waiting = Callback.objects.filter(look_at__isnull=False).order_by("look_at")
    return waiting.values_list("look_at", flat=True).first()


def _answering(case: Case) -> Case:
    """The case that answers for this one by now: they may have been joined since."""
    pk = answering_for(case.pk)
    cases = Case.objects.select_related("site", "customer")
    return case if pk == case.pk else cases.get(pk=pk)


def _cases_of(steps: Sequence[Step]) -> set[UUID]:
    return {step.case_id for step in steps}


def _asks(step: Step) -> bool:
    """Whether the house is about to ask the customer something by itself."""
    automatic = plan_of(step).automatic
    return automatic and step.asked_at is None and step.kind in HANDS


def _hand_for(step: Step) -> str:
    return step.kind if _asks(step) else REMIND


def _move_on(step: Step, hand: str, now: datetime) -> StepFellDue | StepOverdue:
    """When the house looks at it next, and the fact that tells why it did now. Not saved yet."""
    policy = policy_of(step.case.policy_id)
    again_every = policy.reminders.again_every
    if hand != REMIND:
        step.asked_at = now
        step.look_at = now + (policy.wait_for_customer if hand == "prove" else again_every)
        return StepFellDue(step=step.kind, reminder=step.reminders + 1)
    overdue = step.is_overdue(now)
    step.reminders += 1
    step.look_at = now + again_every if overdue else step.due_at
    return (StepOverdue if overdue else StepFellDue)(step=step.kind, reminder=step.reminders)


def _tell(
    steps: Sequence[Step], facts: Sequence[StepFellDue | StepOverdue], now: datetime
) -> list[Entry]:
    return chronicle.record_all(
        chronicle.Telling(
            fact=fact,
            organisation_id=step.organisation_id,
            at=now,
            by=chronicle.SYSTEM,
            about=step.case_id,
        )
        for step, fact in zip(steps, facts, strict=True)
    )
