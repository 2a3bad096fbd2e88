"""Who is planned on a post at each instant: exactly one person, or an explicit gap. Pure.

The members of a rotation take turns, each for so many days by the calendar of the site; they hand
over when the clock there shows the same time. A day of a clock change makes a turn an hour shorter
or longer, and never leaves a moment out or counts it twice. An override says who stands there
instead, the one given last if several do. Whoever is away is replaced by their substitute, who may
be away as well; where nobody is left, there is a gap.

A post may be filled in some periods only. Such a period stays whole with whoever's turn it is when
it begins, also over midnight; one of 24 hours is handed over within, as round the clock. When
clocks change, a period is read as generously as opening hours; where that lets two overlap, the one
that began last counts.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Generic, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from makegood.people.hours import WEEK, Period, stretch_on

Person = TypeVar("Person", bound=Hashable)


class Filled(NamedTuple):
    """One period in which a post is filled, on the day it begins."""

    begins: datetime
    ends: datetime
    on: date
    period: Period

    @property
    def stays_whole(self) -> bool:
        """Whether one person has it from its beginning to its end."""
        return self.period.opens_at != self.period.closes_at


@dataclass(frozen=True)
class Turns(Generic[Person]):
    """Members take turns from `begins_on` on, each for `every_days`, until `ended_at` if ever.

    `periods`: when the post is filled; none means round the clock.
    """

    members: Sequence[Person]
    begins_on: date
    every_days: int
    hands_over_at: time
    zone: ZoneInfo
    ended_at: datetime | None = None
    periods: tuple[Period, ...] = ()

    def handed_over_at(self, number: int) -> datetime:
        """When turn `number` (from 0) begins, in UTC.

        A time that the clocks skip is read as an hour later, one they show twice as the first.
        """
        day = self.begins_on + timedelta(days=number * self.every_days)
        return datetime.combine(day, self.hands_over_at, self.zone).astimezone(UTC)

    def number_at(self, moment: datetime) -> int:
        """Which turn `moment` belongs to; negative before the first."""
        day = moment.astimezone(self.zone).date()
        number = (day - self.begins_on).days // self.every_days + 1
        while self.handed_over_at(number) > moment:
            number -= 1
        return number

    def is_over(self, moment: datetime) -> bool:
        """Whether the turns have ended by `moment`."""
        return self.ended_at is not None and self.ended_at <= moment

    def member_at(self, moment: datetime) -> Person | None:
        """Whose turn it is; nobody's before the first, and where the post is not filled."""
        return self.due_at(moment)[1]

    def due_at(self, moment: datetime) -> tuple[bool, Person | None]:
        """Whether the post is filled, and whose turn it is."""
        running = self._running(moment)
        if self.is_over(moment) or (self.periods and not running):
            return False, None
        period = max(running, default=None)
        whole = period and period.stays_whole
        number = self._number_of(period) if period and whole else self.number_at(moment)
        if number < 0 or not self.members:
            return True, None
        return True, self.members[number % len(self.members)]

    def finished_at(self, moment: datetime) -> datetime:
        """When the period ends that runs at `moment` and stays whole; without one, then."""
        period = max(self._running(moment), default=None)
        runs = period and period.stays_whole and period.begins < moment
        return period.ends if period and runs else moment

    def begins_at(self) -> datetime:
        """When the first turn begins to fill the post."""
        begins = self.handed_over_at(0)
        found = [
            one.begins if one.stays_whole else max(one.begins, begins)
            for one in self._near(begins, begins + timedelta(days=WEEK))
            if (self._number_of(one) >= 0 if one.stays_whole else begins < one.ends)
        ]
        return min(found, default=begins)

    def edges(self, begins: datetime, ends: datetime) -> list[datetime]:
        """The moments between `begins` and `ends` at which the turn may change."""
        numbers = range(self.number_at(begins) + 1, self.number_at(ends) + 1)
        handed_over = [self.handed_over_at(number) for number in numbers]
        filled = [edge for one in self._near(begins, ends) for edge in (one.begins, one.ends)]
        return [*handed_over, *filled, *([self.ended_at] if self.ended_at else [])]

    def _number_of(self, filled: Filled) -> int:
        """Which turn a period belongs to that stays whole: by the clock, not by the moment."""
        before = filled.period.opens_at < self.hands_over_at
        return ((filled.on - self.begins_on).days - before) // self.every_days

    def _running(self, moment: datetime) -> list[Filled]:
        return [one for one in self._near(moment, moment) if one.begins <= moment < one.ends]

    def _near(self, begins: datetime, ends: datetime) -> list[Filled]:
        """The periods that may touch the time between; a change of the clocks moves one by a day
        at most."""
        if not self.periods:
            return []
        first, last = (moment.astimezone(self.zone).date() for moment in (begins, ends))
        days = [first + timedelta(days=n) for n in range(-2, (last - first).days + 2)]
        return [
            Filled(*stretch_on(day, one.opens_at, one.closes_at, self.zone), day, one)
            for day in days
            for one in self.periods
            if one.weekday == day.weekday()
        ]


