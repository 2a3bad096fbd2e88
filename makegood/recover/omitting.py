"""Leaves out steps, when their time comes, that the policy does not want for the case as it is."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from makegood.recover.models import Step
from makegood.recover.planning import plan_of
from makegood.recover.policy.deciding import skip_reason
from makegood.recover.standing import standing_situation
from makegood.recover.stepping import end_skipped


def leave_out(steps: Sequence[Step], now: datetime) -> set[UUID]:
    """Ends those of `steps`, which are claimed, that are left out by now; returns their ids.

    Asked when a step is looked at for the first time: whoever was reminded of it, or asked, has it.
    """
    left_out = set()
    for step in steps:
        plan = plan_of(step)
        if plan.skip_when is None or step.asked_at or step.reminders:
            continue
        reason = skip_reason(plan, standing_situation(step.case, now))
        if reason:
            end_skipped(step, reason=reason, now=now)
            left_out.add(step.pk)
    return left_out
