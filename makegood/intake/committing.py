"""Group commit: presses that arrive while one commit runs share the next one.

Nothing waits on purpose: an idle lane takes a press at once, and under load the batches grow by
themselves. See docs/decisions/0004-group-commit-at-the-gateway.md.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from uuid import UUID

import msgspec
import psycopg
import structlog

from makegood.intake.connecting import connect
from makegood.sense.press_statement import (
    EARLIER,
    STATEMENT,
    Press,
    earlier_parameters,
    parameters,
)

LANES = 2
LARGEST_BATCH = 32  # more would leave the other lane, and one side of the wire, with nothing to do
MOST_WAITING = 5_000

log = structlog.get_logger()


class NotCommitted(Exception):
    """The press is not safe: the database is away, or too many are waiting. Sending again helps."""


class TooMuch(NotCommitted):
    """Its touchpoint has sent more than we take from one."""


class _Waiting(msgspec.Struct, eq=False):
    """A press and whoever waits to hear that it is committed."""

    press: Press
    outcome: asyncio.Future[UUID | None]


class Committer:
    """Commits presses durably, many at a time. `committed` is called once per commit."""

    def __init__(self, database_url: str, *, committed: Callable[[], None]) -> None:
        self._url = database_url
        self._committed = committed
        self._queue: deque[_Waiting] = deque()
        self._pending: dict[tuple[UUID, str], _Waiting] = {}
        self._arrived = asyncio.Event()

    async def commit(self, press: Press) -> UUID | None:
        """The id of the committed signal: this press's, or that of an earlier one with its key.

        None when the link is not (or no longer) a touchpoint's. Raises `NotCommitted`.
        """
        name = (press.touchpoint_id, press.key)
        first = self._pending.get(name)
        if first is not None:
            return await asyncio.shield(first.outcome)
        if len(self._pending) >= MOST_WAITING:
            raise NotCommitted("too many presses are waiting")
        waiting = _Waiting(press, asyncio.get_running_loop().create_future())
        self._pending[name] = waiting
        self._queue.append(waiting)
        self._arrived.set()
        return await waiting.outcome

    async def run(self) -> None:
        """Works until cancelled."""
        async with asyncio.TaskGroup() as lanes:
            for _ in range(LANES):
                lanes.create_task(self._lane())

    async def _lane(self) -> None:
        cursor: psycopg.AsyncCursor | None = None  # kept: a new one for each batch costs a third
        try:
            while True:
                batch = await self._take()
                try:
                    # Connecting in here: a lane must outlive a database that stays away.
                    if cursor is None or cursor.connection.closed:
                        cursor = (await connect(self._url)).cursor(binary=True)
                    await self._commit_batch(cursor, batch)
                except Exception as error:  # noqa: BLE001 - the waiters must hear, the lane must live
                    log.warning("presses not committed", count=len(batch), error=str(error))
                    self._fail(batch, error)
        finally:
            if cursor is not None:
                await cursor.connection.close()

    async def _take(self) -> list[_Waiting]:
        while not self._queue:
            self._arrived.clear()
            await self._arrived.wait()
        size = min(len(self._queue), LARGEST_BATCH)
        return [self._queue.popleft() for _ in range(size)]

    async def _commit_batch(self, cursor: psycopg.AsyncCursor, batch: list[_Waiting]) -> None:
        try:
            added = await _add(cursor, [waiting.press for waiting in batch])
        except psycopg.Error as error:
            if cursor.connection.closed or len(batch) == 1:
                raise
            log.warning("a batch failed, trying each press alone", error=str(error))
            await self._commit_singly(cursor, batch)
            return
        if added:
            self._committed()
        others = []
        for waiting in batch:
            if waiting.press.signal_id in added:
                self._settle(waiting, waiting.press.signal_id)
            else:
                others.append(waiting)
        if others:
            await self._answer_others(cursor, others)

    async def _answer_others(self, cursor: psycopg.AsyncCursor, others: list[_Waiting]) -> None:
        earlier = await _earlier(cursor, [waiting.press for waiting in others])
        for waiting in others:
            name = (waiting.press.touchpoint_id, waiting.press.key)
            self._settle(waiting, earlier.get(name))

    async def _commit_singly(self, cursor: psycopg.AsyncCursor, batch: list[_Waiting]) -> None:
        for waiting in batch:
            try:
                await self._commit_batch(cursor, [waiting])
            except psycopg.Error as error:
                self._fail([waiting], error)

    def _settle(self, waiting: _Waiting, signal: UUID | None) -> None:
        self._forget(waiting)
        if not waiting.outcome.done():
            waiting.outcome.set_result(signal)

    def _fail(self, batch: list[_Waiting], error: BaseException) -> None:
        for waiting in batch:
            self._forget(waiting)
            if not waiting.outcome.done():
                failed = NotCommitted(str(error))
                waiting.outcome.set_exception(failed)

    def _forget(self, waiting: _Waiting) -> None:
        self._pending.pop((waiting.press.touchpoint_id, waiting.press.key), None)


async def _add(cursor: psycopg.AsyncCursor, presses: Sequence[Press]) -> set[UUID]:
    await cursor.execute(STATEMENT, parameters(presses), prepare=True)
    return {signal for (signal,) in await cursor.fetchall()}


async def _earlier(
    cursor: psycopg.AsyncCursor, presses: Sequence[Press]
) -> dict[tuple[UUID, str], UUID]:
    await cursor.execute(EARLIER, earlier_parameters(presses), prepare=True)
    return {(touchpoint, key): signal for touchpoint, key, signal in await cursor.fetchall()}
