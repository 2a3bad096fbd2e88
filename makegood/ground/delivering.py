"""Waiting rows whose treatment is a call over the network: made between two transactions."""

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, ClassVar, Self

import structlog
from django.db import transaction

log = structlog.get_logger()

LOOKS_AGAIN_AFTER = 0.2  # seconds: for what falls due while slow calls are under way
MOST_THREADS = 64  # made when they are needed; each delivery has its own bound besides


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


class Calls:
    """The calls that are under way, each in a thread. `with` it; at the end they have come back."""

    def __init__(self) -> None:
        self.under_way: dict[Future[Any], tuple[Delivery, Any]] = {}
        self._pool = ThreadPoolExecutor(MOST_THREADS, thread_name_prefix="call")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown()

    def start(self, delivery: Delivery, *, now: datetime) -> int:
        """Calls for as many rows as wait and may be under way together; says how many."""
        ours = sum(one is delivery for one, _ in self.under_way.values())
        started = 0
        for row in _claim_up_to(delivery.at_once - ours, delivery, now):
            self.under_way[self._pool.submit(delivery.deliver, row, now)] = delivery, row
            started += 1
        return started

    def settle(self, now: datetime) -> None:
        """Waits a moment for calls to come back, and writes what they came to."""
        done, _ = wait(self.under_way, LOOKS_AGAIN_AFTER, return_when=FIRST_COMPLETED)
        for call in done:
            delivery, row = self.under_way.pop(call)
            _settle(delivery, row, call, now=now)


def deliver_one(delivery: Delivery, *, now: datetime) -> int:
    """Delivers the next row, in this thread; says whether there was one, as 1 or 0."""
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
