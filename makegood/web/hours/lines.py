"""A week of opening hours as lines of a form: on these days, from then until then.

A line without a day counts for nothing; a day in no line is a closed one. Two lines with the same
day are two periods of that day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import time

from django.http import QueryDict
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from makegood.ground.refusals import Invalid
from makegood.people.hours import WEEK, Period
from makegood.people.opening import written

MOST_LINES = 21
USUAL = Period(0, time(7), time(23))


@dataclass(frozen=True)
class Line:
    """One line as it is shown: the texts of its fields."""

    number: int
    days: frozenset[str]
    opens: str = ""
    closes: str = ""

    @property
    def chips(self) -> list[tuple[str, str, str, bool]]:
        """Value, short name, name and whether it is chosen, of each weekday."""
        return [
            (str(day), str(WEEKDAYS_ABBR[day]), str(WEEKDAYS[day]), str(day) in self.days)
            for day in range(WEEK)
        ]


@dataclass(frozen=True)
class Day:
    """A weekday as it is read: its name and its periods."""

    name: str
    periods: Sequence[Period]


def days_of(periods: Iterable[Period]) -> list[Day]:
    """The seven days from Monday on."""
    ordered = sorted(periods)
    return [
        Day(str(WEEKDAYS[day]), [one for one in ordered if one.weekday == day])
        for day in range(WEEK)
    ]


def every_day(period: Period = USUAL) -> list[Period]:
    """The same hours on all seven days: what a form begins with."""
    return [Period(day, period.opens_at, period.closes_at) for day in range(WEEK)]


def lines_of(periods: Iterable[Period], *, spare: int = 1) -> list[Line]:
    """`periods` as few lines, and `spare` empty ones for others."""
    days: dict[tuple[time, time], set[str]] = {}
    for period in sorted(periods):
        days.setdefault((period.opens_at, period.closes_at), set()).add(str(period.weekday))
    lines = [
        Line(number, frozenset(on), written(opens_at), written(closes_at))
        for number, ((opens_at, closes_at), on) in enumerate(days.items())
    ]
    return [*lines, *(Line(len(lines) + more, frozenset()) for more in range(spare))]


def lines_in(form: QueryDict) -> list[Line]:
    """The lines as somebody filled them in."""
    return [
        Line(
            number,
            frozenset(form.getlist(f"days_{number}")),
            form.get(f"opens_{number}", ""),
            form.get(f"closes_{number}", ""),
        )
        for number in range(MOST_LINES)
        if f"opens_{number}" in form
    ]


def periods_in(form: QueryDict) -> list[Period]:
    """The week somebody filled in. Refuses, by the name of the field, what is no time or no day."""
    periods = [period for line in lines_in(form) if line.days for period in _periods_in(line)]
    if not periods:
        raise Invalid(_("Choose at least one day on which somebody is there."), field="days_0")
    return periods


def time_in(text: str, *, field: str) -> time:
    """A time of day; refuses anything else, naming the field."""
    try:
        wall = time.fromisoformat(text)
    except ValueError as error:
        raise Invalid(_("Write the time like 17:00."), field=field) from error
    return wall.replace(second=0, microsecond=0, tzinfo=None)


def _periods_in(line: Line) -> list[Period]:
    opens_at = time_in(line.opens, field=f"opens_{line.number}")
    closes_at = time_in(line.closes, field=f"closes_{line.number}")
    return [Period(_weekday(day, line.number), opens_at, closes_at) for day in sorted(line.days)]


def _weekday(day: str, number: int) -> int:
    if day not in {str(known) for known in range(WEEK)}:
        raise Invalid(_("Choose days of the week."), field=f"days_{number}")
    return int(day)
