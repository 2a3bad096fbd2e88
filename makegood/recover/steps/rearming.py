"""Promises again what nothing shows any more."""

from datetime import datetime
from uuid import UUID

from makegood.ground import chronicle
from makegood.recover.facts import StepRearmed, StepSkipped
from makegood.recover.models import Step
from makegood.recover.versions.publishing import policy_of


def promise_again(step: Step, *, reason: str, now: datetime, caused_by: UUID) -> None:
    """A held step that was done waits again; where its case is over, from when that is opened
    again: until then it counts as left out with the rest, for this reason. Not saved."""
    step.evidence, step.ended_by = [], None
    step.skipped_by = step.case.standing_closure
    if step.skipped_by:
        step.state, step.note, step.ended_at = Step.State.SKIPPED, f"{reason}.", now
        fact: StepSkipped | StepRearmed = StepSkipped(step=step.kind, reason=reason)
    else:
        step.state, step.note, step.ended_at = Step.State.WAITING, "", None
        fact = StepRearmed(step=step.kind, reason=reason)
        if step.due_at:
            step.look_at = policy_of(step.case.policy_id).look_at(step.kind, step.due_at, now)
    chronicle.record(
        fact,
        organisation_id=step.organisation_id,
        at=now,
        by=chronicle.SYSTEM,
        about=step.case_id,
        caused_by=caused_by,
    )
