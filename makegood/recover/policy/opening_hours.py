"""Opening hours as time to count with: open stretches, opening days, hours worked off. Pure.

A house without hours is always open. What would never come to an end, because the house hardly
opens, ends after two years at the latest.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from makegood.people.hours import Holiday, Period, stretches

FARTHEST: Final = timedelta(days=730)
DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """The clocks of a place and when it is open; without periods it is always open.

    `holidays` count where there are periods: `people.hours.kept` sees to it.
    """

    zone: ZoneInfo
    periods: tuple[Period, ...] = ()
    holidays: tuple[Holiday, ...] = ()

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.zone, self.periods, self.holidays))

    def is_open(self, moment: datetime) -> bool:
        """Whether the house is open at `moment`."""
        if not self.periods:
            return True
        day = moment.astimezone(self.zone).date()
        return any(
            begin <= moment < end
            for near in (day - DAY, day, day + DAY)
            for begin, end in open_on(self, near)
        )


def wall_time(local: datetime, *, days: int, clock: time, zone: ZoneInfo) -> datetime:
    """`days` after the local date of `local`, when the clocks there show `clock`; in UTC."""
    return _moment(local.date() + timedelta(days=days), clock, zone)


@lru_cache(maxsize=8192)
def _moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock.replace(fold=0), tzinfo=zone).astimezone(UTC)


@lru_cache(maxsize=4096)
def open_on(calendar: Calendar, day: date) -> tuple[tuple[datetime, datetime], ...]:
    """The open stretches (UTC) that begin on `day` there, in order and without overlaps."""
    noon = datetime.combine(day, time(12), tzinfo=calendar.zone)
    joined: list[tuple[datetime, datetime]] = []
    for begin, end in sorted(stretches(calendar.periods, noon, (0,), calendar.holidays)):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif begin < end:
            joined.append((begin, end))
    return tuple(joined)


def worked_off(calendar: Calendar, start: datetime, span: timedelta) -> datetime:
    """When the house has been open for `span` since `start`; in UTC."""
    begun = start.astimezone(UTC)
    if not calendar.periods:
        return begun + span
    left = span
    at = begun
    for begin, end in _stretches_from(calendar, begun):
        at = max(at, begin)  # what overlaps from the day before is counted once
        if at + left <= end:
            return at + left
        if at < end:
            left -= end - at
            at = end
    return begun + FARTHEST


def opening_day(calendar: Calendar, day: date, count: int) -> date:
    """The `count`-th day after `day` on which the house opens."""
    last = day + FARTHEST
    while count and day < last:
        day += DAY
        if not calendar.periods or open_on(calendar, day):
            count -= 1
    return day


def clamp(calendar: Calendar, day: date, clock: time) -> datetime:
    """`clock` on `day`, moved into the hours of that day; in UTC.

    Before or between the hours it is the next opening; after the last it is the closing.
    """
    noon = datetime.combine(day, time(12), tzinfo=calendar.zone)
    wanted = wall_time(noon, days=0, clock=clock, zone=calendar.zone)
    hours = open_on(calendar, day) if calendar.periods else ()
    for begin, end in hours:
        if wanted < end:
            return max(wanted, begin)
    return hours[-1][1] if hours else wanted


def _stretches_from(calendar: Calendar, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
    day = moment.astimezone(calendar.zone).date() - DAY
    for _ in range(FARTHEST.days):
        yield from open_on(calendar, day)
        day += DAY
