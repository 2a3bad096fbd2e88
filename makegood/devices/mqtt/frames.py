"""Cuts a stream of bytes into packets, and never keeps more than one of the largest."""

from makegood.devices.mqtt.packets import Malformed

LARGEST_BODY = 8 * 1024


class Frames:
    """Feed it bytes as they come; take whole packets as (first byte, body)."""

    def __init__(self, *, largest: int = LARGEST_BODY) -> None:
        self.largest = largest
        self._kept = bytearray()

    def feed(self, data: bytes) -> None:
        """More of the stream. Take all packets before feeding again."""
        self._kept += data

    def take(self) -> tuple[int, bytes] | None:
        """The next whole packet, or None; raises `Malformed` as soon as one cannot be right."""
        head = self._head()
        if head is None:
            return None
        begins, length = head
        if len(self._kept) < begins + length:
            return None
        first, body = self._kept[0], bytes(self._kept[begins : begins + length])
        del self._kept[: begins + length]
        return first, body

    def begins_with(self, first: int) -> bool:
        """Whether what is kept begins so, or not at all yet."""
        return not self._kept or self._kept[0] == first

    def __len__(self) -> int:
        return len(self._kept)

    def _head(self) -> tuple[int, int] | None:
        """Where the body begins and how long it is, seven bits to a byte, in four at most."""
        length = 0
        for place in range(1, 5):
            if place >= len(self._kept):
                return None
            byte = self._kept[place]
            length |= (byte & 0x7F) << 7 * (place - 1)
            if length > self.largest:
                raise Malformed(f"a packet is larger than {self.largest} bytes")
            if byte < 0x80:
                return place + 1, length
        raise Malformed("the length of a packet does not end")
