"""The signals that wait for triage: claiming them, and saying how far triage got."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from makegood.ground import rows
from makegood.sense.models import Signal

WITH_IT = ("site", "touchpoint")  # whoever treats a signal asks for them
WHO = "customer"  # read once the signal is held: a join would miss whom a guest has just named
SOONEST = timedelta(seconds=2)
LATEST = timedelta(minutes=5)


def claim(now: datetime, limit: int) -> list[Signal]:
    """Up to `limit` waiting signals, locked; those others hold are left to them.

    The oldest come first, so that a storm at one place starves no other. They are given back by
    place, then by age: whatever a batch locks next, every batch locks in the same order.
    """
    due = Q(try_after=None) | Q(try_after__lte=now)
    claimed = (
        Signal.objects.waiting()
        .filter(due)
        .select_for_update(skip_locked=True, no_key=True, of=("self",))
        .select_related(*WITH_IT)
        .prefetch_related(WHO)
        .order_by("received_at")[:limit]
    )
    return sorted(claimed, key=_place_then_age)


def claim_one(id: UUID) -> Signal | None:
    """The signal, locked, if it still waits and nobody else holds it."""
    free = Signal.objects.waiting().select_for_update(skip_locked=True, no_key=True, of=("self",))
    return free.select_related(*WITH_IT).prefetch_related(WHO).filter(pk=id).first()


def note_triaged(signals: Sequence[Signal]) -> None:
    """These wait no longer."""
    for signal in signals:
        signal.state, signal.try_after = Signal.State.TRIAGED, None
    rows.save_all(Signal, signals, ["state", "try_after"])


def put_off(signal: Signal, now: datetime) -> None:
    """Tries this one again later: the longer it waits already, the later."""
    waited = now - signal.received_at
    Signal.objects.waiting().filter(pk=signal.pk).update(
        try_after=now + min(max(waited, SOONEST), LATEST)
    )


def _place_then_age(signal: Signal) -> tuple[bytes, datetime, bytes]:
    place = signal.touchpoint_id or signal.pk
    return place.bytes, signal.received_at, signal.pk.bytes
