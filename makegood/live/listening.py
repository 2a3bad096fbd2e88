"""Hears that bulletins were posted, reads them, and hands them to the streams of their topics."""

import asyncio

import psycopg
import structlog

from makegood.live.bulletins import Bulletins, connect
from makegood.live.streams import Streams
from makegood.live.wire import Bulletin, event

CHANNEL = "makegood_bulletin"  # the same as ground's bulletins.CHANNEL, which lives in Django
DATABASE_GONE_PAUSE = 0.3

log = structlog.get_logger()


class Listener:
    """One LISTEN connection. Calls that come while rows are read are read together."""

    def __init__(self, database_url: str, bulletins: Bulletins, streams: Streams) -> None:
        self._url = database_url
        self._bulletins = bulletins
        self._streams = streams
        self._called: list[int] = []
        self._wake = asyncio.Event()
        self.last: int | None = None
        self.ready = asyncio.Event()

    async def run(self) -> None:
        """Listens until cancelled; after a lost connection reads what everybody missed."""
        while True:
            try:
                async with await connect(self._url) as ear:
                    await ear.execute(f"listen {CHANNEL}")
                    await self._catch_up()
                    self.ready.set()
                    async with asyncio.TaskGroup() as both:
                        both.create_task(self._hear(ear))
                        both.create_task(self._read())
            except* (psycopg.Error, OSError) as errors:
                log.warning("bulletins are not heard", error=str(errors.exceptions[0]))
            self.ready.clear()
            await asyncio.sleep(DATABASE_GONE_PAUSE)

    async def _catch_up(self) -> None:
        if self.last is None:
            self.last = await self._bulletins.latest()
        else:
            self._hand_out(await self._bulletins.all_since(self.last))

    async def _hear(self, ear: psycopg.AsyncConnection) -> None:
        async for call in ear.notifies():
            self._called += [int(part) for part in call.payload.split(",") if part.isdigit()]
            self._wake.set()

    async def _read(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            ids, self._called = self._called, []
            if ids:
                self._hand_out(await self._bulletins.new(ids))

    def _hand_out(self, bulletins: list[Bulletin]) -> None:
        for bulletin in bulletins:
            self._streams.send(bulletin.topic, event(bulletin.id, bulletin.kind, bulletin.data))
            self.last = max(self.last or 0, bulletin.id)
