"""Who is planned on a post at each instant: exactly one person, or an explicit gap. Pure.

The members of a rotation take turns, each for so many days by the calendar of the site; they hand
over when the clock there shows the same time. A day of a clock change makes a turn an hour shorter
or longer, and never leaves a moment out or counts it twice. An override says who stands there
instead, the one given last if several do. Whoever is away is replaced by their substitute, who may
be away as well; where nobody is left, there is a gap.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

Person = TypeVar("Person", bound=Hashable)


@dataclass(frozen=True)
class Turns(Generic[Person]):
    """Members take turns from `begins_on` on, each for `every_days`, until `ended_at` if ever."""

    members: Sequence[Person]
    begins_on: date
    every_days: int
    hands_over_at: time
    zone: ZoneInfo
    ended_at: datetime | None = None

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
        """Whose turn it is."""
        number = self.number_at(moment)
        if self.is_over(moment) or number < 0 or not self.members:
            return None
        return self.members[number % len(self.members)]

    def edges(self, begins: datetime, ends: datetime) -> list[datetime]:
        """The moments between `begins` and `ends` at which the turn may change."""
        numbers = range(self.number_at(begins) + 1, self.number_at(ends) + 1)
        handed_over = [self.handed_over_at(number) for number in numbers]
        return [*handed_over, self.ended_at] if self.ended_at else handed_over


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

    Once the turns have ended nobody has it, whatever an override says.
    """

    def who(moment: datetime) -> tuple[Person | None, Person | None]:
        if turns.is_over(moment):
            return None, None
        member = turns.member_at(moment)
        given = [one for one in overrides if one.starts_at <= moment < one.ends_at]
        there = stand_in(given[-1].person if given else member, away, moment)
        return there, member if member != there else None

    edges = [*turns.edges(begins, ends), *_edges(overrides), *_edges(away)]
    return _cut(begins, ends, edges, who)


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
