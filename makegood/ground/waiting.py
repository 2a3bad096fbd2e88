"""The state is the queue: lanes of workers that claim waiting rows and treat them.

A room's `jobs.py` describes each kind of waiting row as a `Work`; `config/lanes.py` puts works into
lanes. Nothing is enqueued: a row whose own state says that it waits is the job.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import structlog
from django.db import connection, transaction

from makegood.ground import heartbeats, locks
from makegood.ground.delivering import Calls, Delivery, deliver_one

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class Work:
    """One kind of waiting row.

    claim(now, limit): rows that wait, locked with SKIP LOCKED, in the caller's transaction.
    treat(rows, now): does what they wait for, in the same transaction.
    failed(row, error, now): in a transaction of its own, puts a row that cannot be treated off,
        so that it never blocks the others.
    next_due(now): when the next row falls due, or None; for works that wait for time.
    """

    name: str
    claim: Callable[[datetime, int], Sequence[Any]]
    treat: Callable[[Sequence[Any], datetime], None]
    failed: Callable[[Any, Exception, datetime], None]
    next_due: Callable[[datetime], datetime | None] | None = None
    batch: int = 50


class Pulse(threading.local):
    """What the lane of this thread is called, and when it last said that it is well."""

    name: str = ""
    beat: float = 0.0


_pulse = Pulse()


def beat_as(name: str) -> None:
    """From now on what this thread treats says so under this name: see `heartbeats`."""
    _pulse.name, _pulse.beat = name, 0.0
    beat()


def beat() -> None:
    """Says that this lane is well, now and then; in a thread that is no lane nothing."""
    if _pulse.name and monotonic() - _pulse.beat >= heartbeats.EVERY.total_seconds():
        with connection.cursor() as cursor:
            cursor.execute(heartbeats.BEAT, {"name": _pulse.name})
        _pulse.beat = monotonic()


@dataclass(frozen=True)
class Round:
    """What one round over some works came to."""

    took: int
    leaves_more: bool


def treat_waiting(work: Work | Delivery, *, now: datetime) -> int:
    """Treats one batch, or one delivery, and says how many rows it took; 0: nothing waits."""
    return treat_round([work], now=now).took


def treat_round(works: Sequence[Work | Delivery], *, now: datetime) -> Round:
    """Treats a batch of each of `works`, in order.

    As long as a call is under way it looks again at all of them: who is slow to answer one keeps
    the others waiting for nothing. What took all it may at once can have left something behind.
    """
    began, took = monotonic(), 0
    with Calls() as calls:
        while True:
            beat()
            at = now + timedelta(seconds=monotonic() - began) if took else now
            took_all = False
            for work in works:
                if isinstance(work, Delivery) and work.at_once > 1:
                    took += calls.start(work, now=at)
                else:
                    some = _treat_some(work, now=at)
                    took += some
                    took_all = took_all or some >= work.batch
            if not calls.under_way:
                return Round(took, took_all)
            calls.settle(now + timedelta(seconds=monotonic() - began))


def _treat_some(work: Work | Delivery, *, now: datetime) -> int:
    if isinstance(work, Delivery):
        return deliver_one(work, now=now)
    return _treat_batch(work, now=now, limit=work.batch)


def _treat_batch(work: Work, *, now: datetime, limit: int) -> int:
    """A batch shares one transaction. If it breaks, it is rolled back and its halves are treated,
    down to the row that breaks alone, which is put off.

    A batch holds many matters at once, so it is the batch that gives way to people, not they to it.
    """
    rows: Sequence[Any] = ()
    try:
        with transaction.atomic():
            rows = work.claim(now, limit)
            if rows:
                if limit > 1:
                    locks.wait_at_most(locks.GIVES_WAY_AFTER)
                work.treat(rows, now)
        return len(rows)
    except Exception as error:
        if not rows:
            raise
        if limit == 1:
            return _put_off(work, rows[0], error, now=now)
        if locks.was_in_the_way(error):
            log.info("a batch gave way, treating its halves", work=work.name, rows=len(rows))
        else:
            log.exception("a batch failed, treating its halves", work=work.name, rows=len(rows))
    half = len(rows) // 2
    halves = [size for size in (half, len(rows) - half) if size]
    return sum(_treat_batch(work, now=now, limit=size) for size in halves)


def _put_off(work: Work, row: Any, error: Exception, *, now: datetime) -> int:
    log.exception("a row failed and is put off", work=work.name, row=str(row.pk))
    with transaction.atomic():
        work.failed(row, error, now)
    return 1


def treat_all_waiting(work: Work | Delivery, *, now: datetime) -> int:
    """Treats batches until nothing waits; for the console's `tick` and for tests."""
    total = 0
    while took := treat_waiting(work, now=now):
        total += took
    return total