@dataclass(frozen=True)
class Override(Generic[Person]):
    """From one moment until another `person` has the post, or (None) nobody."""

    starts_at: datetime
    ends_at: datetime
    person: Person | None


@dataclass(frozen=True)
class Away(Generic[Person]):
    """`person` is not there; `substitute` stands in for them, if anybody does."""

    person: Person
    starts_at: datetime
    ends_at: datetime
    substitute: Person | None = None


@dataclass(frozen=True)
class Spell(Generic[Person]):
    """From one moment until another it is `person`, or (None) a gap; `instead_of` whom, if so."""

    starts_at: datetime
    ends_at: datetime
    person: Person | None
    instead_of: Person | None = None


def spells(
    turns: Turns[Person],
    overrides: Sequence[Override[Person]],
    away: Sequence[Away[Person]],
    begins: datetime,
    ends: datetime,
) -> list[Spell[Person]]:
    """Who has the post between `begins` and `ends`: spells without holes or overlaps, in order.

    Where it is not filled, and once the turns have ended, nobody has it, whatever an override says.
    """

    def who(moment: datetime) -> tuple[Person | None, Person | None]:
        is_filled, member = turns.due_at(moment)
        if not is_filled:
            return None, None
        given = [one for one in overrides if one.starts_at <= moment < one.ends_at]
        there = stand_in(given[-1].person if given else member, away, moment)
        return there, member if member != there else None

    edges = [*turns.edges(begins, ends), *_edges(overrides), *_edges(away)]
    return _cut(begins, ends, edges, who)


def relieved_at(former: Turns[Person], changed: Turns[Person]) -> datetime:
    """When `former` end because `changed` take over: as these begin. A period that runs then is
    finished first, but for what they fill themselves."""
    return min(former.finished_at(changed.handed_over_at(0)), changed.begins_at())


def spells_of_shift(
    person: Person, away: Sequence[Away[Person]], begins: datetime, ends: datetime
) -> list[Spell[Person]]:
    """The same for a shift that one person was planned for."""

    def who(moment: datetime) -> tuple[Person | None, Person | None]:
        there = stand_in(person, away, moment)
        return there, person if person != there else None

    return _cut(begins, ends, _edges(away), who)


def stand_in(
    person: Person | None, away: Sequence[Away[Person]], moment: datetime
) -> Person | None:
    """`person`, or whoever stands in for them at `moment`; None when all of these are away too."""
    asked: set[Person] = set()
    while person is not None:
        missing = [
            one for one in away if one.person == person and one.starts_at <= moment < one.ends_at
        ]
        if not missing:
            return person
        asked.add(person)
        person = missing[-1].substitute
        if person in asked:
            return None
    return None


def _edges(stretches: Iterable[Override[Person] | Away[Person]]) -> list[datetime]:
    return [edge for one in stretches for edge in (one.starts_at, one.ends_at)]


def _cut(
    begins: datetime,
    ends: datetime,
    edges: Iterable[datetime],
    who: Callable[[datetime], tuple[Person | None, Person | None]],
) -> list[Spell[Person]]:
    first, last_moment = begins.astimezone(UTC), ends.astimezone(UTC)
    moments = {edge.astimezone(UTC) for edge in edges} | {first, last_moment}
    found: list[Spell[Person]] = []
    for starts_at, ends_at in pairwise(sorted(moments)):
        if not first <= starts_at < last_moment:
            continue
        spell = Spell(starts_at, ends_at, *who(starts_at))
        last = found[-1] if found else None
        if last and (last.person, last.instead_of) == (spell.person, spell.instead_of):
            found[-1] = replace(last, ends_at=ends_at)
        else:
            found.append(spell)
    return found
