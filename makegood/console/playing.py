"""Plays time: treats whatever falls due between two moments, in order, through the real lanes."""

from collections.abc import Callable
from datetime import datetime, timedelta

from makegood.config.lanes import LANES
from makegood.ground.lanes import treat_lane_once
from makegood.ground.waiting import Delivery, Work

SMALLEST_HOP = timedelta(seconds=1)


class Player:
    """A moment that moves forward; what is due on the way is done on the way."""

    def __init__(self, now: datetime, seen: Callable[[datetime], None] = lambda now: None) -> None:
        self.now = now
        self.treated = 0
        self._seen = seen
        self._treat()

    def advance(self, until: datetime) -> None:
        """Moves to `until`, stopping at every due time in between."""
        while (due := self._next_due()) and due <= until:
            self.now = max(due, self.now + SMALLEST_HOP)
            self._treat()
        self.now = max(self.now, until)
        self._treat()

    def _treat(self) -> None:
        self._seen(self.now)
        while took := sum(treat_lane_once(lane, now=self.now) for lane in LANES.values()):
            self.treated += took

    def _next_due(self) -> datetime | None:
        due = [at for work in _works() if work.next_due and (at := work.next_due(self.now))]
        return min(due, default=None)


def _works() -> list[Work | Delivery]:
    return [work for lane in LANES.values() for work in lane.works]
