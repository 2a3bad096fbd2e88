"""What stands in a case beside its steps: what is put off, what we wait for, what was joined."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from makegood.people.models import Staff
from makegood.recover import access
from makegood.recover.belonging import answering_for
from makegood.recover.models import Case, Closure, Merger, Pause, PolicyVersion, Split
from makegood.recover.steps.pausing import BRIEF, standing_pauses
from makegood.sense.models import Signal

MORNING = time(9)


@dataclass(frozen=True)
class Standstill:
    """What the workspace says and offers about the case itself.

    `wait` and `snooze` are the pauses of the whole case; `survivor` is set where it goes on as
    another. `to_join`, `signals` and `versions` are what may be chosen.
    """

    wait: Pause | None
    wait_is_fresh: bool
    snooze: Pause | None
    survivor: Case | None
    own_merger: Merger | None
    mergers: Sequence[Merger]
    splits: Sequence[Split]
    to_join: Sequence[Case]
    signals: Sequence[Signal]
    versions: Sequence[PolicyVersion]
    tomorrow: str


def standstill_of(case: Case, closure: Closure | None, staff: Staff, now: datetime) -> Standstill:
    """What stands in `case` at `now`, and what `staff` may decide about it."""
    pauses = [pause for pause in standing_pauses(case) if pause.step_id is None]
    wait = next((one for one in pauses if one.kind == Pause.Kind.CUSTOMER), None)
    own_merger = _own_merger(case) if closure else None
    signals = Signal.objects.filter(case_signal__case=case).order_by("happened_at", "pk")
    kept = list(signals.select_related("customer")) if case.intensity > 1 and not closure else []
    mergers = Merger.objects.standing().filter(survivor=case).order_by("merged_at")
    splits = Split.objects.standing().filter(case=case).order_by("split_at")
    versions = access.policy_versions(staff) if staff.is_senior and not closure else []
    return Standstill(
        wait=wait,
        wait_is_fresh=wait is not None and now - wait.began_at < BRIEF,
        snooze=next((one for one in pauses if one.kind == Pause.Kind.SNOOZE), None),
        survivor=_case(answering_for(case.pk)) if own_merger else None,
        own_merger=own_merger,
        mergers=list(mergers.select_related("absorbed__organisation", "merged_by")),
        splits=list(splits.select_related("new_case__organisation", "split_by")),
        to_join=[] if closure else access.cases_to_join(staff, case),
        signals=kept if len(kept) > 1 else [],
        versions=[version for version in versions if version.pk != case.policy_id],
        tomorrow=_tomorrow(now),
    )


def _own_merger(case: Case) -> Merger | None:
    return Merger.objects.standing().filter(absorbed=case).first()


def _case(pk: UUID) -> Case:
    return Case.objects.select_related("organisation", "customer").get(pk=pk)


def _tomorrow(now: datetime) -> str:
    """Tomorrow morning, as a field for a day and a time takes it."""
    day = timezone.localtime(now).date() + timedelta(days=1)
    return datetime.combine(day, MORNING).strftime("%Y-%m-%dT%H:%M")
