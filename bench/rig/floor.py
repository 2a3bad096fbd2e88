"""The bare floor: the least that takes a press durably and shows it on a pager. No product code.

One uvicorn process, raw ASGI: `POST /press/<pager>/<place>` inserts one row, committed before it is
answered, and hands the place to the stream `GET /live/<pager>`; or, if it is given the port of an
MQTT broker, publishes it there with QoS 1 to `p/<pager>`.

`python -m bench.rig.floor PORT [BROKER]`
"""

import asyncio
import contextlib
import json
import os
import sys
from collections import defaultdict
from urllib.parse import unquote

import uvicorn
from aiomqtt import Client
from psycopg_pool import AsyncConnectionPool

from makegood.ground.asgi import Receive, Scope, Send

INSERT = "insert into bench_floor (place, body) values (%s, %s)"
CONNECTIONS = 4


class Floor:
    """The application."""

    def __init__(self, database_url: str, broker: int | None) -> None:
        self._broker_port = broker
        self._broker: Client | None = None
        self._pool = AsyncConnectionPool(
            database_url,
            min_size=CONNECTIONS,
            max_size=CONNECTIONS,
            open=False,
            kwargs={"autocommit": True, "prepare_threshold": 0},
        )
        self._pagers: defaultdict[str, asyncio.Queue[str]] = defaultdict(asyncio.Queue)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request, or the life of the process."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["method"] == "POST":
            await self._press(scope, receive, send)
        else:
            await self._stream(scope, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        async with contextlib.AsyncExitStack() as open_until_the_end:
            await open_until_the_end.enter_async_context(self._pool)
            if self._broker_port:
                self._broker = Client("127.0.0.1", self._broker_port)
                await open_until_the_end.enter_async_context(self._broker)
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})

    async def _press(self, scope: Scope, receive: Receive, send: Send) -> None:
        _, _, pager, place = unquote(scope["path"]).split("/")
        body = (await receive())["body"].decode()
        async with self._pool.connection() as connection:
            await connection.execute(INSERT, (place, body))
        await send({"type": "http.response.start", "status": 202, "headers": []})
        await send({"type": "http.response.body", "body": b""})
        if self._broker:
            await self._broker.publish(f"p/{pager}", json.dumps({"place": place}), qos=1)
        else:
            self._pagers[pager].put_nowait(place)

    async def _stream(self, scope: Scope, send: Send) -> None:
        heard = self._pagers[scope["path"].rpartition("/")[2]]
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await _part(send, "event: hello\ndata: {}\n\n")
        while True:
            await _part(send, f'event: ring\ndata: {{"place": "{await heard.get()}"}}\n\n')


async def _part(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


def main() -> None:
    """Serves on a loopback port until SIGTERM."""
    uvicorn.run(
        Floor(os.environ["DATABASE_URL"], int(sys.argv[2]) if sys.argv[2:] else None),
        host="127.0.0.1",
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        ws="none",
        access_log=False,
        log_level="critical",  # cutting the streams off at the end is no news
        backlog=4096,
        timeout_graceful_shutdown=1,
    )


if __name__ == "__main__":
    main()
