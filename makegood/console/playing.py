"""Plays time: treats whatever falls due between two moments, in order, through the real lanes."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from makegood.config.lanes import LANES
from makegood.ground.delivering import Delivery
from makegood.ground.waiting import Work, treat_waiting
from makegood.page.jobs import RUNGS

SMALLEST_HOP = timedelta(seconds=1)
LONGEST_RING = timedelta(days=1)
FINENESS = 10

Ahead = Sequence[tuple[Work | Delivery, datetime | None]]


class Player:
    """A moment that moves forward; what is due on the way is done on the way.

    Steps, letters and calls are done at their very moment. A page that nobody answers would ring
    every minute for months; the further an advance has come, the seldomer it looks at them: never
    later than a tenth of the way behind, nor a day.
    """

    def __init__(self, now: datetime, seen: Callable[[datetime], None] = lambda now: None) -> None:
        self.now = now
        self.treated = 0
        self._seen = seen
        self.settle()

    def advance(self, until: datetime) -> None:
        """Moves to `until`, and does what waits then too, whether or not it had a time."""
        self.pass_time(until)
        self.settle()

    def pass_time(self, until: datetime) -> None:
        """Moves to `until`, stopping at every due time in between."""
        since = self.now
        ahead = self._look_ahead()
        while (due := self._soonest(ahead, since)) and due <= until:
            self.now = max(due, self.now + SMALLEST_HOP)
            self._seen(self.now)
            self._treat(ahead)
            ahead = self._come_to_rest()
        self.now = max(self.now, until)

    def settle(self) -> None:
        """Does everything that waits at this moment."""
        self._seen(self.now)
        self._come_to_rest()

    def _come_to_rest(self) -> Ahead:
        while self._treat(ahead := self._look_ahead()):
            pass
        return ahead

    def _look_ahead(self) -> Ahead:
        """Every kind of work, and when its next row falls due: asking for that is cheap."""
        return [(work, work.next_due(self.now) if work.next_due else None) for work in _works()]

    def _treat(self, ahead: Ahead) -> int:
        """Treats what is due of that, and what knows no time."""
        due = (work for work, at in ahead if not work.next_due or (at and at <= self.now))
        took = sum(treat_waiting(work, now=self.now) for work in due)
        self.treated += took
        return took

    def _soonest(self, ahead: Ahead, since: datetime) -> datetime | None:
        rings_from = self.now + min((self.now - since) / FINENESS, LONGEST_RING)
        due = [max(at, rings_from) if work is RUNGS else at for work, at in ahead if at]
        return min(due, default=None)


def _works() -> list[Work | Delivery]:
    return [work for lane in LANES.values() for work in lane.works]
