"""What a client may send, read strictly: bytes in, packets out. Pure.

MQTT 3.1.1 (OASIS standard, 2014); numbers in square brackets are its normative statements.
"""

from collections.abc import Callable
from typing import Final, TypeVar

import msgspec

LONGEST_CLIENT_ID: Final = 128
LONGEST_TOPIC: Final = 256
MOST_FILTERS: Final = 16  # in one SUBSCRIBE or UNSUBSCRIBE
PROTOCOL_LEVEL: Final = 4  # what 3.1.1 calls itself

Filter = TypeVar("Filter")


class Malformed(Exception):
    """The client broke the protocol, or wants what we do not offer; the connection ends."""


class WrongLevel(Malformed):
    """It is MQTT, but not 3.1.1."""


class Will(msgspec.Struct, frozen=True):
    """What the client wants said when it is lost."""

    topic: str
    payload: bytes
    qos: int
    retain: bool


class Connect(msgspec.Struct, frozen=True):
    """Somebody introduces themselves. `keep_alive` is in seconds; 0: they promise nothing."""

    client_id: str
    clean: bool
    keep_alive: int
    will: Will | None = None
    username: str | None = None
    password: bytes | None = None


class Publish(msgspec.Struct, frozen=True):
    """A message. Without a packet id (QoS 0) nobody waits for our word."""

    topic: str
    payload: bytes
    packet_id: int | None = None
    duplicate: bool = False
    retain: bool = False


class PubAck(msgspec.Struct, frozen=True):
    """The client has a message of ours."""

    packet_id: int


class Subscribe(msgspec.Struct, frozen=True):
    """Which topics the client wants to hear, each with the highest QoS it wants."""

    packet_id: int
    filters: tuple[tuple[str, int], ...]


class Unsubscribe(msgspec.Struct, frozen=True):
    """Which topics it does not want to hear any more."""

    packet_id: int
    filters: tuple[str, ...]


class Ping(msgspec.Struct, frozen=True):
    """The client is still there."""


class Disconnect(msgspec.Struct, frozen=True):
    """The client leaves in order: its will is void."""


Packet = Connect | Publish | PubAck | Subscribe | Unsubscribe | Ping | Disconnect


def read(first: int, body: bytes) -> Packet:
    """The packet of a frame; raises `Malformed` for whatever is not exactly one."""
    kind, flags = first >> 4, first & 0x0F
    if kind == PUBLISH:
        return _publish(flags, body)
    known = _READERS.get(kind)
    if known is None:
        raise Malformed(f"a client does not send packets of type {kind}")
    expected, reader = known
    if flags != expected:
        raise Malformed("reserved flags are set")  # [2.2.2-2]
    fields = _Fields(body)
    packet = reader(fields)
    fields.end()
    return packet


class _Fields:
    """Takes fields off a body, one after the other, and never reads past its end."""

    __slots__ = ("_at", "_body")

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._at = 0

    def take(self, length: int) -> bytes:
        part = self._body[self._at : self._at + length]
        if len(part) != length:
            raise Malformed("a packet ends within a field")
        self._at += length
        return part

    def byte(self) -> int:
        return self.take(1)[0]

    def number(self) -> int:
        return int.from_bytes(self.take(2), "big")

    def packet_id(self) -> int:
        number = self.number()
        if number == 0:
            raise Malformed("a packet id is not 0")  # [2.3.1-1]
        return number

    def blob(self) -> bytes:
        return self.take(self.number())

    def text(self) -> str:
        try:
            text = self.blob().decode("utf-8")  # refuses surrogates [1.5.3-1]
        except UnicodeDecodeError as error:
            raise Malformed("a text is not UTF-8") from error
        if "\0" in text:
            raise Malformed("a text holds U+0000")  # [1.5.3-2]
        return text

    def rest(self) -> bytes:
        return self.take(len(self._body) - self._at)

    def at_end(self) -> bool:
        return self._at == len(self._body)

    def end(self) -> None:
        if not self.at_end():
            raise Malformed("a packet is longer than its fields")


