"""The engine: what the policy says about one situation. Pure; the only one there is.

Production asks it when a signal comes and when a step is looked at; the replay of a draft on
history asks the same questions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final, NamedTuple

from makegood.recover.policy.model import Policy
from makegood.recover.policy.plans import CORRECTION_DONE, Plan
from makegood.recover.policy.situation import CaseStanding, Situation
from makegood.recover.policy.tables import LimitRow, RemedyRow, Trigger, first_true
from makegood.recover.policy.timing import Calendar, Start

SECOND_FAILURE = "We failed them before"
SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class Decision:
    """What the policy says about a signal.

    `trigger`: what begins a case, in the policy's words; None: nothing happens. `severity` of the
    case, with the `reasons` that raised it. `ladder`: which is rung; None: nobody, the case waits
    in the list. `remedies` and `limits`: the rows that count; None: none does.
    """

    trigger: str | None
    severity: int
    reasons: tuple[str, ...] = ()
    ladder: str | None = None
    remedies: RemedyRow | None = None
    limits: LimitRow | None = None


class PlannedStep(NamedTuple):
    """One step of a case that is being opened; `skip_reason`: it is left out, and why."""

    kind: str
    position: int
    due_at: datetime | None
    look_at: datetime | None
    who: str
    automatic: bool
    after: str
    awaits: str
    needs: tuple[str, ...]
    skip_reason: str = ""


NOTHING_KNOWN: Final[Mapping[str, PlannedStep]] = MappingProxyType({})


def decide(policy: Policy, situation: Situation, *, pinned: Policy | None = None) -> Decision:
    """What happens because of the signal in `situation`.

    `pinned`: the policy of the case that it joins; only the triggers are those in force.
    """
    trigger = trigger_of(policy, situation)
    if trigger is None:
        return Decision(None, situation.verdict.severity)
    policy = pinned or policy
    severity, reasons = severity_of(policy, situation)
    standing = with_case(situation, severity)
    ladder, why = ladder_of(policy, standing)
    return Decision(
        trigger=trigger.says,
        severity=severity,
        reasons=(*reasons, why) if why and why not in reasons else reasons,
        ladder=ladder,
        remedies=remedies_of(policy, standing),
        limits=limits_of(policy, standing),
    )


def trigger_of(policy: Policy, situation: Situation) -> Trigger | None:
    """The first trigger that is true; one with `on` only hears that fact, the others none."""
    for trigger in policy.triggers:
        if trigger.on == situation.signal.fact and trigger.when.holds(situation):
            return trigger
    return None


def may_begin(policy: Policy, bare: Situation) -> bool:
    """Whether a signal may begin something, whatever its customer and its case are like."""
    return any(
        trigger.on == bare.signal.fact and (trigger.looks_back or trigger.when.holds(bare))
        for trigger in policy.triggers
    )


def severity_of(policy: Policy, situation: Situation) -> tuple[int, tuple[str, ...]]:
    """How grave it is, 1 to 5, and why it is more or less than triage said."""
    severity = situation.verdict.severity
    reasons: list[str] = []
    row = first_true(policy.tables.severity, situation)
    if row and row.applied(severity) != severity:
        severity = row.applied(severity)
        reasons.append(row.because)
    at_least = policy.second_failure.severity_at_least
    if fails_again(situation) and severity < at_least:
        severity = at_least
        reasons.append(SECOND_FAILURE)
    return max(severity, situation.case.severity), tuple(filter(None, reasons))


def fails_again(situation: Situation) -> bool:
    """Whether we failed this customer before, and now again; staying away is no failure of ours."""
    return situation.customer.failures > 0 and situation.signal.kind != SILENCE


def with_case(situation: Situation, severity: int) -> Situation:
    """The situation once its signal belongs to the case, which is then so grave."""
    case = situation.case
    return Situation(  # written out: a replay asks this of every signal, twice
        signal=situation.signal,
        verdict=situation.verdict,
        customer=situation.customer,
        visit=situation.visit,
        case=CaseStanding(case.open, case.intensity + 1, severity, case.days_open),
        site=situation.site,
    )


def ladder_of(policy: Policy, standing: Situation) -> tuple[str | None, str]:
    """Which ladder is rung, and why; a second failure goes straight to a senior.

    Unless the table's row goes ahead of that: who is hurt, or waits here, is not helped more slowly
    because we failed them before.
    """
    row = first_true(policy.tables.ladder, standing)
    if fails_again(standing) and not (row and row.ahead_of):
        return policy.second_failure.ladder, SECOND_FAILURE
    return (row.use, row.because) if row else (None, "")


def remedies_of(policy: Policy, standing: Situation) -> RemedyRow | None:
    """What to offer for a case as it stands."""
    return first_true(policy.tables.remedies, standing)


def limits_of(policy: Policy, standing: Situation) -> LimitRow | None:
    """How much may be given on a case as it stands, without asking."""
    return first_true(policy.tables.limits, standing)


def skip_reason(plan: Plan, standing: Situation) -> str:
    """Why `plan` is left out for a case as it stands; empty: it is not."""
    if plan.skip_when is None or not plan.skip_when.holds(standing):
        return ""
    return plan.because


def belongs_together(
    policy: Policy,
    *,
    signal_happened_at: datetime,
    case_happened_at: datetime,
    case_last_signal_at: datetime,
) -> bool:
    """Whether a signal from one place comes close enough to a case there to be part of it."""
    close = policy.same_place_within
    return (
        case_last_signal_at >= signal_happened_at - close
        and case_happened_at <= signal_happened_at + close
    )


def plan_steps(
    policy: Policy,
    standing: Situation,
    opened_at: datetime,
    calendar: Calendar,
    *,
    known: Mapping[str, PlannedStep] = NOTHING_KNOWN,
) -> tuple[PlannedStep, ...]:
    """The twelve steps of a case that opens now, as its customer's reaction asks for them.

    What comes after a step that has ended with the opening counts from the opening. `known`: steps
    that another policy, which says the same of them, planned for this very opening: see `alike`.
    """
    start = Start.at(opened_at, calendar)
    ended = {"", "validate"}
    planned: list[PlannedStep] = []
    for plan in policy.plans(standing.verdict.reaction):
        reason = skip_reason(plan, standing)
        counts = plan.after in ended
        step = known.get(plan.kind)
        if step is None or step.skip_reason != reason or (step.due_at is not None) != counts:
            step = _planned(policy, plan, start if counts else None, reason)
        planned.append(step)
        if reason:
            ended |= {plan.kind, CORRECTION_DONE} if plan.kind == "confirm" else {plan.kind}
    return tuple(planned)


def alike(one: Policy, other: Policy) -> frozenset[str]:
    """The steps of which both policies say the same, whatever else they say."""
    if one.reminders != other.reminders:
        return frozenset()
    return frozenset(kind for kind, plan in one.steps.items() if plan == other.steps[kind])


def _planned(policy: Policy, plan: Plan, start: Start | None, reason: str) -> PlannedStep:
    """One step; without a `start` nobody knows yet when it is due."""
    due_at = look_at = None
    if start:
        due_at = plan.by.counted_from(start)
        look_at = policy.look_at(plan.kind, due_at, start.moment)
    return PlannedStep(
        kind=plan.kind,
        position=plan.position,
        due_at=due_at,
        look_at=look_at,
        who=plan.who,
        automatic=plan.automatic,
        after=plan.after,
        awaits=plan.awaits,
        needs=plan.needs,
        skip_reason=reason,
    )
