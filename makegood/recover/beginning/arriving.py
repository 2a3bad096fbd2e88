"""Which case each signal of a batch belongs to, and what the policy says: decided in memory."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from makegood.ground.models import Entry
from makegood.recover.acquaintance import Acquaintance, acquainted
from makegood.recover.beginning.gathering import Gathered, customer_as_known
from makegood.recover.beginning.joining import OpenCases, hold_open_cases, join
from makegood.recover.models import Case
from makegood.recover.policy import Decision, PlannedStep, Situation, decide, plan_steps
from makegood.recover.policy.deciding import may_begin, with_case
from makegood.recover.versions.publishing import policy_of
from makegood.sense.models import Signal
from makegood.triage.models import Verdict

Known = Mapping[UUID | None, Acquaintance]


@dataclass(frozen=True)
class Arrival:
    """A signal in its case, which it opened or joined as the `nth`, and what the policy says.

    `steps`: those of a case that it opens.
    """

    entry: Entry
    verdict: Verdict
    case: Case
    nth: int
    decision: Decision
    steps: Sequence[PlannedStep] = ()

    @property
    def signal(self) -> Signal:
        """What the customer told us."""
        return self.verdict.signal

    @property
    def opens(self) -> bool:
        """Whether the case began with it."""
        return bool(self.steps)


def arrive(
    triaged: Sequence[tuple[Entry, Verdict]], versions: Mapping[UUID, UUID], now: datetime
) -> tuple[list[Arrival], Known]:
    """The arrivals of a batch, in order, and what we know of their customers.

    `versions` are in force, by house. A signal that no trigger hears is left out and locks nothing.
    """
    policies = {house: policy_of(version) for house, version in versions.items()}
    verdicts = [verdict for _, verdict in triaged]
    gathered = Gathered(verdicts, policies)
    heard = {
        verdict.pk
        for verdict in verdicts
        if may_begin(policies[verdict.organisation_id], gathered.bare(verdict, now))
    }
    if not heard:
        return [], {}
    signals = [verdict.signal for verdict in verdicts if verdict.pk in heard]
    cases = hold_open_cases(signals, policies)
    customers = [signal.customer_id for signal in signals]
    known = acquainted([*customers, *(case.customer_id for case in cases)])
    reception = _Reception(gathered, versions, cases, known)
    return list(reception.let_in(triaged, heard)), known


class _Reception:
    def __init__(
        self, gathered: Gathered, versions: Mapping[UUID, UUID], cases: OpenCases, known: Known
    ) -> None:
        self._gathered, self._versions = gathered, versions
        self._cases, self._known = cases, known

    def let_in(
        self, triaged: Sequence[tuple[Entry, Verdict]], heard: Set[UUID]
    ) -> Iterator[Arrival]:
        for entry, verdict in triaged:
            arrival = self._arrive(entry, verdict) if verdict.pk in heard else None
            if arrival:
                yield arrival

    def _arrive(self, entry: Entry, verdict: Verdict) -> Arrival | None:
        version_id = self._versions[entry.organisation_id]
        policy = policy_of(version_id)
        case = self._cases.for_signal(verdict.signal, policy)
        situation = self._situation(verdict, entry.at, case, version_id)
        pinned = policy_of(case.policy_id) if case else policy
        decision = decide(policy, situation, pinned=pinned)
        if decision.trigger is None:
            return None
        if case:
            join(case, verdict.signal, severity=decision.severity, leaves_at=verdict.leaves_at)
            return Arrival(entry, verdict, case, case.intensity, decision)
        return self._open(entry, verdict, situation, decision)

    def _open(
        self, entry: Entry, verdict: Verdict, situation: Situation, decision: Decision
    ) -> Arrival:
        version_id = self._versions[entry.organisation_id]
        case = Case(
            policy_id=version_id, severity=decision.severity, **_what_is_known(verdict, entry)
        )
        steps = plan_steps(
            policy_of(version_id),
            with_case(situation, decision.severity),
            entry.at,
            self._gathered.place(verdict.signal).calendar,
        )
        self._cases.add(case)
        if case.customer_id:
            self._known[case.customer_id].cases.insert(0, case)
        return Arrival(entry, verdict, case, case.intensity, decision, steps)

    def _situation(
        self, verdict: Verdict, at: datetime, case: Case | None, version_id: UUID
    ) -> Situation:
        customer = verdict.signal.customer or (case.customer if case else None)
        known = customer_as_known(
            customer,
            self._known[customer.pk if customer else None],
            policy=policy_of(case.policy_id if case else version_id),
            at=at,
            besides=case.pk if case else None,
        )
        return self._gathered.situation(verdict, at, known=known, case=case)


def _what_is_known(verdict: Verdict, entry: Entry) -> dict[str, object]:
    signal = verdict.signal
    return {
        "organisation_id": entry.organisation_id,
        "site": signal.site,
        "touchpoint": signal.touchpoint,
        "customer": signal.customer,
        "place": signal.place,
        "topic": verdict.topic,
        "reaction": verdict.reaction,
        "happened_at": signal.happened_at,
        "last_signal_at": signal.happened_at,
        "opened_at": entry.at,
        "leaves_at": verdict.leaves_at,
        "caused_by": entry.pk,
    }