def _connect(fields: _Fields) -> Connect:
    if fields.blob() != b"MQTT":
        raise Malformed("this is not MQTT 3.1.1")  # [3.1.2-1]
    if fields.byte() != PROTOCOL_LEVEL:
        raise WrongLevel("only MQTT 3.1.1 is spoken here")  # [3.1.2-2]
    flags = fields.byte()
    if flags & 0x01:
        raise Malformed("a reserved flag is set")  # [3.1.2-3]
    keep_alive = fields.number()
    client_id = fields.text()
    if len(client_id) > LONGEST_CLIENT_ID:
        raise Malformed("the client id is too long")
    will = _will(fields, flags)
    has_name, has_password = bool(flags & 0x80), bool(flags & 0x40)
    if has_password and not has_name:
        raise Malformed("a password without a user name")  # [3.1.2-22]
    return Connect(
        client_id=client_id,
        clean=bool(flags & 0x02),
        keep_alive=keep_alive,
        will=will,
        username=fields.text() if has_name else None,
        password=fields.blob() if has_password else None,
    )


def _will(fields: _Fields, flags: int) -> Will | None:
    qos, retain = (flags >> 3) & 0x03, bool(flags & 0x20)
    if not flags & 0x04:
        if qos or retain:
            raise Malformed("a will without a will")  # [3.1.2-13], [3.1.2-15]
        return None
    if qos == 3:
        raise Malformed("there is no QoS 3")  # [3.1.2-14]
    return Will(topic=_topic(fields), payload=fields.blob(), qos=qos, retain=retain)


def _topic(fields: _Fields) -> str:
    topic = fields.text()
    if not topic or len(topic) > LONGEST_TOPIC:
        raise Malformed("a topic has between 1 and 256 characters")  # [4.7.3-1]
    if "#" in topic or "+" in topic:
        raise Malformed("a message goes to one topic")  # [3.3.2-2]
    return topic


def _publish(flags: int, body: bytes) -> Publish:
    qos, duplicate = (flags >> 1) & 0x03, bool(flags & 0x08)
    if qos > 1:
        raise Malformed("QoS 2 is not offered here; QoS 1 is")
    if duplicate and not qos:
        raise Malformed("nothing of QoS 0 is ever sent again")  # [3.3.1-2]
    fields = _Fields(body)
    topic = _topic(fields)
    packet_id = fields.packet_id() if qos else None
    return Publish(
        topic=topic,
        payload=fields.rest(),
        packet_id=packet_id,
        duplicate=duplicate,
        retain=bool(flags & 0x01),
    )


def _puback(fields: _Fields) -> PubAck:
    return PubAck(fields.packet_id())


def _subscribe(fields: _Fields) -> Subscribe:
    packet_id = fields.packet_id()
    filters = []
    while not fields.at_end():
        wanted, qos = _filter(fields), fields.byte()
        if qos > 2:
            raise Malformed("there is no such QoS")  # [3.8.3-4]
        filters.append((wanted, qos))
    return Subscribe(packet_id, _some(filters))


def _unsubscribe(fields: _Fields) -> Unsubscribe:
    packet_id = fields.packet_id()
    filters = []
    while not fields.at_end():
        filters.append(_filter(fields))
    return Unsubscribe(packet_id, _some(filters))


def _filter(fields: _Fields) -> str:
    wanted = fields.text()
    if not wanted or len(wanted) > LONGEST_TOPIC:
        raise Malformed("a topic filter has between 1 and 256 characters")  # [4.7.3-1]
    levels = wanted.split("/")
    for place, level in enumerate(levels, start=1):
        if "#" in level and (level != "#" or place != len(levels)):
            raise Malformed("# stands alone and last")  # [4.7.1-2]
        if "+" in level and level != "+":
            raise Malformed("+ stands for a whole level")  # [4.7.1-3]
    return wanted


def _some(filters: list[Filter]) -> tuple[Filter, ...]:
    if not 1 <= len(filters) <= MOST_FILTERS:  # [3.8.3-3], [3.10.3-2]
        raise Malformed(f"between 1 and {MOST_FILTERS} topic filters, please")
    return tuple(filters)


PUBLISH = 3
_READERS: dict[int, tuple[int, Callable[[_Fields], Packet]]] = {
    1: (0, _connect),
    4: (0, _puback),
    8: (2, _subscribe),
    10: (2, _unsubscribe),
    12: (0, lambda fields: Ping()),
    14: (0, lambda fields: Disconnect()),
}
