"""One connection as the server sees it: what was said, what to answer, until when to wait. Pure.

Nothing raises for what a client sends: what it says comes as events, and a client that breaks the
protocol is the event `Over`. Seconds come from the caller, on any clock that never goes back.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from makegood.devices.mqtt.frames import Frames
from makegood.devices.mqtt.packets import (
    Connect,
    Disconnect,
    Malformed,
    Packet,
    Ping,
    PubAck,
    Publish,
    Subscribe,
    Unsubscribe,
    WrongLevel,
    read,
)

INTRODUCED_WITHIN: Final = 10.0  # seconds from the connection to its CONNECT
GRACE: Final = 1.5  # [3.1.2-24]: one and a half keep-alive
LONGEST_SILENCE: Final = 3600.0  # of clients that promise nothing; they may come again
CONNECT: Final = 0x10
MOST_UNACKNOWLEDGED: Final = 32  # messages of ours on their way to one client

ACCEPTED: Final = 0
WRONG_LEVEL: Final = 1
BAD_CLIENT_ID: Final = 2
UNAVAILABLE: Final = 3
BAD_CREDENTIALS: Final = 4
NOT_ALLOWED: Final = 5

NOT_GRANTED: Final = 0x80


class Over(msgspec.Struct, frozen=True):
    """The conversation has ended: in order, or because of what the client did."""

    reason: str
    in_order: bool = False


Said = Connect | Publish | PubAck | Subscribe | Unsubscribe | Ping | Over


class Session:
    """The server's half of one conversation."""

    def __init__(self, *, opened_at: float) -> None:
        self._frames = Frames()
        self._out = bytearray()
        self._introduced = False
        self._over = False
        self._heard_at = opened_at
        self._patience = INTRODUCED_WITHIN
        self._last_id = 0
        self._unacknowledged: set[int] = set()

    def receive(self, data: bytes, *, at: float) -> list[Said]:
        """What these bytes say. After `Over` nothing more is heard."""
        said: list[Said] = []
        if self._over:
            return said
        self._frames.feed(data)
        try:
            if not self._introduced and not self._frames.begins_with(CONNECT):
                raise Malformed("CONNECT comes first")  # said at once, not when its end comes
            while frame := self._frames.take():
                packet = read(*frame)
                if self._introduced:
                    self._heard_at = at
                self._hear(packet, said)
                if self.is_over:
                    break
        except WrongLevel as error:
            if not self._introduced:
                self._connack(WRONG_LEVEL)
            self._end(said, str(error))
        except Malformed as error:
            self._end(said, str(error))
        return said

    def take(self) -> bytes:
        """What is to be sent now."""
        out, self._out = bytes(self._out), bytearray()
        return out

    @property
    def deadline(self) -> float:
        """When the client counts as lost unless it has said something by then."""
        return self._heard_at + self._patience

    @property
    def is_over(self) -> bool:
        """Whether nothing more is heard."""
        return self._over

    def accept(self) -> None:
        """Welcomes the client. What it missed lies in rows, so no session is ever present here."""
        self._connack(ACCEPTED)

    def refuse(self, code: int) -> None:
        """Sends the client away with one of the return codes of CONNACK."""
        self._connack(code)
        self._over = True

    def acknowledge(self, packet_id: int) -> None:
        """PUBACK: what the client sent is safe."""
        self._out += b"\x40\x02" + packet_id.to_bytes(2, "big")

    def grant(self, packet_id: int, codes: Sequence[int]) -> None:
        """SUBACK: for each filter the QoS granted, or `NOT_GRANTED`."""
        self._send(0x90, packet_id.to_bytes(2, "big") + bytes(codes))

    def unsubscribed(self, packet_id: int) -> None:
        """UNSUBACK."""
        self._out += b"\xb0\x02" + packet_id.to_bytes(2, "big")

    def pong(self) -> None:
        """PINGRESP."""
        self._out += b"\xd0\x00"

    def publish(self, topic: str, payload: bytes) -> int | None:
        """Sends a message with QoS 1 and says its packet id; None: too many are on their way."""
        if len(self._unacknowledged) >= MOST_UNACKNOWLEDGED:
            return None
        packet_id = self._next_id()
        self._unacknowledged.add(packet_id)
        name = topic.encode()
        head = len(name).to_bytes(2, "big") + name + packet_id.to_bytes(2, "big")
        self._send(0x32, head + payload)
        return packet_id

    def _hear(self, packet: Packet, said: list[Said]) -> None:
        if isinstance(packet, Connect) is self._introduced:
            raise Malformed("CONNECT comes first and once")  # [3.1.0-1], [3.1.0-2]
        match packet:
            case Connect():
                self._introduce(packet, said)
            case Disconnect():
                self._end(said, "the client left", in_order=True)
            case PubAck(packet_id=packet_id):
                if packet_id in self._unacknowledged:
                    self._unacknowledged.discard(packet_id)
                    said.append(packet)
            case _:
                said.append(packet)

    def _introduce(self, packet: Connect, said: list[Said]) -> None:
        if not packet.client_id and not packet.clean:
            self.refuse(BAD_CLIENT_ID)  # [3.1.3-8]
            self._end(said, "a session needs a client id")
            return
        self._introduced = True
        self._patience = packet.keep_alive * GRACE or LONGEST_SILENCE
        said.append(packet)

    def _end(self, said: list[Said], reason: str, *, in_order: bool = False) -> None:
        self._over = True
        said.append(Over(reason, in_order))

    def _next_id(self) -> int:
        while True:
            self._last_id = self._last_id % 0xFFFF + 1
            if self._last_id not in self._unacknowledged:
                return self._last_id

    def _connack(self, code: int) -> None:
        self._out += bytes((0x20, 2, 0, code))

    def _send(self, first: int, body: bytes) -> None:
        self._out.append(first)
        length = len(body)
        while length > 0x7F:
            self._out.append(length & 0x7F | 0x80)
            length >>= 7
        self._out.append(length)
        self._out += body
