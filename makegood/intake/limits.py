"""How much one touchpoint may send. Never counted per address: a whole venue shares one.

A thousand guests at one table are a case with intensity 1,000 and are all let in; the limit is far
above that and only keeps a broken or hostile sender from crowding out every other table.
"""

from uuid import UUID

AT_ONCE = 2_000.0
PER_SECOND = 50.0


class TouchpointLimit:
    """A bucket of presses per link of a touchpoint, refilled steadily. Seconds: the caller's.

    Only links that carry our seal get here, so there are never more buckets than we gave out links.
    A renewed link has a bucket of its own: what is sent with a stolen card cannot empty it.
    """

    def __init__(self, *, at_once: float = AT_ONCE, per_second: float = PER_SECOND) -> None:
        self._at_once = at_once
        self._per_second = per_second
        self._buckets: dict[tuple[UUID, int], tuple[float, float]] = {}

    def take(self, touchpoint: UUID, link_version: int, at: float) -> bool:
        """Takes one press out of the bucket; False when it is empty."""
        link = (touchpoint, link_version)
        left, since = self._buckets.get(link, (self._at_once, at))
        left = min(self._at_once, left + (at - since) * self._per_second)
        if left < 1:
            self._buckets[link] = (left, at)
            return False
        self._buckets[link] = (left - 1, at)
        return True
