"""Wakes the urgent lane after commits: one NOTIFY for all that happened while the last one ran."""

import asyncio

import psycopg
import structlog

from makegood.intake.connecting import connect

CHANNEL = "makegood_lane"  # the same as ground's wakeup.LANE_CHANNEL, which lives in Django
LANE = "urgent"

log = structlog.get_logger()


class Waker:
    """One connection that calls. A call lost with it is found again by the lane's sweep."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._wanted = asyncio.Event()

    def wake(self) -> None:
        """Call soon; calls wanted meanwhile are merged."""
        self._wanted.set()

    async def run(self) -> None:
        """Calls whenever wanted, until cancelled."""
        while True:
            try:
                async with await connect(self._url) as connection:
                    await self._serve(connection)
            except (psycopg.Error, OSError) as error:
                log.warning("cannot wake the urgent lane", error=str(error))
                await asyncio.sleep(0.5)

    async def _serve(self, connection: psycopg.AsyncConnection) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            await connection.execute("select pg_notify(%s, %s)", (CHANNEL, LANE))
