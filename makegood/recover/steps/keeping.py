"""Keeps how a case stood before it was joined with another, to put it back exactly."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from makegood.recover.holding import hold_steps
from makegood.recover.models import Case, Closure, Pause, Step
from makegood.recover.steps.pausing import standing_pauses
from makegood.recover.versions.publishing import policy_of


@dataclass(frozen=True)
class Kept:
    """When each waiting step would have been looked at, and which pauses stood."""

    looks: Mapping[str, str | None]
    pauses: list[str]

    @classmethod
    def of(cls, before: Mapping[str, Any]) -> "Kept":
        """As it was kept."""
        return cls(before["looks"], before["pauses"])

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {"looks": dict(self.looks), "pauses": self.pauses}


def keep(case: Case) -> Kept:
    """How the held case waits."""
    looks = {
        str(step.pk): step.look_at.isoformat() if step.look_at else None
        for step in hold_steps(case.pk)
    }
    return Kept(looks, [str(pause.pk) for pause in standing_pauses(case)])


def put_back(kept: Kept, closure: Closure, *, now: datetime) -> None:
    """What the closing let go waits again as it did: same day, same reminder, same pause."""
    for step in closure.skipped_steps.select_for_update(of=("self",)).select_related("case"):
        step.state, step.note, step.evidence = Step.State.WAITING, "", []
        step.ended_at = step.ended_by = step.skipped_by = None
        step.look_at = _look_at(step, kept, now)
        step.save()
    Pause.objects.filter(pk__in=kept.pauses).update(ended_at=None, ended_by="")


def _look_at(step: Step, kept: Kept, now: datetime) -> datetime | None:
    """As it was kept; what was done then, and is not by now, is looked at by the policy."""
    if str(step.pk) in kept.looks:
        look = kept.looks[str(step.pk)]
        return datetime.fromisoformat(look) if look else None
    policy = policy_of(step.case.policy_id)
    return policy.look_at(step.kind, step.due_at, now) if step.due_at else None


def put_back_fields(case: Case, before: Mapping[str, Any], wrote: Mapping[str, Any]) -> None:
    """What nobody changed since is as it was before. Not saved."""
    for name, kept in before.items():
        if getattr(case, name) == as_it_was(case, name, wrote[name]):
            setattr(case, name, as_it_was(case, name, kept))


def as_json(values: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a row, by the names of their columns, as they are kept."""
    return {
        name: value.isoformat() if isinstance(value, datetime)
        else str(value) if isinstance(value, UUID) else value
        for name, value in values.items()
    }  # fmt: skip


def as_it_was(row: Case | Step, name: str, kept: Any) -> Any:
    """What was kept of one field of a row, as the row would hold it."""
    columns = {column.attname: column for column in row._meta.concrete_fields}
    return columns[name].to_python(kept)
