"""One policy in the dry run: its cases, in memory. It asks the one engine, and writes nothing.

A case of the dry run lives as its real counterpart did: the one its first signal belonged to says
when it ended, when its pages did, and what was learned about it on the way.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import Final, NamedTuple
from uuid import UUID

from makegood.recover.beginning.situations import (
    NO_CASE,
    NOBODY_KNOWN,
    Heard,
    Past,
    Place,
    situation_of,
    standing,
)
from makegood.recover.policy import Decision, PlannedStep, Policy, decide, plan_steps
from makegood.recover.policy.deciding import (
    alike,
    belongs_together,
    ladder_of,
    remedies_of,
    severity_of,
    with_case,
)
from makegood.recover.policy.situation import CaseStanding, CustomerKnown, Situation, VerdictGiven
from makegood.recover.replaying.moments import Earlier, Person, RealCase, Told
from makegood.sense.topics import AWAY

PRESS: Final = "press"
OPENED, JOINED, LEFT_ALONE = "opened", "joined", "left alone"
PAGE_LASTS: Final = timedelta(minutes=15)  # one that never rang in reality
NEAR_KEPT: Final = timedelta(days=7)
NEVER_LASTS: Final = timedelta(days=120)  # a case that never was


@dataclass(slots=True, eq=False)
class Dry:
    """A case of the dry run."""

    opened_at: datetime
    happened_at: datetime
    last_signal_at: datetime
    severity: int
    intensity: int
    topic: str
    reaction: str
    real: RealCase | None
    heard: Heard | None = None  # its first signal, as known by now
    first: UUID | None = None
    customer: Person | None = None
    named_at: datetime | None = None  # of an earlier case: when we learned whose it is
    page_until: datetime | None = None

    def is_open(self, at: datetime) -> bool:
        """Whether it stands at `at`, as its real counterpart did."""
        return self.real.is_open(at) if self.real else at < self.opened_at + NEVER_LASTS

    def is_failure(self, at: datetime) -> bool:
        """Whether we failed somebody with it."""
        return self.topic != AWAY and (self.real is None or self.real.is_failure(at))


class Named(NamedTuple):
    """Whose a signal was said to be, and whose it was held to be before."""

    person: Person
    before: Person | None


class Called(NamedTuple):
    """Who is rung besides, because of what was learned on the way; local time."""

    at: datetime
    ladder: str


class Outcome(NamedTuple):
    """What the policy made of one signal; `rung`: the ladder of the page that rings for it."""

    action: str
    situation: Situation
    decision: Decision
    rung: str | None = None
    case: Dry | None = None
    steps: tuple[PlannedStep, ...] = ()


class Side:
    """Plays history through one policy."""

    def __init__(
        self, policy: Policy, earlier: Iterable[Earlier] = (), *, beside: Policy | None = None
    ) -> None:
        self.policy = policy
        self._alike = alike(policy, beside) if beside else frozenset()
        self.called_later: list[Called] = []
        self._near: dict[UUID, list[Dry]] = defaultdict(list)
        self._of: dict[UUID, list[Dry]] = {}
        self._coming: list[tuple[datetime, int, Dry, Told, Named | Heard]] = []
        self._order = count()
        self._before: dict[UUID, Dry] = {}
        for one in earlier:
            if one.touchpoint:
                self._near[one.touchpoint].append(self._dry(one))

    def hear(self, told: Told, bare: Situation, other: Outcome | None = None) -> Outcome:
        """What happens because of a signal; `bare` is its situation without customer and case.

        `other`: what the policy made of it that this one is compared with.
        """
        self.let_pass(told.at)
        case = self._open_case(told)
        customer = told.customer or (case.customer if case else None)
        known = self._known(customer, told.at, besides=case)
        situation = bare
        if known is not NOBODY_KNOWN or case:
            situation = Situation(
                signal=bare.signal, verdict=bare.verdict, customer=known, visit=bare.visit,
                case=_standing(case, told.at), site=bare.site,
            )  # fmt: skip
        decision = decide(self.policy, situation)
        if decision.trigger is None:
            return Outcome(LEFT_ALONE, situation, decision)
        steps: tuple[PlannedStep, ...] = ()
        if case:
            _join(case, told, decision)
            action = JOINED
        else:
            action, case = OPENED, self._open(told, decision)
            as_it_stands = with_case(situation, decision.severity)
            steps = plan_steps(
                self.policy, as_it_stands, told.at, told.place.calendar,
                known=self._planned_alike(other),
            )  # fmt: skip
        self._expect(case, told)
        return Outcome(action, situation, decision, _ring(case, decision, told.at), case, steps)

    def _planned_alike(self, other: Outcome | None) -> dict[str, PlannedStep]:
        if other is None or not self._alike:
            return {}
        return {step.kind: step for step in other.steps if step.kind in self._alike}

    def offered(self, outcome: Outcome, severity: int) -> tuple[int, int] | None:
        """From and to how much the policy offers for a case that turned out so grave."""
        grave = max(severity, outcome.decision.severity)
        row = outcome.decision.remedies
        if grave != outcome.decision.severity:
            row = remedies_of(self.policy, with_case(outcome.situation, grave))
        return (row.low, row.high) if row else None

    def _open_case(self, told: Told) -> Dry | None:
        near: list[Dry] = []
        if told.button:
            near = [case for case in self._nearby(told) if case.is_open(told.at)]
        if not near and told.customer and told.heard.kind != PRESS:
            near = [
                case for case in self._cases_of(told.customer, told.at) if case.is_open(told.at)
            ]
        return max(near, key=lambda case: case.last_signal_at, default=None)

    def _nearby(self, told: Told) -> list[Dry]:
        assert told.button
        kept = self._near[told.button]
        if kept and kept[0].last_signal_at < told.at - NEAR_KEPT:
            kept[:] = [case for case in kept if case.last_signal_at >= told.at - NEAR_KEPT]
        return [
            case
            for case in kept
            if belongs_together(
                self.policy,
                signal_happened_at=told.heard.happened_at,
                case_happened_at=case.happened_at,
                case_last_signal_at=case.last_signal_at,
            )
        ]

    def _cases_of(self, person: Person, at: datetime) -> list[Dry]:
        """The cases known to be theirs at `at`; one that turned out to be another's is not."""
        return [
            case
            for case in self._all_of(person)
            if case.customer is person and (case.named_at is None or case.named_at <= at)
        ]

    def _all_of(self, person: Person) -> list[Dry]:
        if person.id not in self._of:
            self._of[person.id] = [self._dry(one) for one in person.before]
            for case in self._of[person.id]:
                case.customer = case.customer or person
        return self._of[person.id]

    def _dry(self, earlier: Earlier) -> Dry:
        """A case from before the replay; the same one for its place and its customer."""
        known = self._before.get(earlier.real.id)
        if known is None:
            known = self._before[earlier.real.id] = Dry(
                opened_at=earlier.real.opened_at,
                happened_at=earlier.happened_at,
                last_signal_at=earlier.last_signal_at,
                severity=earlier.severity,
                intensity=earlier.intensity,
                topic=earlier.topic,
                reaction=earlier.reaction,
                real=earlier.real,
                named_at=earlier.named_at,
            )
        return known

    def _known(self, person: Person | None, at: datetime, *, besides: Dry | None) -> CustomerKnown:
        if person is None:
            return NOBODY_KNOWN
        past = self._past(person, at, besides)
        return past.known(at=at, within=self.policy.second_failure.within)

    def _past(self, person: Person, at: datetime, besides: Dry | None) -> Past:
        failed = [
            case.opened_at
            for case in self._cases_of(person, at)
            if case is not besides and case.is_failure(at)
        ]
        declined = person.declined_at is not None and person.declined_at <= at
        return Past(visits=person.visits(at), failed_at=failed, messages_declined=declined)

    def _open(self, told: Told, decision: Decision) -> Dry:
        case = Dry(
            opened_at=told.at,
            happened_at=told.heard.happened_at,
            last_signal_at=told.heard.happened_at,
            severity=decision.severity,
            intensity=1,
            topic=told.heard.verdict.topic,
            reaction=told.heard.verdict.reaction,
            real=told.real,
            heard=told.heard,
            first=told.signal_id,
        )
        if told.button:
            self._near[told.button].append(case)
        if told.customer:
            case.customer = told.customer
            self._all_of(told.customer).append(case)
        return case

    def _expect(self, case: Dry, told: Told) -> None:
        """What will be learned about the signal: it is graver, or whose it is."""
        for at, heard in told.revised:
            heappush(self._coming, (at, next(self._order), case, told, heard))
        for at, person, before in told.named:
            heappush(self._coming, (at, next(self._order), case, told, Named(person, before)))

    def let_pass(self, now: datetime) -> None:
        """What was learned about earlier signals until `now`."""
        while self._coming and self._coming[0][0] <= now:
            at, _, case, told, learned = heappop(self._coming)
            if isinstance(learned, Named):
                self._get_to_know(case, learned, at, told.place)
            else:
                self._revise(case, told, learned, at)

    def _revise(self, case: Dry, told: Told, heard: Heard, at: datetime) -> None:
        """The case is what the customer says it is, and never milder by that."""
        verdict = heard.verdict
        if case.first == told.signal_id:
            case.heard = heard
        if case.heard is None:
            case.topic, case.severity = verdict.topic, max(case.severity, verdict.severity)
            return
        before, _ = ladder_of(self.policy, self._stands(case, case.heard, told.place, at))
        case.topic, case.reaction = verdict.topic, verdict.reaction
        situation = self._stands(case, case.heard, told.place, at)
        judged = replace(situation, verdict=replace(situation.verdict, severity=verdict.severity))
        case.severity = max(case.severity, severity_of(self.policy, judged)[0])
        ladder, _ = ladder_of(self.policy, self._stands(case, case.heard, told.place, at))
        if ladder and ladder != before and not self._is_called_for(case, told, at):
            self.called_later.append(Called(at.astimezone(told.place.calendar.zone), ladder))

    def _stands(self, case: Dry, heard: Heard, place: Place, at: datetime) -> Situation:
        """The case as the policy sees it at `at`; `heard` is its first signal."""
        gone = heard.leaves_at is not None and heard.leaves_at <= at
        given = VerdictGiven(topic=case.topic, severity=case.severity, reaction=case.reaction)
        return situation_of(
            replace(heard, verdict=given, leaves_at=None if gone else heard.leaves_at),
            place=place,
            at=at,
            customer=self._known(case.customer, at, besides=case),
            case=_standing(case, at),
        )

    def _is_called_for(self, case: Dry, told: Told, at: datetime) -> bool:
        """Whether nobody needs to be called: it is over, or a second failure, which calls by
        itself."""
        if not case.is_open(at):
            return True
        named = [person for named_at, person, _ in told.named if named_at <= at]
        newly = named[-1] if named and case.customer is None else None
        return bool(self._known(newly, at, besides=case).failures)

    def _get_to_know(self, case: Dry, named: Named, at: datetime, place: Place) -> None:
        """A case that is somebody's stays theirs, unless the same signal says otherwise."""
        person = named.person
        if case.customer not in (None, named.before):
            return
        first_time = case.customer is None
        case.customer = person
        cases = self._all_of(person)
        again = self._known(person, at, besides=case).failures
        if case not in cases:
            cases.append(case)
        if again and first_time and case.is_open(at):
            local = at.astimezone(place.calendar.zone)
            self.called_later.append(Called(local, self.policy.second_failure.ladder))


def _standing(case: Dry | None, at: datetime) -> CaseStanding:
    if case is None:
        return NO_CASE
    return standing(
        severity=case.severity, intensity=case.intensity, opened_at=case.opened_at, at=at
    )


def _join(case: Dry, told: Told, decision: Decision) -> None:
    case.intensity += not told.answers_anew
    case.severity = max(case.severity, decision.severity)
    if told.heard.happened_at < case.happened_at:
        case.happened_at = told.heard.happened_at
        case.heard, case.first = told.heard, told.signal_id
    case.last_signal_at = max(case.last_signal_at, told.heard.happened_at)


def _ring(case: Dry, decision: Decision, at: datetime) -> str | None:
    """The ladder of a new page; none if nobody is to be rung, or a page is open already."""
    if decision.ladder is None or (case.page_until and case.page_until > at):
        return None
    page = case.real.page_after(at) if case.real else None
    case.page_until = (
        (page.ended_at or datetime.max.replace(tzinfo=at.tzinfo)) if page else (at + PAGE_LASTS)
    )
    return decision.ladder
