"""Reminds people of what was promised, once it is due or late."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from makegood.ground.models import Entry
from makegood.page.models import Page
from makegood.page.rungs.ringing import Summons, ring_once_more_all
from makegood.recover import wording
from makegood.recover.knowing import names_of_guests
from makegood.recover.models import Step
from makegood.recover.noticing.breaking import is_broken, note_broken_promise
from makegood.recover.steps.planning import plan_of
from makegood.recover.summoning import for_colleagues
from makegood.recover.versions.publishing import policy_of

RINGS_BY_ITSELF_AFTER = timedelta(hours=1)  # had the next reminder not come


class Due(NamedTuple):
    """A step whose time has come, and the fact that tells so."""

    step: Step
    entry: Entry


def remind(due: Sequence[Due], now: datetime) -> None:
    """Rings who promised, and a senior once that was done often enough.

    A step has one page, which rings anew with every reminder and rests in between. A promise to the
    customer that is late for so long is broken, which their case hears of.
    """
    names = names_of_guests({step.case_id: step.case for step, _ in due}.values())
    ring_once_more_all([_summons(one, names[one.step.case_id], now) for one in due], now=now)
    for step, entry in due:
        if is_broken(step, now):
            note_broken_promise(step, caused_by=entry.pk, now=now)


def _summons(due: Due, name: str, now: datetime) -> Summons:
    step = due.step
    policy = policy_of(step.case.policy_id)
    senior = step.reminders >= policy.reminders.senior_from
    return for_colleagues(
        step.case,
        about=step.pk,
        purpose=Page.Purpose.REMIND,
        ladder="overdue" if senior else "remind",
        who_promised=plan_of(step).who,
        what=_words(step, now),
        rests_for=policy.reminders.again_every + RINGS_BY_ITSELF_AFTER,
        caused_by=due.entry.pk,
        name=name,
        now=now,
    )


def _words(step: Step, now: datetime) -> str:
    zone = ZoneInfo(step.case.site.timezone)
    plan = plan_of(step)
    if step.asked_at and step.kind == "prove":
        return f"{plan.title}: no answer yet. Call, or close the case honestly."
    if step.asked_at:
        return f"{plan.title}: the question has not left. Ask in person."
    if step.due_at is None:
        return plan.title
    due = wording.when(step.due_at.astimezone(zone), now.astimezone(zone))
    late = step.is_overdue(now)
    return f"{plan.title}: promised for {due}, not done yet" if late else f"{plan.title} by {due}"
