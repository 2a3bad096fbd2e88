"""The twelve steps of one case as colleagues see them: the seam beside the story."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from makegood.people.models import Staff
from makegood.recover import wording
from makegood.recover.models import Case, Step
from makegood.recover.policy import Plan
from makegood.recover.promises import Standing, answering_staff
from makegood.recover.publishing import policy_of


@dataclass(frozen=True)
class Stitch:
    """One step: what it is, how it stands, what shows it or would show it, and when."""

    kind: str
    title: str
    state: Standing
    detail: str
    when: str
    who: str
    automatic: bool
    waits: bool
    late: bool
    evidence_wanted: str
    due_at: datetime | None
    ended_at: datetime | None
    ended_by: Staff | None


def steps_of(case: Case, now: datetime) -> list[Stitch]:
    """The twelve steps in order; the first that waits is `now`, or `late` when it is overdue."""
    plans = policy_of(case.policy_id).steps
    names = answering_staff(case)
    local = now.astimezone(ZoneInfo(case.site.timezone))
    stitches: list[Stitch] = []
    at_hand = False
    for step in case.steps.select_related("ended_by"):
        state = _state(step, now, first=not at_hand)
        at_hand = at_hand or state in ("now", "late")
        stitches.append(_stitch(step, plans[step.kind], state, names, local))
    return stitches


def _stitch(
    step: Step, plan: Plan, state: Standing, names: dict[str, str], local: datetime
) -> Stitch:
    return Stitch(
        kind=step.kind,
        title=plan.title,
        state=state,
        detail=step.note or plan.evidence,
        when=_when(step, local),
        who="" if plan.automatic else _who(names[plan.who]),
        automatic=plan.automatic,
        waits=step.state == Step.State.WAITING,
        late=step.late or state == "late",
        evidence_wanted=plan.evidence,
        due_at=step.due_at,
        ended_at=step.ended_at,
        ended_by=step.ended_by,
    )


def _state(step: Step, now: datetime, *, first: bool) -> Standing:
    if step.state == Step.State.DONE:
        return "mended"
    if step.state == Step.State.SKIPPED:
        return "dropped"
    if step.due_at and step.due_at < now and not step.asked_at:
        return "late"
    return "now" if first else "ahead"


def _when(step: Step, local: datetime) -> str:
    moment = step.ended_at or step.due_at
    return wording.when(moment.astimezone(local.tzinfo), local) if moment else "open"


def _who(name: str) -> str:
    return "whoever is on duty" if name == "us" else name
