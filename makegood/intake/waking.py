"""Wakes the urgent lane after commits: at once, and in a storm a few hundred times a second."""

import asyncio

import psycopg
import structlog

from makegood.intake.connecting import connect

CHANNEL = "makegood_lane"  # the same as ground's wakeup.LANE_CHANNEL, which lives in Django
LANE = "urgent"
BETWEEN_CALLS = 0.005  # seconds; each call is a commit of its own that holds up the others

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
            await asyncio.sleep(BETWEEN_CALLS)
