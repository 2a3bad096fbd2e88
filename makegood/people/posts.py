"""When a post is filled: round the clock, or on some days and in some periods of the day. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from itertools import pairwise
from typing import Any

import msgspec

from makegood.ground.refusals import Invalid
from makegood.people.hours import WEEK, Period

MOST_SPANS = 3
A_DAY, A_WEEK = 24 * 60, WEEK * 24 * 60  # minutes
EVERY_DAY = tuple(range(WEEK))

Span = tuple[time, time]


@dataclass(frozen=True)
class PostHours:
    """On these weekdays (0 is Monday; none: every day), in these spans of each (none: all of it).

    A span that ends at or before it begins ends on the next day.
    """

    weekdays: tuple[int, ...] = ()
    spans: tuple[Span, ...] = ()

    @property
    def periods(self) -> tuple[Period, ...]:
        """The periods of a week; none: round the clock."""
        if not self.spans and len(self.weekdays or EVERY_DAY) == WEEK:
            return ()
        spans = self.spans or ((time(), time()),)
        return tuple(
            Period(day, begins, ends)
            for day in self.weekdays or EVERY_DAY
            for begins, ends in spans
        )


ROUND_THE_CLOCK = PostHours()


def read(kept: Mapping[str, Any]) -> PostHours:
    """The hours of a post from how they are kept."""
    return msgspec.convert(kept, PostHours)


def to_keep(hours: PostHours) -> Any:
    """The same, to be kept: each day once and in order, every day as none."""
    days = tuple(sorted(set(hours.weekdays)))
    return msgspec.to_builtins(PostHours(() if days == EVERY_DAY else days, hours.spans))


def refuse_unclear(hours: PostHours) -> None:
    """Refuses days that are none, more than three periods a day, and periods that overlap."""
    if not set(hours.weekdays) <= set(EVERY_DAY):
        raise Invalid("Choose days from Monday to Sunday.", field="weekdays")
    if len(hours.spans) > MOST_SPANS:
        raise Invalid(
            f"A day has {MOST_SPANS} periods at most. Begin another post for the rest.",
            field="spans",
        )
    clash = _clash(hours)
    if clash:
        raise Invalid(
            "{} and {} overlap. Let one end where the other begins.".format(*map(_said, clash)),
            field="spans",
        )


def _clash(hours: PostHours) -> tuple[Period, Period] | None:
    """Two periods of the week that overlap, also around its end."""
    filled = sorted(_in_minutes(hours.periods))
    if not filled:
        return None
    first_again = (filled[0][0] + A_WEEK, *filled[0][1:])
    for (_, ends, period), (begins, _, other) in pairwise([*filled, first_again]):
        if begins < ends:
            return period, other
    return None


def _in_minutes(periods: Iterable[Period]) -> Iterator[tuple[int, int, Period]]:
    for period in periods:
        opens, closes = _minute(period.opens_at), _minute(period.closes_at)
        begins = period.weekday * A_DAY + opens
        yield begins, begins + ((closes - opens) % A_DAY or A_DAY), period


def _minute(wall: time) -> int:
    return wall.hour * 60 + wall.minute


def _said(period: Period) -> str:
    return f"{period.opens_at:%H:%M} to {period.closes_at:%H:%M}"


def spans_in_words(spans: Sequence[Span]) -> str:
    """The periods of a day, to be read: 06:00 to 14:00, 18:00 to 22:00."""
    return ", ".join(_said(Period(0, begins, ends)) for begins, ends in spans)
