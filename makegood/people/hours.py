"""Opening hours: several periods a day, past midnight, holidays, through clock changes. Pure.

A period is wall-clock time on a weekday. On the two days a year on which a wall-clock time happens
twice or never, a period is read generously: open from the earlier moment until the later one. What
a holiday says replaces the periods that begin on its date; the night before still ends as always.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

WEEK = 7

Stretch = tuple[datetime, datetime]


@dataclass(frozen=True, order=True)
class Period:
    """From `opens_at` to `closes_at` on `weekday` (0 is Monday).

    `closes_at` at or before `opens_at` means the next day; both the same means round the clock.
    """

    weekday: int
    opens_at: time
    closes_at: time


@dataclass(frozen=True, order=True)
class Holiday:
    """A date with hours of its own: pairs of opening and closing times; none means closed."""

    on: date
    spans: tuple[tuple[time, time], ...] = ()


class Hours(NamedTuple):
    """When a site is open: every week, and on the dates that differ."""

    periods: tuple[Period, ...] = ()
    holidays: tuple[Holiday, ...] = ()


def kept(periods: Iterable[Period], holidays: Iterable[Holiday]) -> Hours:
    """The hours of a site; one that said nothing of its week is always open, but for holidays."""
    week, dates = tuple(periods), tuple(holidays)
    if dates and not week:
        week = tuple(Period(weekday, time(), time()) for weekday in range(WEEK))
    return Hours(week, dates)


def is_open(
    periods: Iterable[Period], moment_local: datetime, holidays: Sequence[Holiday] = ()
) -> bool:
    """Whether one of `periods` covers `moment_local` (aware, in the site's zone)."""
    return closing(periods, moment_local, holidays) is not None


def closing(
    periods: Iterable[Period], moment_local: datetime, holidays: Sequence[Holiday] = ()
) -> datetime | None:
    """When the period that covers `moment_local` ends, the last if several do; None when closed."""
    near = stretches(periods, moment_local, (-1, 0, 1), holidays)
    ends = [end for begin, end in near if begin <= moment_local < end]
    return max(ends).astimezone(moment_local.tzinfo) if ends else None


def next_opening(
    periods: Sequence[Period], moment_local: datetime, holidays: Sequence[Holiday] = ()
) -> datetime | None:
    """The first open moment from `moment_local` on: itself if it is; None without periods."""
    for days in _ahead(periods, holidays):
        upcoming = [
            begin
            for begin, end in stretches(periods, moment_local, days, holidays)
            if moment_local < end
        ]
        if upcoming:
            return max(min(upcoming), _utc(moment_local)).astimezone(moment_local.tzinfo)
    return None


def stretches(
    periods: Iterable[Period],
    around: datetime,
    days: Iterable[int],
    holidays: Sequence[Holiday] = (),
) -> Iterator[Stretch]:
    """The open stretches (UTC) that begin so many `days` from the day of `around`."""
    if around.tzinfo is None:
        raise ValueError("a moment needs the zone of its site")
    offered = tuple(periods)
    other = {holiday.on: holiday.spans for holiday in holidays}
    for days_away in days:
        day = around.date() + timedelta(days=days_away)
        usual = ((one.opens_at, one.closes_at) for one in offered if one.weekday == day.weekday())
        for opens_at, closes_at in other.get(day, usual):
            yield stretch_on(day, opens_at, closes_at, around.tzinfo)


def _ahead(periods: Sequence[Period], holidays: Sequence[Holiday]) -> Iterator[range]:
    """Spans of days to look through, a week at a time; each holiday can cost a week at most.

    They share a day, because on a night of clock changes a day may begin within the one before.
    """
    weeks = len(holidays) + 2 if periods or holidays else 0
    for week in range(weeks):
        yield range(week * WEEK - 1, (week + 1) * WEEK + 2)


def stretch_on(day: date, opens_at: time, closes_at: time, zone: tzinfo) -> Stretch:
    """From when until when (UTC) a period lasts that begins on `day`."""
    closing_day = day + timedelta(days=1) if closes_at <= opens_at else day
    begins = _readings(day, opens_at, zone)
    ends = _readings(closing_day, closes_at, zone)
    return min(begins), max(ends)


def _readings(day: date, wall: time, zone: tzinfo) -> Stretch:
    """The two moments a wall-clock time can mean; they differ only around a clock change."""
    first = datetime.combine(day, wall, zone)
    return _utc(first.replace(fold=0)), _utc(first.replace(fold=1))


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
