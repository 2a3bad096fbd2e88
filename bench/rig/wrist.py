"""A wrist pager of the crowd: the few bytes of MQTT 3.1.1 that subscribe with QoS 1 and receipt."""

import asyncio
import time
from collections.abc import Callable
from typing import cast

import msgspec

CONNACK, PUBLISH, SUBACK = 2, 3, 9
KEEP_ALIVE = 600  # seconds: longer than a bench
QOS_1 = 0b10
SUBSCRIPTION = 1


class Wrist(msgspec.Struct, frozen=True):
    """One wrist pager: who it is, and where it hears."""

    name: str
    password: str
    topic: str


class Line(asyncio.Protocol):
    """Connects, subscribes, tells `listening`; then `heard(payload, at)` of every message."""

    def __init__(
        self,
        wrist: Wrist,
        *,
        listening: Callable[[], None],
        heard: Callable[[bytes, float], None],
        lost: Callable[[], None],
    ) -> None:
        self._wrist = wrist
        self._listening, self._heard, self._lost = listening, heard, lost
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._stream = cast(asyncio.Transport, transport)
        flags = 0b11000010  # user name, password, clean session
        head = _text("MQTT") + bytes([4, flags]) + KEEP_ALIVE.to_bytes(2, "big")
        said = [self._wrist.topic.replace("/", "-"), self._wrist.name, self._wrist.password]
        self._say(0x10, head + b"".join(map(_text, said)))

    def data_received(self, data: bytes) -> None:
        at = time.time()
        self._read += data
        while (packet := self._next()) is not None:
            self._hear(*packet, at)

    def connection_lost(self, exc: Exception | None) -> None:
        self._lost()

    def _next(self) -> tuple[int, bytes] | None:
        length, end = 0, 1
        while True:
            if len(self._read) <= end:
                return None
            byte = self._read[end]
            length |= (byte & 0x7F) << 7 * (end - 1)
            end += 1
            if not byte & 0x80:
                break
        if len(self._read) < end + length:
            return None
        first, body = self._read[0], self._read[end : end + length]
        self._read = self._read[end + length :]
        return first, body

    def _hear(self, first: int, body: bytes, at: float) -> None:
        kind = first >> 4
        if kind == CONNACK:
            assert body[1] == 0, f"{self._wrist.name} is refused: {body[1]}"
            self._say(0x82, SUBSCRIPTION.to_bytes(2, "big") + _text(self._wrist.topic) + b"\x01")
        elif kind == SUBACK:
            self._listening()
        elif kind == PUBLISH:
            rest = 2 + int.from_bytes(body[:2], "big")
            if first & QOS_1:
                self._say(0x40, body[rest : rest + 2])
                rest += 2
            self._heard(body[rest:], at)

    def _say(self, first: int, body: bytes) -> None:
        length, bytes_of_length = len(body), bytearray()
        while True:
            length, low = divmod(length, 128)
            bytes_of_length.append(low | (0x80 if length else 0))
            if not length:
                break
        self._stream.write(bytes([first]) + bytes_of_length + body)


def _text(words: str) -> bytes:
    said = words.encode()
    return len(said).to_bytes(2, "big") + said
