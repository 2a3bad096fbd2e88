"""Gathers what the rules need to know about a batch of signals, in a query per question."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Prefetch, prefetch_related_objects

from makegood.sense.models import Remark, Review, Signal
from makegood.triage.models import Verdict
from makegood.triage.rules import Evidence

REMARKS = Prefetch("remarks", Remark.objects.order_by("said_at", "pk"))
NO_FAILURE = (Signal.Kind.SILENCE,)  # it says that somebody stays away, not that we failed them
SAME_OCCASION = timedelta(hours=3)  # a failure this recent is the one they tell us about again
COUNT_UP_TO = 100

# Presses of one place within two minutes are one failure.
PRESSES_TOGETHER = """
select s.id, (
    select count(*) from (
        select 1 from sense_signal p
        where p.touchpoint_id = s.touchpoint_id and p.kind = 'press' and p.cancelled_at is null
          and p.happened_at between s.happened_at - interval '2 minutes' and s.happened_at
        limit %s
    ) as near
)
from sense_signal s where s.id = any(%s)
"""


def gather(signals: Sequence[Signal], now: datetime) -> dict[UUID, Evidence]:
    """What is known about each of `signals`, by its id."""
    prefetch_related_objects(signals, REMARKS)
    intensities = _intensities(signals)
    failures = _failures(signals)
    sources = _sources(signals)
    return {
        signal.pk: Evidence(
            kind=signal.kind,
            happened_at=signal.happened_at,
            received_at=signal.received_at,
            now=now,
            dwell_minutes=signal.dwell_minutes,
            score=signal.score,
            words=_words(signal),
            noted=signal.words if signal.kind in Signal.OURS else "",
            source=sources.get(signal.pk, ""),
            topics=_topics(signal),
            failed_before=_last_failure(signal, failures),
            intensity=intensities.get(signal.pk, 1),
            cancelled=signal.cancelled_at is not None,
        )
        for signal in signals
    }


def _words(signal: Signal) -> str:
    """What the customer said; ours are noted apart, so that they are not read as theirs."""
    said = "" if signal.kind in Signal.OURS else signal.words
    return "\n".join([said, *(remark.words for remark in signal.remarks.all())]).strip()


def _topics(signal: Signal) -> tuple[str, ...]:
    later = (topic for remark in signal.remarks.all() for topic in remark.topics)
    return tuple(dict.fromkeys([*signal.topics, *later]))


def _intensities(signals: Sequence[Signal]) -> dict[UUID, int]:
    pressed = [signal.pk for signal in signals if signal.kind == Signal.Kind.PRESS]
    if not pressed:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(PRESSES_TOGETHER, [COUNT_UP_TO, pressed])
        return {signal_id: max(1, count) for signal_id, count in cursor.fetchall()}


def _failures(signals: Sequence[Signal]) -> dict[UUID, list[datetime]]:
    """When we failed the customers of `signals` before, by customer."""
    customers = {signal.customer_id for signal in signals if signal.customer_id}
    if not customers:
        return {}
    failed: dict[UUID, list[datetime]] = defaultdict(list)
    ours = Verdict.objects.filter(
        needs_repair=True, signal__customer_id__in=customers, signal__cancelled_at=None
    ).exclude(signal__kind__in=NO_FAILURE)
    rows = ours.values_list("signal__customer_id", "signal__happened_at")
    for customer_id, happened_at in rows:
        failed[customer_id].append(happened_at)
    return failed


def _sources(signals: Sequence[Signal]) -> dict[UUID, str]:
    written = [signal.pk for signal in signals if signal.kind == Signal.Kind.REVIEW]
    if not written:
        return {}
    return dict(Review.objects.filter(signal__in=written).values_list("signal_id", "source"))


def _last_failure(signal: Signal, failures: dict[UUID, list[datetime]]) -> date | None:
    if signal.customer_id is None:
        return None
    earlier = [
        at
        for at in failures.get(signal.customer_id, ())
        if at <= signal.happened_at - SAME_OCCASION
    ]
    if not earlier:
        return None
    return max(earlier).astimezone(ZoneInfo(signal.site.timezone)).date()
