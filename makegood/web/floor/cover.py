"""Who is planned, hour by hour, and where nobody is. Pure: stretches of time in and out."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, order=True)
class Stretch:
    """From one moment until another."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Window:
    """The hours that are shown."""

    starts_at: datetime
    ends_at: datetime

    def position(self, moment: datetime) -> float:
        """Where `moment` lies between the edges, 0 to 100."""
        begins, ends = _utc(self.starts_at), _utc(self.ends_at)
        share = (_utc(moment) - begins) / (ends - begins)
        return round(min(1.0, max(0.0, share)) * 100, 2)

    def hours(self, every: int) -> list[datetime]:
        """Round hours to write on the axis."""
        first = self.starts_at.replace(minute=0, second=0, microsecond=0)
        first += timedelta(hours=-first.hour % every)
        moments = (first + timedelta(hours=every * number) for number in range(24))
        return [moment for moment in moments if self.starts_at <= moment < self.ends_at]


def shut(window: Window, is_open: Callable[[datetime], bool]) -> list[Stretch]:
    """When the place is closed, to the quarter of an hour."""
    return _stretches(window, lambda moment: not is_open(moment))


def gaps(
    window: Window, is_open: Callable[[datetime], bool], planned: Iterable[Stretch]
) -> list[Stretch]:
    """When the place is open, to the quarter of an hour, and nobody is planned, to the moment."""
    shifts = list(planned)

    def is_gap(moment: datetime) -> bool:
        return is_open(moment) and not any(
            shift.starts_at <= moment < shift.ends_at for shift in shifts
        )

    return _stretches(window, is_gap, [at for one in shifts for at in (one.starts_at, one.ends_at)])


def without(window: Window, stretches: Sequence[Stretch]) -> list[Stretch]:
    """The rest of the window: when somebody's shift is not."""
    rest, since = [], window.starts_at
    for stretch in sorted(stretches):
        if stretch.starts_at > since:
            rest.append(Stretch(since, min(stretch.starts_at, window.ends_at)))
        since = max(since, stretch.ends_at)
    if since < window.ends_at:
        rest.append(Stretch(since, window.ends_at))
    return rest


def _stretches(
    window: Window, holds: Callable[[datetime], bool], edges: Iterable[datetime] = ()
) -> list[Stretch]:
    """Looked at moment by moment, whatever the clocks do meanwhile; said in the window's zone."""
    zone, ends = window.starts_at.tzinfo, _utc(window.ends_at)
    ahead = sorted({_utc(edge) for edge in edges}, reverse=True)
    found: list[Stretch] = []
    moment = _utc(window.starts_at)
    while moment < ends:
        while ahead and ahead[-1] <= moment:
            ahead.pop()
        following = min(_next_quarter(moment), ends, *ahead[-1:])
        if holds(moment.astimezone(zone)):
            touches = found and _utc(found[-1].ends_at) == moment
            began = found.pop().starts_at if touches else moment.astimezone(zone)
            found.append(Stretch(began, following.astimezone(zone)))
        moment = following
    return found


def _next_quarter(moment: datetime) -> datetime:
    quarter = moment.replace(minute=moment.minute - moment.minute % 15, second=0, microsecond=0)
    return quarter + QUARTER


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
