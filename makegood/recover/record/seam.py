"""The twelve steps of one case as colleagues see them: the seam beside the story."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from makegood.people.models import Staff
from makegood.recover import wording
from makegood.recover.life.calling import CALL, attempts_at, days_of
from makegood.recover.models import Case, Pause, Step
from makegood.recover.policy import Plan
from makegood.recover.policy.plans import NEEDED
from makegood.recover.record.promises import Standing, answering_staff
from makegood.recover.steps.needing import CHECKED
from makegood.recover.steps.pausing import standing_pauses
from makegood.recover.versions.publishing import policy_of

WORDS = "words"


@dataclass(frozen=True)
class Stitch:
    """One step: what it is, how it stands, what shows it or would show it, and when.

    `paused`: it is left in peace, until when and why. `needs`: the facts that have to be there
    before somebody may say that it is done, in words.
    """

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
    paused: str = ""
    pause: Pause | None = None
    needs: Sequence[str] = ()
    asks_what_was_checked: bool = False


@dataclass(frozen=True)
class Moment:
    """When the case is looked at (local), what stands still, and the calls nobody answered."""

    local: datetime
    pauses: Sequence[Pause]
    tried: Sequence[date]

    @property
    def wait(self) -> Pause | None:
        """The wait for the customer, if we wait."""
        return next((one for one in self.pauses if one.kind == Pause.Kind.CUSTOMER), None)

    @property
    def clock(self) -> datetime:
        """What counts for being late: it stands still while we wait."""
        return self.wait.began_at if self.wait else self.local

    def over(self, step: Step) -> Pause | None:
        """The pause of this very step."""
        return next((one for one in self.pauses if one.step_id == step.pk), None)


def steps_of(case: Case, now: datetime) -> list[Stitch]:
    """The twelve steps in order; the first that waits is `now`, or `late` when it is overdue."""
    policy = policy_of(case.policy_id)
    names = answering_staff(case)
    local = now.astimezone(ZoneInfo(case.site.timezone))
    moment = Moment(local, standing_pauses(case), days_of(attempts_at(case), case))
    stitches: list[Stitch] = []
    at_hand = False
    for step in case.steps.select_related("ended_by"):
        state = _state(step, moment.clock, first=not at_hand)
        at_hand = at_hand or state in ("now", "late")
        plan = policy.plan(step.kind, case.reaction)
        stitches.append(_stitch(step, plan, state, names, moment))
    return stitches


def _stitch(
    step: Step, plan: Plan, state: Standing, names: dict[str, str], moment: Moment
) -> Stitch:
    waits = step.state == Step.State.WAITING
    pause = moment.over(step) if waits else None
    asked = [need for need in plan.needs if need not in (CHECKED, WORDS)] if waits else []
    return Stitch(
        kind=step.kind,
        title=plan.title,
        state=state,
        detail=step.note or _wanted(step, plan, moment),
        when=_when(step, moment.local),
        who="" if plan.automatic else _who(names[plan.who]),
        automatic=plan.automatic,
        waits=waits,
        late=step.late or state == "late",
        evidence_wanted=plan.evidence,
        due_at=step.due_at,
        ended_at=step.ended_at,
        ended_by=step.ended_by,
        paused=_paused(pause, moment.local) if pause else "",
        pause=pause,
        needs=[NEEDED[need] for need in asked],
        asks_what_was_checked=waits and CHECKED in plan.needs,
    )


def _wanted(step: Step, plan: Plan, moment: Moment) -> str:
    """What would show it; where we called in vain, on which days."""
    if step.kind != CALL or step.state != Step.State.WAITING or not moment.tried:
        return plan.evidence
    days = ", ".join(wording.day_short(day) for day in moment.tried)
    return f"{plan.evidence}. Called {days}, not reached"


def _paused(pause: Pause, local: datetime) -> str:
    until = wording.when(pause.until.astimezone(local.tzinfo), local)
    return f"Put off until {until}. {pause.reason}"


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
