"""What a customer has already of a case that is joined with theirs is not promised once more."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from makegood.recover.holding import hold_steps
from makegood.recover.models import Case, Step
from makegood.recover.steps.keeping import as_it_was, as_json
from makegood.recover.steps.needing import all_shown
from makegood.recover.steps.rearming import promise_again
from makegood.recover.steps.stepping import end_done

FIELDS: Final = (
    "state", "evidence", "note", "ended_at", "ended_by_id", "due_at", "look_at", "asked_at",
)  # fmt: skip
Values = Mapping[str, Any]


def share(
    survivor: Case, absorbed: Case, *, now: datetime, caused_by: UUID
) -> Sequence[Mapping[str, Any]]:
    """Ends what waits at the held `survivor` for a fact that the other one has seen: a gift, a
    letter. Says what that changed."""
    seen = {step.kind: step for step in _done(absorbed)}
    before = _as_they_are(survivor)
    for step in hold_steps(survivor.pk):
        other = seen.get(step.kind)
        if other and other.awaits == step.awaits and all_shown(step):
            end_done(
                step, evidence=[UUID(fact_id) for fact_id in other.evidence], note=other.note,
                now=now, by=other.ended_by, caused_by=caused_by, kept_at=other.kept_at,
            )  # fmt: skip
    after = _as_they_are(survivor)
    return [
        {"step": step, "before": before[step], "after": after[step]}
        for step in after
        if after[step] != before[step]
    ]


def unshare(
    shared: Iterable[Mapping[str, Any]], survivor: Case, *, reason: str, now: datetime,
    caused_by: UUID,
) -> None:  # fmt: skip
    """Puts back what the sharing changed, except where something else changed it since; what the
    survivor has shown besides stands by itself."""
    steps = {str(step.pk): step for step in _held(survivor)}
    for one in shared:
        step, before, after = steps[one["step"]], one["before"], one["after"]
        own = [fact_id for fact_id in step.evidence if fact_id not in after["evidence"]]
        if _values(step) == after:
            if after["state"] != before["state"]:
                promise_again(step, reason=reason, now=now, caused_by=caused_by)
            if step.state == before["state"]:
                for name, kept in before.items():
                    setattr(step, name, as_it_was(step, name, kept))
        elif step.state == Step.State.DONE and own:
            step.evidence = own
            step.note = step.note.removeprefix(f"{after['note']}; ")
        step.save()


def _done(case: Case) -> Iterable[Step]:
    done = Step.objects.filter(case=case, state=Step.State.DONE).exclude(awaits="")
    return done.select_related("ended_by")


def _held(case: Case) -> Iterable[Step]:
    return (
        Step.objects.filter(case=case)
        .select_for_update(of=("self",))
        .select_related("case")
        .order_by("pk")
    )


def _as_they_are(case: Case) -> Mapping[str, Values]:
    return {str(step.pk): _values(step) for step in Step.objects.filter(case=case).order_by("pk")}


def _values(step: Step) -> Values:
    return as_json({name: getattr(step, name) for name in FIELDS})
