"""Plays time: treats whatever falls due between two moments, in order, through the real lanes."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from makegood.config.lanes import LANES
from makegood.ground.waiting import Delivery, Work, treat_waiting
from makegood.page.jobs import RUNGS

SMALLEST_HOP = timedelta(seconds=1)
LONGEST_RING = timedelta(hours=6)
FINENESS = 20


class Player:
    """A moment that moves forward; what is due on the way is done on the way.

    Steps, letters and calls are done at their very moment. A page that nobody answers would ring
    every minute for months; the further an advance has come, the seldomer it looks at them: never
    later than a twentieth of the way behind, nor six hours.
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
        while (due := self._next_due(since)) and due <= until:
            self.now = max(due, self.now + SMALLEST_HOP)
            self.settle()
        self.now = max(self.now, until)

    def settle(self) -> None:
        """Does everything that waits at this moment."""
        self._seen(self.now)
        while took := sum(treat_waiting(work, now=self.now) for work in self._due_works()):
            self.treated += took

    def _due_works(self) -> Iterator[Work | Delivery]:
        """Those with a time are only asked for it: most moments are one work's alone."""
        for work in _works():
            if work.next_due:
                due = work.next_due(self.now)
                if due is None or due > self.now:
                    continue
            yield work

    def _next_due(self, since: datetime) -> datetime | None:
        rings_from = self.now + min((self.now - since) / FINENESS, LONGEST_RING)
        due = [
            max(at, rings_from) if work is RUNGS else at
            for work in _works()
            if work.next_due and (at := work.next_due(self.now))
        ]
        return min(due, default=None)


def _works() -> list[Work | Delivery]:
    return [work for lane in LANES.values() for work in lane.works]
