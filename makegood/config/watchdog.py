"""`/watchdog` for outside monitors: 200 while the work in the background is on time, else 503.

It lives in the gateway, which stays up while workers and web are down, and asks the database what
ought to have moved by now. However many ask, it asks the database once in two seconds at most.
"""

import asyncio
import time
from typing import Any, Final

import psycopg
import structlog

from makegood.ground import heartbeats
from makegood.ground.asgi import Answer, Scope, Send, json_answer, send_answer
from makegood.intake.connecting import connect
from makegood.page.proof.lateness import LATE, read_late, read_silent

ASKS_EVERY: Final = 2.0  # seconds
PATIENCE: Final = 4.0  # seconds for the database to answer

log = structlog.get_logger()


class Watchdog:
    """The door `/watchdog`. `start` and `stop` it around serving."""

    def __init__(self, database_url: str, *, broker: bool) -> None:
        """`broker`: devices come through one, which has to be heard too."""
        self._url = database_url
        self._broker = broker
        self._turn = asyncio.Lock()
        self._asked_at = float("-inf")
        self._answer = _say([_late("database", None, "Nothing was asked yet.")])
        self._connection: psycopg.AsyncConnection | None = None

    async def start(self) -> None:
        """Connects when somebody asks."""

    async def stop(self) -> None:
        """Hangs up."""
        await self._hang_up()

    async def __call__(self, scope: Scope, send: Send) -> None:
        """Answers one request."""
        if scope["method"] not in ("GET", "HEAD"):
            refused = {"code": "wrong_method", "message": "Ask with GET."}
            await send_answer(send, json_answer(405, refused, allow="GET, HEAD"))
            return
        async with self._turn:
            if time.monotonic() - self._asked_at >= ASKS_EVERY:
                self._answer = await self._look()
                self._asked_at = time.monotonic()
        await send_answer(send, self._answer, head_only=scope["method"] == "HEAD")

    async def _look(self) -> Answer:
        try:
            return _say(await asyncio.wait_for(self._ask(), PATIENCE))
        except (psycopg.Error, OSError, TimeoutError) as error:
            log.warning("the watchdog cannot ask the database", error=repr(error))
            await self._hang_up()
            return _say([_late("database", None, "The database does not answer.")])

    async def _ask(self) -> list[dict[str, Any]]:
        if self._connection is None or self._connection.closed:
            self._connection = await connect(self._url)
        beats = await (await self._connection.execute(heartbeats.SINCE)).fetchall()
        waiting = await (await self._connection.execute(LATE, {"now": None})).fetchall()
        lanes = read_silent(beats, broker=self._broker)
        silent = [_late(one.what, one.seconds, one.words) for one in lanes]
        worst = {one.queue: one for one in reversed(read_late(waiting))}
        return silent + [_late(one.queue, one.seconds, one.words) for one in worst.values()]

    async def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()


def _late(what: str, seconds: float | None, words: str) -> dict[str, Any]:
    return {"what": what, "seconds": None if seconds is None else round(seconds), "words": words}


def _say(late: list[dict[str, Any]]) -> Answer:
    words = " ".join(one["words"] for one in late) or "Everything is on time."
    return json_answer(503 if late else 200, {"on_time": not late, "words": words, "late": late})
