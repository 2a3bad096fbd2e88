"""Server-Sent Events as bytes. Pure."""

import msgspec

RETRY = b"retry: 1000\n\n"
PING = b": still here\n\n"


class Bulletin(msgspec.Struct, frozen=True):
    """One row for one topic; `data` is JSON text on one line."""

    id: int
    topic: str
    kind: str
    data: str


def event(id: int, kind: str, data: str) -> bytes:
    """One event; the browser sends its id back when it reconnects."""
    return f"id: {id}\nevent: {kind}\ndata: {data}\n\n".encode()


def data_of(messages: bytes) -> list[bytes]:
    """The data of each event among what a stream was sent: for what speaks something else."""
    lines = messages.split(b"\n")
    return [line.removeprefix(b"data: ") for line in lines if line.startswith(b"data: ")]


def hello(id: int) -> bytes:
    """The first event for somebody who has seen nothing: show what is, then listen from `id`."""
    return event(id, "hello", "{}")


def last_seen(header: str, query: str) -> int | None:
    """The id a client saw last: its Last-Event-ID, else `last` in the address; None when new."""
    for given in (header, query):
        if given.isascii() and given.isdigit() and len(given) <= 18:
            return int(given)
    return None
