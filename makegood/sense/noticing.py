"""What our own chronicle says went wrong: a broken promise, or a fact the policy follows."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from makegood.ground import chronicle, wakeup
from makegood.ground.ids import new_id
from makegood.people.models import Customer, Site
from makegood.sense.facts import FailureNoticed
from makegood.sense.models import Echo, Signal

LONGEST_WORDS = 400


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Which fact says so and of what (`matter`), whom it failed, and where their case is."""

    kind: str
    fact: str
    matter: UUID
    site: Site
    customer: Customer
    place: str
    words: str
    caused_by: UUID


def note_failure(*, failure: Failure, now: datetime) -> Signal | None:
    """Makes a signal of a fact, once per fact and matter; None when that was done before.

    `words` are ours and are read as ours; longer ones than 400 characters are cut.
    """
    told_before = Echo.objects.filter(fact=failure.fact, matter=failure.matter)
    if told_before.exists():
        return None
    with transaction.atomic():
        signal = _signal(failure, now)
        signal.save(force_insert=True)
        echo = Echo(
            organisation_id=failure.site.organisation_id,
            signal=signal,
            fact=failure.fact,
            matter=failure.matter,
        )
        Echo.objects.bulk_create([echo], ignore_conflicts=True)
        if not Echo.objects.filter(pk=echo.pk).exists():
            Signal.objects.filter(pk=signal.pk).delete()
            return None
        chronicle.record(
            FailureNoticed(fact=failure.fact, matter=failure.matter),
            organisation_id=signal.organisation_id,
            at=now,
            by=chronicle.SYSTEM,
            about=signal.pk,
            caused_by=failure.caused_by,
        )
        wakeup.wake("urgent")
    return signal


def fact_of(signal: Signal) -> str:
    """The fact that the policy follows and that made this signal; empty for any other."""
    if signal.kind != Signal.Kind.INCIDENT:
        return ""
    return Echo.objects.filter(signal=signal).values_list("fact", flat=True).first() or ""


def _signal(failure: Failure, now: datetime) -> Signal:
    signal_id = new_id()
    return Signal(
        id=signal_id,
        organisation_id=failure.site.organisation_id,
        site=failure.site,
        customer=failure.customer,
        kind=failure.kind,
        key=f"{failure.kind}-{signal_id}",
        place=failure.place,
        dwell_minutes=0,
        words=failure.words[:LONGEST_WORDS],
        happened_at=now,
        received_at=now,
    )
