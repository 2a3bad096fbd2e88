"""One clock for the whole board: where a moment lies on it, in per cent. Pure geometry."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

LEAST_BEFORE, MOST_BEFORE = timedelta(minutes=6), timedelta(minutes=20)
LEAST_AFTER, MOST_AFTER = timedelta(minutes=12), timedelta(minutes=60)
MARGIN = 0.06  # of the whole, so that nothing touches the edge
STEPS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 3, 5, 10, 15, 30))
MOST_TICKS = 6
ELBOW_ROOM = 9.0  # per cent around "now" that no other tick may enter


@dataclass(frozen=True)
class Tick:
    """One written time on the axis."""

    at: datetime
    position: float
    is_now: bool = False


@dataclass(frozen=True)
class Axis:
    """A stretch of time drawn from edge to edge."""

    starts_at: datetime
    ends_at: datetime
    now: datetime

    def position(self, moment: datetime) -> float:
        """Where `moment` lies, 0 to 100; what lies beyond an edge is drawn at the edge."""
        share = (moment - self.starts_at) / (self.ends_at - self.starts_at)
        return round(min(1.0, max(0.0, share)) * 100, 2)

    def ticks(self) -> list[Tick]:
        """Round times with room between them, and the present."""
        step = _step(self.ends_at - self.starts_at)
        first = _round_up(self.starts_at, step)
        count = int((self.ends_at - first) / step) + 1
        here = self.position(self.now)
        moments = (first + number * step for number in range(count))
        round_times = [Tick(moment, self.position(moment)) for moment in moments]
        kept = [tick for tick in round_times if abs(tick.position - here) >= ELBOW_ROOM]
        return sorted([*kept, Tick(self.now, here, is_now=True)], key=lambda tick: tick.position)


def axis_around(now: datetime, moments: Iterable[datetime]) -> Axis:
    """An axis on which `now` and, within reason, all of `moments` can be seen."""
    shown = list(moments)
    before = max((now - moment for moment in shown), default=LEAST_BEFORE)
    after = max((moment - now for moment in shown), default=LEAST_AFTER)
    before = min(max(before, LEAST_BEFORE), MOST_BEFORE)
    after = min(max(after, LEAST_AFTER), MOST_AFTER)
    margin = (before + after) * MARGIN
    return Axis(now - before - margin, now + after + margin, now)


def _step(length: timedelta) -> timedelta:
    return next((step for step in STEPS if length / step <= MOST_TICKS), STEPS[-1])


def _round_up(moment: datetime, step: timedelta) -> datetime:
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    steps = -((midnight - moment) // step)
    return midnight + steps * step
