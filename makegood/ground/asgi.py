"""The little of HTTP that raw ASGI doors share: their types, reading a body, giving an answer."""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

import msgspec

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

JSON = "application/json"
HTML = "text/html; charset=utf-8"


class TooLarge(Exception):
    """The body is larger than this door accepts."""


class ClientGone(Exception):
    """The client hung up before its request was complete."""


class Answer(msgspec.Struct, frozen=True):
    """One complete HTTP answer."""

    status: int
    body: bytes = b""
    content_type: str = HTML
    headers: tuple[tuple[str, str], ...] = ()


def header(scope: Scope, name: bytes) -> str:
    """The first header of that (lower-case) name, or nothing."""
    for found, value in scope["headers"]:
        if found == name:
            return str(value, "latin-1")
    return ""


async def read_body(scope: Scope, receive: Receive, *, limit: int) -> bytes:
    """The whole body; raises `TooLarge` as soon as it cannot fit, `ClientGone` on a hang-up."""
    announced = header(scope, b"content-length")
    if announced.isdigit() and int(announced) > limit:
        raise TooLarge
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        part: bytes = message.get("body", b"")
        body += part
        if len(body) > limit:
            raise TooLarge
        if not message.get("more_body"):
            return body


async def send_answer(send: Send, answer: Answer, *, head_only: bool = False) -> None:
    """Gives `answer` in one go; a HEAD request gets everything but the body."""
    length = str(len(answer.body)).encode()
    headers = [(b"content-type", answer.content_type.encode()), (b"content-length", length)]
    headers += encoded(answer.headers)
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head_only else answer.body})


def encoded(headers: Iterable[tuple[str, str]]) -> Headers:
    """Header names and values as ASGI wants them."""
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]


def json_answer(status: int, content: Any, **headers: str) -> Answer:
    """An answer for machines; `retry_after="2"` becomes the header Retry-After."""
    extra = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    never_kept = (("cache-control", "no-store"), *extra)
    return Answer(status, msgspec.json.encode(content), JSON, never_kept)
