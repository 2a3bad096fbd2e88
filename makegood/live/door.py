"""The public door: GET /live/<kind>/<token> is one topic's bulletins as Server-Sent Events."""

import asyncio
import contextlib
from urllib.parse import parse_qs
from uuid import UUID

import psycopg
import structlog

from makegood.ground import asgi
from makegood.ground.asgi import Receive, Scope, Send, json_answer
from makegood.ground.tokens import Seal, TokenInvalid
from makegood.live import wire
from makegood.live.bulletins import Bulletins
from makegood.live.listening import Listener
from makegood.live.streams import Stream, Streams, TooMany

PREFIX = "/live/"
KINDS = ("staff", "site", "case", "signal")
PING_EVERY = 15.0
PING_TURNS = 150  # thousands pinged at once would let a press wait for half a second
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]

log = structlog.get_logger()


class Refusal(Exception):
    """Why no stream is opened."""

    def __init__(self, status: int, code: str, message: str, **headers: str) -> None:
        super().__init__(message)
        self.answer = json_answer(status, {"code": code, "message": message}, **headers)


class Live:
    """Everything under /live/. `start` and `stop` it around serving."""

    def __init__(self, *, database_url: str, secret: str) -> None:
        self.streams = Streams()
        self._seal = Seal(secret)
        self._bulletins = Bulletins(database_url)
        self._listener = Listener(database_url, self._bulletins, self.streams)
        self._work: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begins to listen."""
        self._work = [asyncio.create_task(work) for work in (self._listener.run(), self._ping())]

    def leave(self) -> None:
        """Ends every stream now, so that the process can stop at once; clients reconnect."""
        self.streams.end_all()

    async def stop(self) -> None:
        """Ends everything."""
        self.leave()
        for work in self._work:
            work.cancel()
        await asyncio.gather(*self._work, return_exceptions=True)
        await self._bulletins.close()

    async def ready(self) -> None:
        """Waits until bulletins are heard."""
        await self._listener.ready.wait()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Streams to one client until it hangs up, is too slow, or we leave."""
        kind, _, token = scope["path"].removeprefix(PREFIX).partition("/")
        try:
            about = await self._admit(scope, kind, token)
            stream = self._open(f"{kind}:{about}", token)
        except Refusal as refusal:
            await asgi.send_answer(send, refusal.answer, head_only=scope["method"] == "HEAD")
            return
        except (psycopg.Error, OSError) as error:
            # A browser reconnects by itself after a stream that ended, never after an error.
            log.warning("cannot admit a listener yet", error=str(error))
            await _send_start(send)
            await send({"type": "http.response.body", "body": wire.RETRY})
            return
        try:
            await self._serve(scope, receive, send, stream)
        finally:
            self.streams.close(stream, token)

    async def _admit(self, scope: Scope, kind: str, token: str) -> UUID:
        if scope["method"] != "GET":
            raise Refusal(405, "wrong_method", "A stream is opened by GET.", allow="GET")
        try:
            sealed = self._seal.open(f"stream:{kind}", token)
        except TokenInvalid as error:
            raise Refusal(404, "not_found", "There is no such stream.") from error
        if kind not in KINDS:
            raise Refusal(404, "not_found", "There is no such stream.")
        may = self._bulletins.staff_may_listen
        if kind == "staff" and not await may(sealed.id, sealed.version):
            raise Refusal(403, "not_allowed", "This pager's link has been withdrawn.")
        return sealed.id

    def _open(self, topic: str, token: str) -> Stream:
        try:
            return self.streams.open(topic, token)
        except TooMany as error:
            message = "This stream is open too many times."
            raise Refusal(429, "too_many", message, retry_after="5") from error

    async def _serve(self, scope: Scope, receive: Receive, send: Send, stream: Stream) -> None:
        watch = asyncio.create_task(_until_gone(receive, stream))
        try:
            await _send_start(send)
            await _send_part(send, wire.RETRY + await self._opening(scope, stream.topic))
            while messages := await stream.take():
                async with asyncio.timeout(PING_EVERY):
                    await _send_part(send, messages)
            await send({"type": "http.response.body", "body": b""})
        except TimeoutError:
            log.info("a listener is too slow and is dropped", topic=stream.topic)
        except (psycopg.Error, OSError) as error:
            log.warning("cannot replay", topic=stream.topic, error=str(error))
            await send({"type": "http.response.body", "body": b""})
        finally:
            watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watch

    async def _opening(self, scope: Scope, topic: str) -> bytes:
        """What comes first: the missed bulletins, or hello. The stream is already listening, so
        nothing falls between; what is sent twice carries the same id, and the client ignores it."""
        query = parse_qs(scope["query_string"].decode("latin-1")).get("last", [""])[0]
        last = wire.last_seen(asgi.header(scope, b"last-event-id"), query)
        newest = self._listener.last
        if newest is None:
            newest = await self._bulletins.latest()
        if last is None or last > newest:
            return wire.hello(newest)
        missed = await self._bulletins.of_topic_since(topic, last)
        if missed is None:
            return wire.hello(newest)
        return b"".join(wire.event(b.id, b.kind, b.data) for b in missed)

    async def _ping(self) -> None:
        while True:
            for some in self.streams.turns(PING_TURNS):
                await asyncio.sleep(PING_EVERY / PING_TURNS)
                for stream in some:
                    stream.put(wire.PING)


async def _send_start(send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})


async def _send_part(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _until_gone(receive: Receive, stream: Stream) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.end()
