"""Opening hours: several periods a day, past midnight, through clock changes. Pure.

A period is wall-clock time on a weekday. On the two days a year on which a wall-clock time happens
twice or never, a period is read generously: open from the earlier moment until the later one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

WEEK = 7


@dataclass(frozen=True, order=True)
class Period:
    """From `opens_at` to `closes_at` on `weekday` (0 is Monday).

    `closes_at` at or before `opens_at` means the next day; both the same means round the clock.
    """

    weekday: int
    opens_at: time
    closes_at: time


def is_open(periods: Iterable[Period], moment_local: datetime) -> bool:
    """Whether one of `periods` covers `moment_local` (aware, in the site's zone)."""
    days = (-1, 0)
    return any(begin <= moment_local < end for begin, end in stretches(periods, moment_local, days))


def next_opening(periods: Sequence[Period], moment_local: datetime) -> datetime | None:
    """The first open moment from `moment_local` on: itself if it is; None without periods."""
    upcoming = [
        begin
        for begin, end in stretches(periods, moment_local, range(-1, WEEK + 2))
        if moment_local < end
    ]
    if not upcoming:
        return None
    return max(min(upcoming), _utc(moment_local)).astimezone(moment_local.tzinfo)


def stretches(
    periods: Iterable[Period], around: datetime, days: Iterable[int]
) -> Iterator[tuple[datetime, datetime]]:
    """The open stretches (UTC) that begin so many `days` from the day of `around`."""
    if around.tzinfo is None:
        raise ValueError("a moment needs the zone of its site")
    offered = tuple(periods)
    for days_away in days:
        day = around.date() + timedelta(days=days_away)
        for period in offered:
            if period.weekday == day.weekday():
                yield _stretch(period, day, around.tzinfo)


def _stretch(period: Period, day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    next_day = period.closes_at <= period.opens_at
    closing_day = day + timedelta(days=1) if next_day else day
    begins = _readings(day, period.opens_at, zone)
    ends = _readings(closing_day, period.closes_at, zone)
    return min(begins), max(ends)


def _readings(day: date, wall: time, zone: tzinfo) -> tuple[datetime, datetime]:
    """The two moments a wall-clock time can mean; they differ only around a clock change."""
    first = datetime.combine(day, wall, zone)
    return _utc(first.replace(fold=0)), _utc(first.replace(fold=1))


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
