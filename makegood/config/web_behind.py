"""Passes requests on to the web process on the loopback, and speaks for it while it is away."""

from collections.abc import AsyncIterator

import httpx
import structlog

from makegood.ground import asgi
from makegood.ground.asgi import Answer, Headers, Receive, Scope, Send, json_answer
from makegood.ground.tokens import Seal, TokenInvalid
from makegood.intake.door import PRESS
from makegood.intake.pages import Pages

LARGEST_BODY = 10 * 1024 * 1024
TIMEOUT = httpx.Timeout(60, connect=2, pool=10)
LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=32, keepalive_expiry=5)
COME_BACK = 3  # seconds

# Meant for one connection only (RFC 9110, 7.6.1), or ours to say.
NOT_PASSED_ON = frozenset(
    (
        b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"te",
        b"trailer", b"transfer-encoding", b"upgrade", b"proxy-connection", b"expect",
        b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto",
        b"x-forwarded-port", b"x-real-ip",
    )
)  # fmt: skip
NOT_PASSED_BACK = frozenset(
    (b"connection", b"keep-alive", b"transfer-encoding", b"upgrade", b"trailer", b"date", b"server")
)
REPEATABLE = ("GET", "HEAD")

HEARD = (
    "We heard you.",
    "Your press is safe with us. This page shows who is coming as soon as it can.",
)
AWAY = (
    "Back in a moment.",
    "This page cannot be shown right now. That is our fault. "
    "The button on the table still reaches us.",
)

log = structlog.get_logger()


class WebBehind:
    """The web process as an ASGI application."""

    def __init__(self, port: int, pages: Pages, seal: Seal) -> None:
        self._origin = httpx.URL(f"http://127.0.0.1:{port}")
        self._pages = pages
        self._seal = seal
        self._transport: httpx.AsyncHTTPTransport | None = None

    async def start(self) -> None:
        """Gets ready; connects when there is something to pass on."""
        # The bare transport: a client would keep cookies, add headers and follow redirects.
        self._transport = httpx.AsyncHTTPTransport(limits=LIMITS)

    async def stop(self) -> None:
        """Hangs up."""
        if self._transport is not None:
            await self._transport.aclose()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes one request on and its answer back, neither kept in memory as a whole."""
        try:
            response = await self._ask(scope, receive)
        except asgi.ClientGone:
            return
        except (asgi.TooLarge, httpx.HTTPError) as error:
            answer = self._instead(scope, error)
            await asgi.send_answer(send, answer, head_only=scope["method"] == "HEAD")
            return
        try:
            await _pass_back(response, send)
        finally:
            await response.aclose()

    async def _ask(self, scope: Scope, receive: Receive) -> httpx.Response:
        assert self._transport is not None
        body = _body(scope, receive)
        try:
            return await self._transport.handle_async_request(self._request(scope, body))
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
            # The web closed a kept-alive connection just as we used it again.
            if body is not None or scope["method"] not in REPEATABLE:
                raise
            return await self._transport.handle_async_request(self._request(scope, None))

    def _request(self, scope: Scope, body: AsyncIterator[bytes] | None) -> httpx.Request:
        path = scope["raw_path"] or scope["path"].encode()
        query = scope["query_string"]
        url = self._origin.copy_with(raw_path=path + b"?" + query if query else path)
        return httpx.Request(
            scope["method"],
            url,
            headers=_headers_for_web(scope),
            content=body,
            extensions={"timeout": TIMEOUT.as_dict()},
        )

    def _instead(self, scope: Scope, error: Exception) -> Answer:
        if isinstance(error, asgi.TooLarge):
            said = ("That is too large.", "We take up to 10 MB at once. Nothing was recorded.")
            return self._say(scope, 413, "too_large", *said)
        log.warning("the web is away", path=scope["path"], error=repr(error))
        if scope["method"] in REPEATABLE:
            heard = self._is_after_a_press(scope["path"])
            return self._say(scope, 503, "away", *(HEARD if heard else AWAY), heard=heard)
        if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
            return self._say(
                scope, 503, "away", "That could not be saved.",
                "Nothing was recorded. That is our fault. "
                "Go back and try again in a moment.",
            )  # fmt: skip
        return self._say(
            scope, 502, "uncertain", "We lost the thread.",
            "We cannot tell whether this was saved. That is our fault. "
            "Go back and look before you try again.",
        )  # fmt: skip

    def _is_after_a_press(self, path: str) -> bool:
        """Only a committed press has such a link, so it is true that we heard it."""
        try:
            self._seal.open(PRESS, path.removeprefix("/p/").partition("/")[0])
        except TokenInvalid:
            return False
        return path.startswith("/p/")

    def _say(
        self, scope: Scope, status: int, code: str, heading: str, words: str, *, heard: bool = False
    ) -> Answer:
        come_back = {"retry_after": str(COME_BACK)} if status == 503 else {}
        if asgi.JSON in asgi.header(scope, b"accept"):
            return json_answer(status, {"code": code, "message": words}, **come_back)
        again = scope["method"] in REPEATABLE and status == 503
        page = self._pages.plain(
            heading,
            words,
            refresh=COME_BACK if again else 0,
            foot="This page asks again by itself." if again else "",
            heard=heard,
        )
        accepts = asgi.header(scope, b"accept-encoding")
        return self._pages.answer(status, page, accepts, **come_back)


def _headers_for_web(scope: Scope) -> Headers:
    named_by_client = asgi.header(scope, b"connection").lower().encode().replace(b" ", b"")
    dropped = NOT_PASSED_ON.union(named_by_client.split(b","))
    # A name with an underscore would be mistaken for its twin with a hyphen behind us.
    kept = [(n, v) for n, v in scope["headers"] if n not in dropped and b"_" not in n]
    client = scope["client"][0] if scope["client"] else ""
    said_by_us = {
        "x-forwarded-for": client,
        "x-forwarded-proto": scope["scheme"],
        "x-forwarded-host": asgi.header(scope, b"host"),
    }
    return kept + asgi.encoded(said_by_us.items())


def _body(scope: Scope, receive: Receive) -> AsyncIterator[bytes] | None:
    announced = asgi.header(scope, b"content-length")
    if announced.isdigit() and int(announced) > LARGEST_BODY:
        raise asgi.TooLarge
    if announced in ("", "0") and not asgi.header(scope, b"transfer-encoding"):
        return None
    return _parts(receive)


async def _parts(receive: Receive) -> AsyncIterator[bytes]:
    passed = 0
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise asgi.ClientGone
        part = message.get("body", b"")
        passed += len(part)
        if passed > LARGEST_BODY:
            raise asgi.TooLarge
        more = message.get("more_body", False)
        if part:
            yield part


async def _pass_back(response: httpx.Response, send: Send) -> None:
    headers = [(n, v) for n, v in response.headers.raw if n.lower() not in NOT_PASSED_BACK]
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    assert isinstance(response.stream, httpx.AsyncByteStream)
    async for part in response.stream:
        await send({"type": "http.response.body", "body": part, "more_body": True})
    await send({"type": "http.response.body", "body": b""})
