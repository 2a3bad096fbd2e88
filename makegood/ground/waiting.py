"""The state is the queue: lanes of workers that claim waiting rows and treat them.

A room's `jobs.py` describes each kind of waiting row as a `Work`; `config/lanes.py` puts works into
lanes. Nothing is enqueued: a row whose own state says that it waits is the job.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, ClassVar

import structlog
from django.db import connection, transaction

from makegood.ground import heartbeats, locks

log = structlog.get_logger()

LOOKS_AGAIN_AFTER = 0.2  # seconds: for what falls due while slow calls are under way


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


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One kind of waiting row whose treatment goes over the network, so outside a transaction.

    The intention is written and committed, then the call is made, then its result is written.

    claim(now): the next row that waits, or None; marks it with a lease in the caller's transaction,
        so that nobody else takes it until the lease is over.
    deliver(row, now): makes the call, in no transaction; what it returns is the result.
    settle(row, result, now): writes the result, in a transaction of its own.
    failed(row, error, now): the same for a call, or a settlement, that raised.
    next_due(now): when the next row falls due, or None.
    at_once: how many calls may be under way together, so that a slow receiver keeps nobody else
        waiting. More than one are made in threads: `deliver` must not use the database then.
    batch: one at a time.

    Who dies between the call and its result leaves a lease that runs out, and the row is delivered
    again: the receiver must be able to recognise a repeat.
    """

    name: str
    claim: Callable[[datetime], Any | None]
    deliver: Callable[[Any, datetime], Any]
    settle: Callable[[Any, Any, datetime], object]
    failed: Callable[[Any, Exception, datetime], object]
    next_due: Callable[[datetime], datetime | None] | None = None
    at_once: int = 1
    batch: ClassVar[int] = 1


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


def treat_waiting(work: Work | Delivery, *, now: datetime) -> int:
    """Treats one batch, or one delivery, and says how many rows it took; 0: nothing waits."""
    beat()
    if isinstance(work, Delivery):
        return _deliver_one(work, now=now) if work.at_once == 1 else _deliver_many(work, now=now)
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


def _deliver_one(delivery: Delivery, *, now: datetime) -> int:
    with transaction.atomic():
        row = delivery.claim(now)
    if row is None:
        return 0
    call: Future[Any] = Future()
    try:
        call.set_result(delivery.deliver(row, now))
    except Exception as error:  # noqa: BLE001 - raised again, and logged, where it is settled
        call.set_exception(error)
    _settle(delivery, row, call, now=now)
    return 1


def _deliver_many(delivery: Delivery, *, now: datetime) -> int:
    """Keeps up to `at_once` calls under way until nothing waits; settles each as it comes back."""
    began, took = monotonic(), 0
    under_way: dict[Future[Any], Any] = {}
    with ThreadPoolExecutor(delivery.at_once, thread_name_prefix=delivery.name) as pool:
        while True:
            at = now + timedelta(seconds=monotonic() - began)
            for row in _claim_up_to(
                delivery.at_once - len(under_way), delivery, at if took else now
            ):
                under_way[pool.submit(delivery.deliver, row, at)] = row
                took += 1
            if not under_way:
                return took
            beat()
            done, _ = wait(under_way, LOOKS_AGAIN_AFTER, return_when=FIRST_COMPLETED)
            at = now + timedelta(seconds=monotonic() - began)
            for call in done:
                _settle(delivery, under_way.pop(call), call, now=at)


def _claim_up_to(limit: int, delivery: Delivery, now: datetime) -> Iterator[Any]:
    for _ in range(limit):
        with transaction.atomic():
            row = delivery.claim(now)
        if row is None:
            return
        yield row


def _settle(delivery: Delivery, row: Any, call: Future[Any], *, now: datetime) -> None:
    try:
        with transaction.atomic():
            delivery.settle(row, call.result(), now)
    except Exception as error:
        log.exception("a delivery failed", work=delivery.name, row=str(row.pk))
        with transaction.atomic():
            delivery.failed(row, error, now)
