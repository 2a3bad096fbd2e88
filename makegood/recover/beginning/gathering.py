"""Gathers what the policy looks at for a batch of signals: a query per question, or none."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from makegood.people import opening
from makegood.people.hours import Hours
from makegood.people.models import Customer
from makegood.recover.acquaintance import Acquaintance
from makegood.recover.beginning.situations import (
    NO_CASE,
    NOBODY_KNOWN,
    Heard,
    Past,
    Place,
    situation_of,
    standing,
)
from makegood.recover.models import Case
from makegood.recover.policy import Policy, Situation
from makegood.recover.policy.situation import CustomerKnown, VerdictGiven
from makegood.recover.policy.timing import Calendar
from makegood.sense.models import Signal
from makegood.sense.noticing import fact_of
from makegood.triage.models import Verdict

WHEN_OPEN = "site.open"


class Gathered:
    """What is known of the signals of one batch, each asked for once; `policies` by house."""

    def __init__(self, verdicts: Sequence[Verdict], policies: Mapping[UUID, Policy]) -> None:
        self._policies = policies
        self._calendars = _calendars(verdicts, policies)
        self._heard = {verdict.pk: self._listen(verdict) for verdict in verdicts}

    def place(self, signal: Signal) -> Place:
        """Where it happened."""
        return Place(signal.site.name, self._calendars[signal.site_id])

    def bare(self, verdict: Verdict, at: datetime) -> Situation:
        """The situation without customer and case: what it takes to see that nothing begins."""
        return situation_of(self._heard[verdict.pk], place=self.place(verdict.signal), at=at)

    def situation(
        self, verdict: Verdict, at: datetime, *, known: CustomerKnown, case: Case | None
    ) -> Situation:
        """The whole situation; `case`: the open one that the signal joins."""
        joined = (
            standing(
                severity=case.severity, intensity=case.intensity, opened_at=case.opened_at, at=at
            )
            if case
            else NO_CASE
        )
        return situation_of(
            self._heard[verdict.pk],
            place=self.place(verdict.signal),
            at=at,
            customer=known,
            case=joined,
        )

    def _listen(self, verdict: Verdict) -> Heard:
        signal, remarks = verdict.signal, verdict.signal.remarks.all()  # triage has read them
        follows = any(trigger.on for trigger in self._policies[verdict.organisation_id].triggers)
        return Heard(
            kind=signal.kind,
            happened_at=signal.happened_at,
            verdict=VerdictGiven(
                topic=verdict.topic,
                severity=verdict.severity,
                reaction=verdict.reaction,
                needs_repair=verdict.needs_repair,
                raw=verdict.raw,
            ),
            score=signal.score,
            topics=tuple(
                dict.fromkeys([*signal.topics, *(one for said in remarks for one in said.topics)])
            ),
            words="\n".join([signal.words, *(said.words for said in remarks)]).strip(),
            leaves_at=verdict.leaves_at,
            fact=fact_of(signal) if follows else "",
        )


def customer_as_known(
    customer: Customer | None,
    known: Acquaintance,
    *,
    policy: Policy,
    at: datetime,
    besides: UUID | None,
) -> CustomerKnown:
    """The customer as the policy sees them; the case `besides` is not an earlier failure."""
    if customer is None:
        return NOBODY_KNOWN
    past = Past(
        visits=known.visits,
        failed_at=[case.opened_at for case in known.failures(besides=besides)],
        messages_declined=customer.no_messages_at is not None,
    )
    return past.known(at=at, within=policy.second_failure.within)


def _calendars(
    verdicts: Sequence[Verdict], policies: Mapping[UUID, Policy]
) -> dict[UUID, Calendar]:
    sites = {verdict.signal.site_id: verdict.signal.site for verdict in verdicts}
    asked = [
        site.pk
        for site in sites.values()
        if policies[site.organisation_id].counts_opening_time
        or WHEN_OPEN in policies[site.organisation_id].reads
    ]
    known = opening.hours_at(asked)
    return {
        site.pk: Calendar(ZoneInfo(site.timezone), *known.get(site.pk, Hours()))
        for site in sites.values()
    }
