"""When a promise falls due: dates in the site's own zone, through clock changes. Pure."""

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

UNITS = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}
LONGEST = timedelta(days=730)
PUNCTUAL = timedelta(minutes=1)  # a promise is kept to the minute; what is due wakes a moment later
DURATION = re.compile(r"(\d{1,6}) (second|minute|hour|day|week)s?")
MOMENT = re.compile(r"(?:at once|(?P<span>\d{1,6} \w+)(?: at (?P<hour>\d{1,2}):(?P<minute>\d\d))?)")
HOW_TO_SAY_SPAN = "Say it like “2 minutes”, “3 hours”, “1 day” or “2 weeks”."
HOW_TO_SAY_MOMENT = "Say it like “at once”, “3 hours”, “14 days” or “1 day at 12:00”."


@dataclass(frozen=True)
class By:
    """How long after a beginning something is promised: whole days keep the local time of day."""

    span: timedelta
    at: time | None = None

    @property
    def words(self) -> str:
        """As the policy says it: at once, 3 hours, 1 day at 12:00."""
        if not self.span:
            return "at once"
        unit = next(name for name, size in reversed(UNITS.items()) if not self.span % size)
        count = self.span // UNITS[unit]
        moment = f" at {self.at.hour}:{self.at:%M}" if self.at else ""
        return f"{count} {unit}{'s' if count > 1 else ''}{moment}"

    def after(self, start: datetime, zone: ZoneInfo) -> datetime:
        """The moment (UTC) that lies this far after `start`, seen from `zone`.

        Days are days of the calendar there: “14 days” from 20:12 is 20:12, also across a change of
        the clocks. A time of day the clocks skip is taken as the same span later.
        """
        if not self.span or self.span % timedelta(days=1):
            return start.astimezone(UTC) + self.span
        local = start.astimezone(zone)
        clock = self.at or local.time()
        return wall_time(local, days=self.span.days, clock=clock, zone=zone)


def wall_time(local: datetime, *, days: int, clock: time, zone: ZoneInfo) -> datetime:
    """`days` after the local date of `local`, when the clocks there show `clock`; in UTC."""
    day = local.date() + timedelta(days=days)
    return datetime.combine(day, clock.replace(fold=0), tzinfo=zone).astimezone(UTC)


def postponed(due: datetime, *, stood_still: timedelta, zone: ZoneInfo) -> datetime:
    """`due` after the clock stood still: later by whole days, at the same local time of day."""
    local = due.astimezone(zone)
    days = math.ceil(stood_still / timedelta(days=1))
    return wall_time(local, days=days, clock=local.time(), zone=zone)


def is_late(due: datetime | None, kept: datetime | None) -> bool:
    """Whether what was promised for `due` was done after it."""
    return due is not None and kept is not None and kept - due >= PUNCTUAL


def read_span(text: str) -> timedelta:
    """`2 minutes`, `14 days`; raises ValueError with the remedy."""
    found = DURATION.fullmatch(text)
    if not found:
        raise ValueError(HOW_TO_SAY_SPAN)
    span = int(found[1]) * UNITS[found[2]]
    if span > LONGEST:
        raise ValueError(f"Nothing here lasts longer than {LONGEST.days} days.")
    return span


def read_by(text: str) -> By:
    """`at once`, `3 hours`, `1 day at 12:00`; raises ValueError with the remedy."""
    found = MOMENT.fullmatch(text)
    if not found:
        raise ValueError(HOW_TO_SAY_MOMENT)
    if found["span"] is None:
        return By(timedelta())
    span = read_span(found["span"])
    if not span:
        raise ValueError("Say “at once” for no time at all.")
    if found["hour"] is None:
        return By(span)
    if span % timedelta(days=1):
        raise ValueError("A time of day goes with whole days: “1 day at 12:00”.")
    try:
        return By(span, time(int(found["hour"]), int(found["minute"])))
    except ValueError as error:
        raise ValueError("That is not a time of day; it runs from 0:00 to 23:59.") from error
