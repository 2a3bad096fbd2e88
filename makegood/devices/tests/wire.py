"""Packets as a client writes them: also those that no decent client would."""

from makegood.devices.mqtt.packets import Will


def length(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*out, number))


def frame(first: int, body: bytes) -> bytes:
    return bytes([first]) + length(len(body)) + body


def blob(data: bytes) -> bytes:
    return len(data).to_bytes(2, "big") + data


def text(words: str) -> bytes:
    return blob(words.encode())


def connect(
    client_id: str,
    *,
    clean: bool = True,
    keep_alive: int = 60,
    will: Will | None = None,
    username: str | None = None,
    password: bytes | None = None,
    level: int = 4,
    extra_flags: int = 0,
) -> bytes:
    flags = extra_flags | clean << 1
    body = text(client_id)
    if will is not None:
        flags |= 0x04 | will.qos << 3 | will.retain << 5
        body += text(will.topic) + blob(will.payload)
    if username is not None:
        flags |= 0x80
        body += text(username)
    if password is not None:
        flags |= 0x40
        body += blob(password)
    head = text("MQTT") + bytes([level, flags]) + keep_alive.to_bytes(2, "big")
    return frame(0x10, head + body)


def publish(
    topic: str,
    payload: bytes,
    *,
    packet_id: int | None = None,
    duplicate: bool = False,
    retain: bool = False,
) -> bytes:
    first = 0x30 | duplicate << 3 | (packet_id is not None) << 1 | retain
    number = b"" if packet_id is None else packet_id.to_bytes(2, "big")
    return frame(first, text(topic) + number + payload)


def puback(packet_id: int) -> bytes:
    return frame(0x40, packet_id.to_bytes(2, "big"))


def subscribe(packet_id: int, *filters: tuple[str, int]) -> bytes:
    wanted = b"".join(text(topic) + bytes([qos]) for topic, qos in filters)
    return frame(0x82, packet_id.to_bytes(2, "big") + wanted)


def unsubscribe(packet_id: int, *filters: str) -> bytes:
    return frame(0xA2, packet_id.to_bytes(2, "big") + b"".join(map(text, filters)))
