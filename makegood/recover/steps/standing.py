"""A running case as the policy sees it: for what is left out only of some cases."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from makegood.recover.acquaintance import NO_FAILURE
from makegood.recover.beginning.situations import (
    NOBODY_KNOWN,
    Heard,
    Past,
    Place,
    situation_of,
    standing,
)
from makegood.recover.models import Case
from makegood.recover.policy.situation import Situation, VerdictGiven
from makegood.recover.steps.planning import calendar_of
from makegood.recover.versions.publishing import policy_of
from makegood.sense.models import Remark, Signal, Visit
from makegood.sense.topics import AWAY, UNSAID


def standing_situation(case: Case, now: datetime) -> Situation:
    """What is known of `case` at `now`: its first signal, its customer, how far it has come."""
    return standing_situations([case], now)[case.pk]


def standing_situations(cases: Iterable[Case], now: datetime) -> dict[UUID, Situation]:
    """The same for many cases at once, by their ids."""
    cases = list(cases)
    signals = Signal.objects.filter(case_signal__case__in=cases).select_related("case_signal")
    firsts = signals.order_by("case_signal__case", "happened_at", "pk").distinct(
        "case_signal__case"
    )
    first_of = {first.case_signal.case_id: first for first in firsts.prefetch_related("remarks")}
    return {case.pk: _situation(case, first_of.get(case.pk), now) for case in cases}


def _situation(case: Case, first: Signal | None, now: datetime) -> Situation:
    remarks = list(first.remarks.all()) if first else []
    verdict = VerdictGiven(topic=case.topic, severity=case.severity, reaction=case.reaction)
    policy = policy_of(case.policy_id)
    asked = case.customer_id and any(name.startswith("customer.") for name in policy.reads)
    return situation_of(
        Heard(
            kind=first.kind if first else "",
            happened_at=case.happened_at,
            verdict=verdict,
            score=first.score if first else None,
            topics=_topics(first.topics, remarks) if first else (UNSAID,),
            words="\n".join([first.words, *(one.words for one in remarks)]) if first else "",
            leaves_at=case.leaves_at if case.leaves_at and case.leaves_at > now else None,
        ),
        place=Place(case.site.name, calendar_of(case, policy)),
        at=now,
        customer=_past(case).known(at=now, within=policy.failed_before_within)
        if asked
        else NOBODY_KNOWN,
        case=standing(
            severity=case.severity, intensity=case.intensity, opened_at=case.opened_at, at=now
        ),
    )


def _topics(chosen: Sequence[str], remarks: Sequence[Remark]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*chosen, *(topic for one in remarks for topic in one.topics)]))


def _past(case: Case) -> Past:
    others = Case.objects.filter(customer=case.customer_id, opened_at__lt=case.opened_at)
    failed = others.exclude(topic=AWAY).exclude(closures__outcome__in=NO_FAILURE)
    customer = case.customer
    return Past(
        visits=Visit.objects.filter(customer=case.customer_id).count(),
        failed_at=list(failed.order_by("opened_at").values_list("opened_at", flat=True)),
        messages_declined=bool(customer and customer.no_messages_at),
    )
