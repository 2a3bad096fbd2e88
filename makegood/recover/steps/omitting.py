"""Leaves out steps, when their time comes, that the policy does not want for the case as it is."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from makegood.recover.models import Step
from makegood.recover.policy.deciding import skip_reason
from makegood.recover.steps.planning import plan_of
from makegood.recover.steps.standing import standing_situations
from makegood.recover.steps.stepping import end_skipped


def leave_out(steps: Sequence[Step], now: datetime) -> set[UUID]:
    """Ends those of `steps`, which are claimed, that are left out by now; returns their ids.

    Asked when a step is looked at for the first time: whoever was reminded of it, or asked, has it.
    """
    asked = [step for step in steps if plan_of(step).skip_when and _is_fresh(step)]
    standing = standing_situations({step.case_id: step.case for step in asked}.values(), now)
    left_out = set()
    for step in asked:
        reason = skip_reason(plan_of(step), standing[step.case_id])
        if reason:
            end_skipped(step, reason=reason, now=now)
            left_out.add(step.pk)
    return left_out


def _is_fresh(step: Step) -> bool:
    return not step.asked_at and not step.reminders
