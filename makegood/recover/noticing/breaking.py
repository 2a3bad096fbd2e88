"""A promise that stays undone after its second reminder is broken: a failure of its own."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from makegood.recover import wording
from makegood.recover.facts import StepOverdue
from makegood.recover.models import Case, Step
from makegood.recover.versions.publishing import policy_of
from makegood.sense.models import Signal
from makegood.sense.noticing import Failure, note_failure
from makegood.words.access import letters_about
from makegood.words.models import Letter

TOLD_US = (Signal.Kind.PRESS, Signal.Kind.RATING, Signal.Kind.COMPLAINT)
PROMISES_STAND_IN = (Letter.Kind.APOLOGY, Letter.Kind.NEWS)


def is_broken(step: Step, now: datetime) -> bool:
    """Whether people were reminded that it is late, and were again, and it is not done.

    Only what the customer was promised counts, and only what a person does.
    """
    policy = policy_of(step.case.policy_id)
    plan = policy.plan(step.kind, step.case.reaction)
    if step.due_at is None or plan.automatic or not plan.promise:
        return False
    return now >= step.due_at + policy.reminders.again_every


def note_broken_promise(step: Step, *, caused_by: UUID, now: datetime) -> Signal | None:
    """Says of the customer's case that we broke our word; once per step.

    Nothing where nobody told us who the customer is: such a signal would find no case. Nor where
    they do not know of our promises: what nobody was told is late, and not broken.
    """
    case = step.case
    if case.customer is None or step.due_at is None or not _were_told(case):
        return None
    zone = ZoneInfo(case.site.timezone)
    title = policy_of(case.policy_id).plan(step.kind, case.reaction).title
    due = step.due_at.astimezone(zone)
    day = wording.day(due.date(), now.astimezone(zone).date())
    return note_failure(
        failure=Failure(
            kind=Signal.Kind.PROMISE,
            fact=StepOverdue.name,
            matter=step.pk,
            site=case.site,
            customer=case.customer,
            place=case.place,
            words=f"{title}, promised for {day}, {wording.clock(due)}.",
            caused_by=caused_by,
        ),
        now=now,
    )


def _were_told(case: Case) -> bool:
    """Whether the customer told us and was answered, or has had a letter with our promises."""
    spoke = Signal.objects.filter(case_signal__case=case, kind__in=TOLD_US).exists()
    return spoke or any(
        letter.sent_at and letter.kind in PROMISES_STAND_IN for letter in letters_about(case.pk)
    )
