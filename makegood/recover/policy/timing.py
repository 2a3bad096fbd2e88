"""When a promise falls due: dates in the site's own zone, through clock changes. Pure."""

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from typing import Final, Literal, Self
from zoneinfo import ZoneInfo

from makegood.recover.policy.opening_hours import (
    Calendar,
    clamp,
    opening_day,
    wall_time,
    worked_off,
)

__all__ = [
    "HOW_TO_SAY_MOMENT", "HOW_TO_SAY_SPAN", "MOMENT", "SPAN", "UNITS", "By", "Calendar",
    "Start", "in_words", "is_late", "postponed", "read_by", "read_span", "wall_time",
]  # fmt: skip

UNITS: Final = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}
Opening = Literal["", "hours", "days"]
OPENING: Final[dict[str, Opening]] = {"hour": "hours", "day": "days"}
LONGEST: Final = timedelta(days=730)
PUNCTUAL: Final = timedelta(minutes=1)  # a promise is kept to the minute
SPAN: Final = r"[0-9]{1,6} (second|minute|hour|day|week)s?"
MOMENT: Final = (
    r"at once|[0-9]{1,6} (opening )?(second|minute|hour|day|week)s?( at [0-9]{1,2}:[0-9][0-9])?"
)
_SPAN: Final = re.compile(r"(\d{1,6}) (second|minute|hour|day|week)s?", re.ASCII)
_MOMENT: Final = re.compile(
    r"(?:at once|(?P<count>\d{1,6}) (?P<opening>opening )?(?P<unit>\w+)"
    r"(?: at (?P<hour>\d{1,2}):(?P<minute>\d\d))?)",
    re.ASCII,
)
HOW_TO_SAY_SPAN: Final = "Say it like “2 minutes”, “3 hours”, “1 day” or “2 weeks”."
HOW_TO_SAY_MOMENT: Final = (
    "Say it like “at once”, “3 hours”, “14 days”, “1 day at 12:00”, "
    "“4 opening hours” or “2 opening days at 12:00”."
)


@dataclass(frozen=True, slots=True)
class Start:
    """A moment from which promises are counted: in UTC, and as the clocks of the place show it."""

    moment: datetime
    local: datetime
    calendar: Calendar

    @classmethod
    def at(cls, moment: datetime, where: Calendar | ZoneInfo) -> Self:
        """`moment` at a place; a zone alone is a house that is always open."""
        calendar = where if isinstance(where, Calendar) else Calendar(where)
        return cls(moment.astimezone(UTC), moment.astimezone(calendar.zone), calendar)


@dataclass(frozen=True)
class By:
    """How long after a beginning something is promised: whole days keep the local time of day.

    `opening`: only `hours` in which the house is open count, or only `days` on which it opens.
    """

    span: timedelta
    at: time | None = None
    opening: Opening = ""

    @property
    def words(self) -> str:
        """As the policy says it: at once, 3 hours, 1 day at 12:00, 4 opening hours."""
        if not self.span:
            return "at once"
        moment = f" at {self.at.hour}:{self.at:%M}" if self.at else ""
        if not self.opening:
            return in_words(self.span) + moment
        count = self.span // UNITS[self.opening[:-1]]
        return f"{count} opening {self.opening if count > 1 else self.opening[:-1]}{moment}"

    def after(self, start: datetime, where: Calendar | ZoneInfo) -> datetime:
        """The moment (UTC) that lies this far after `start`, seen from `where`.

        Days are days of the calendar there: “14 days” from 20:12 is 20:12, also across a change of
        the clocks. A time of day the clocks skip is taken as the same span later. Opening hours are
        worked off while the house is open; an opening day is one on which it opens, and the time
        of day is moved into the hours of that day. A zone alone is a house that is always open.
        """
        return self.counted_from(Start.at(start, where))

    def counted_from(self, start: Start) -> datetime:
        """The same, for whoever counts several promises from one start."""
        if self.opening == "hours":
            return worked_off(start.calendar, start.moment, self.span)
        if not self._counts_days:
            return start.moment + self.span
        if self.opening == "days":
            day = opening_day(start.calendar, start.local.date(), self.span.days)
            return clamp(start.calendar, day, self.at or start.local.time())
        if self.at:
            zone = start.calendar.zone
            return wall_time(start.local, days=self.span.days, clock=self.at, zone=zone)
        return (start.local + self.span).astimezone(UTC)  # days of the clocks there, not of UTC

    @cached_property
    def _counts_days(self) -> bool:
        return bool(self.span) and not self.span % timedelta(days=1)


def postponed(due: datetime, *, stood_still: timedelta, zone: ZoneInfo) -> datetime:
    """`due` after the clock stood still: later by whole days, at the same local time of day."""
    local = due.astimezone(zone)
    days = math.ceil(stood_still / timedelta(days=1))
    return wall_time(local, days=days, clock=local.time(), zone=zone)


def is_late(due: datetime | None, kept: datetime | None) -> bool:
    """Whether what was promised for `due` was done after it."""
    return due is not None and kept is not None and kept - due >= PUNCTUAL


def in_words(span: timedelta) -> str:
    """`2 weeks`, `3 hours`; an empty span is `0 minutes`."""
    if not span:
        return "0 minutes"
    unit = next((name for name in reversed(UNITS) if not span % UNITS[name]), "second")
    count = span // UNITS[unit]
    return f"{count} {unit}{'s' if count > 1 else ''}"


def read_span(text: str) -> timedelta:
    """`2 minutes`, `14 days`; raises ValueError with the remedy."""
    found = _SPAN.fullmatch(text)
    if not found:
        raise ValueError(HOW_TO_SAY_SPAN)
    span = int(found[1]) * UNITS[found[2]]
    if span > LONGEST:
        raise ValueError(f"Nothing here lasts longer than {LONGEST.days} days.")
    return span


def read_by(text: str) -> By:
    """`at once`, `3 hours`, `1 day at 12:00`, `4 opening hours`; or ValueError with the remedy."""
    found = _MOMENT.fullmatch(text)
    if not found:
        raise ValueError(HOW_TO_SAY_MOMENT)
    if found["count"] is None:
        return By(timedelta())
    span = read_span(f"{found['count']} {found['unit']}")
    if not span:
        raise ValueError("Say “at once” for no time at all.")
    opening = OPENING.get(found["unit"].removesuffix("s"), "") if found["opening"] else ""
    if found["opening"] and not opening:
        raise ValueError("Opening time is counted in hours or days: “4 opening hours”.")
    if found["hour"] is None:
        return By(span, opening=opening)
    if span % timedelta(days=1) or opening == "hours":
        raise ValueError("A time of day goes with whole days: “1 day at 12:00”.")
    try:
        return By(span, time(int(found["hour"]), int(found["minute"])), opening)
    except ValueError as error:
        raise ValueError("That is not a time of day; it runs from 0:00 to 23:59.") from error
