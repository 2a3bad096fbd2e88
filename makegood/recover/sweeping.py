"""Looks at the steps and call-backs whose time has come. One hand each, once each."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from makegood.ground import chronicle
from makegood.ground.models import Entry
from makegood.page.models import Page
from makegood.recover import wording
from makegood.recover.asking import ask_for_confirmation, ask_how_we_did
from makegood.recover.facts import CallbackDue, StepFellDue, StepOverdue
from makegood.recover.models import Callback, Step
from makegood.recover.publishing import policy_of
from makegood.recover.stepping import silence
from makegood.recover.summoning import ring_colleagues
from makegood.words.access import letters_about
from makegood.words.models import Letter

PUT_OFF = timedelta(minutes=10)
AUTOMATIC: dict[str, Callable[..., None]] = {"ask": ask_how_we_did, "prove": ask_for_confirmation}


def claim_steps(now: datetime, limit: int) -> Sequence[Step]:
    """Steps to look at, locked; those in other hands are passed over."""
    steps = Step.objects.to_look_at(now).select_related(
        "case__site", "case__customer", "case__owner"
    )
    return list(steps.select_for_update(skip_locked=True, of=("self",)).order_by("look_at")[:limit])


def look_at_steps(steps: Sequence[Step], now: datetime) -> None:
    """Does the automatic ones; reminds people of theirs."""
    for step in steps:
        automatic = policy_of(step.case.policy_id).steps[step.kind].automatic
        if automatic and step.asked_at is None and step.kind in AUTOMATIC:
            AUTOMATIC[step.kind](step, now=now)
        else:
            remind(step, now=now)


def remind(step: Step, *, now: datetime) -> None:
    """Rings who promised, and a senior once that was done often enough.

    Nobody is reminded of a letter that is signed and only waits for the customer to wake up.
    """
    policy = policy_of(step.case.policy_id)
    overdue = step.due_at is not None and step.due_at <= now
    if not overdue and _is_on_its_way(step):
        step.look_at = step.due_at
        step.save(update_fields=["look_at"])
        return
    step.reminders += 1
    step.look_at = now + policy.reminders.again_every if overdue else step.due_at
    step.save(update_fields=["reminders", "look_at"])
    entry = _record_reminder(step, overdue, now)
    silence(step, now=now)
    senior = step.reminders >= policy.reminders.senior_from
    ring_colleagues(
        step.case,
        about=step.pk,
        purpose=Page.Purpose.REMIND,
        ladder="overdue" if senior else "remind",
        who_promised=policy.steps[step.kind].who,
        what=_reminder_words(step, now),
        caused_by=entry.pk,
        now=now,
    )


def put_off_step(step: Step, error: Exception, now: datetime) -> None:
    """A step that cannot be looked at waits, so that it never blocks the others."""
    Step.objects.filter(pk=step.pk).update(look_at=now + PUT_OFF)


def next_step_due(now: datetime) -> datetime | None:
    """When the next step wants to be looked at."""
    waiting = Step.objects.waiting().filter(look_at__isnull=False).order_by("look_at")
    return waiting.values_list("look_at", flat=True).first()


def claim_callbacks(now: datetime, limit: int) -> Sequence[Callback]:
    """Call-backs whose time has come, locked."""
    due = Callback.objects.filter(look_at__lte=now).select_related("case__site", "case__customer")
    return list(due.select_for_update(skip_locked=True, of=("self",)).order_by("look_at")[:limit])


def ring_callbacks(callbacks: Sequence[Callback], now: datetime) -> None:
    """Rings somebody to call the customer now."""
    for callback in callbacks:
        case = callback.case
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


def _is_on_its_way(step: Step) -> bool:
    waiting = (Letter.State.WAITING, Letter.State.SENDING)
    return any(
        letter.state in waiting and step.awaits == f"{letter.kind}_sent"
        for letter in letters_about(step.case_id)
    )


def _record_reminder(step: Step, overdue: bool, now: datetime) -> Entry:
    kind = StepOverdue if overdue else StepFellDue
    return chronicle.record(
        kind(step=step.kind, reminder=step.reminders),
        organisation_id=step.organisation_id,
        at=now,
        by=chronicle.SYSTEM,
        about=step.case_id,
    )


def _reminder_words(step: Step, now: datetime) -> str:
    zone = ZoneInfo(step.case.site.timezone)
    plan = policy_of(step.case.policy_id).steps[step.kind]
    if step.asked_at and step.kind == "prove":
        return f"{plan.title}: no answer yet. Call, or close the case honestly."
    if step.asked_at:
        return f"{plan.title}: the question has not left. Ask in person."
    if step.due_at is None:
        return plan.title
    due = wording.when(step.due_at.astimezone(zone), now.astimezone(zone))
    late = step.due_at <= now
    return f"{plan.title}: promised for {due}, not done yet" if late else f"{plan.title} by {due}"
