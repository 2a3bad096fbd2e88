"""The ladder: who is rung next, and when to look again. Pure: no database, no clock.

A ladder is a list of rungs, `{"who": …, "wait_seconds": n, "hands": "first"|"every"}`; who is
on_duty, manager, owner, staff:<id>, team:<name> or skill:<name>. Rungs for on_duty, a team or a
skill are climbed one person at a time; the others ring all of theirs together, and so does a rung
on which every hand counts. Nobody is rung twice in one round; after the last rung the next round
begins, at once where a customer waits, and after a rest where something can wait.
"""

from collections.abc import Iterable, Mapping, Sequence, Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from makegood.page.equipment.kit import NOTHING, Kit
from makegood.page.rungs import throttling

ON_DUTY: Final = "on_duty"
SENIOR_RUNGS: Final = ("manager", "owner")
STAFF_PREFIX: Final = "staff:"
TEAM: Final = "team:"
SKILL: Final = "skill:"
EVERY: Final = "every"

DEFAULT: Final[Sequence[Mapping[str, Any]]] = (
    {"who": "on_duty", "wait_seconds": 45},
    {"who": "manager", "wait_seconds": 60},
    {"who": "owner", "wait_seconds": 60},
)

SHORTEST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(days=1)
NOBODY_LOOKS_AGAIN_AFTER = timedelta(minutes=1)
WHAT_CAN_WAIT_LOOKS_AGAIN_AFTER = timedelta(hours=1)
ROUND_FLOOR = timedelta(minutes=1)
ROUND_CEILING = timedelta(minutes=15)
ROUNDS_AT_FLOOR = 5


@dataclass(frozen=True)
class Rung:
    """One step: whom it names, how long they have, and whether each of them has to answer."""

    who: str
    wait: timedelta
    every: bool = False

    @property
    def is_of_a_group(self) -> bool:
        """Whether it names a team or a skill."""
        return self.who.startswith((TEAM, SKILL))

    @property
    def one_at_a_time(self) -> bool:
        """Whether its people are rung one after the other."""
        return not self.every and (self.who == ON_DUTY or self.is_of_a_group)


@dataclass(frozen=True)
class Person:
    """Somebody a ladder may name, as they are at this moment."""

    id: UUID
    first_name: str
    role: str
    on_duty: bool
    busy: bool = False  # going to, or with, somebody else
    late: bool = False  # said they were going to this page and did not arrive
    groups: frozenset[str] = frozenset()  # their team and skills, as rungs name them
    kit: Kit = field(default=NOTHING, compare=False)  # what they can be reached by
    has_room_at: datetime | None = field(default=None, compare=False)  # rung enough until then


@dataclass(frozen=True)
class Place:
    """Where a page stands: its round, the rung within, and when that round began (or will)."""

    round: int
    rung: int
    round_began_at: datetime
    rests_for: timedelta = timedelta()  # the least that lies between two rounds, for what can wait


@dataclass(frozen=True)
class Ring:
    """Ring these people now; look again when their time is over. `every`: each has to answer."""

    place: Place
    people: tuple[Person, ...]
    look_again_at: datetime
    every: bool = False


@dataclass(frozen=True)
class Rest:
    """Everybody was rung in this round: the next begins a little later."""

    place: Place
    look_again_at: datetime


@dataclass(frozen=True)
class Nobody:
    """No rung names anybody who can be rung."""

    place: Place
    look_again_at: datetime


@dataclass(frozen=True)
class Held:
    """Whoever could be rung has been rung as often as they may: it waits in the list."""

    place: Place
    look_again_at: datetime


Move = Ring | Rest | Nobody | Held


@dataclass(frozen=True)
class Unheard:
    """Somebody who has to say that they know who goes: how often they were rung in this round, and
    since when they have been silent."""

    person: Person
    times: int
    since: datetime

    @property
    def due_at(self) -> datetime:
        """When they are rung anew: after the pauses of rounds."""
        return self.since + round_length(self.times - 1)


@dataclass(frozen=True)
class Insist:
    """Ring these people anew, who have not said that they know; look again then."""

    people: tuple[Person, ...]
    look_again_at: datetime


def read(ladder: Iterable[Mapping[str, Any]]) -> list[Rung]:
    """The rungs of a pinned ladder, waits kept within reason; no rungs mean the default ones."""
    rungs = [
        Rung(
            _as_compared(str(rung["who"])),
            _within_reason(timedelta(seconds=float(rung["wait_seconds"]))),
            rung.get("hands") == EVERY,
        )
        for rung in ladder
    ]
    return rungs or read(DEFAULT)


def groups_of(team: str, skills: Iterable[str]) -> frozenset[str]:
    """How rungs name this team and these skills; capitals do not matter."""
    named = [f"{TEAM}{team}"] if team else []
    return frozenset(map(_as_compared, [*named, *(f"{SKILL}{skill}" for skill in skills)]))


def line_up(rungs: Sequence[Rung], people: Sequence[Person]) -> list[list[Person]]:
    """Who can be rung on each rung, best first; `people` come longest without a page first.

    While nobody at all is on duty nobody is rung. A person on duty stands on the rungs that
    name their role, team, skill or themselves, and on `on_duty` only if there are none. Of managers
    and owners those on duty are rung, and all of them when none is: they are the last resort.
    """
    if not any(person.on_duty for person in people):
        return [[] for _ in rungs]
    return [sorted(_named(rung, rungs, people), key=_turn) for rung in rungs]


def next_move(
    rungs: Sequence[Rung],
    lines: Sequence[Sequence[Person]],
    *,
    place: Place,
    passed: AbstractSet[UUID],
    now: datetime,
) -> Move:
    """What happens next from `place`; `passed` were rung, or said they can't, in this round."""
    if not any(lines):
        at = fresh_round(place, now) if passed else replace(place, rung=0)
        return Nobody(at, now + _looks_again_after(place))
    full = _without_room(lines, now)
    for number in range(place.rung, len(rungs)):
        people = _to_ring(rungs[number], lines[number], passed | full, place.round)
        if people:
            began_at = place.round_began_at if passed else now
            at = replace(place, rung=number, round_began_at=began_at)
            return Ring(at, people, now + rungs[number].wait, rungs[number].every)
    if full and _is_anybody_left(rungs, lines, place, passed):
        began_at = place.round_began_at if passed else now
        return Held(replace(place, round_began_at=began_at), throttling.looks_again_at(now))
    next_round_at = place.round_began_at + max(round_length(place.round), place.rests_for)
    if next_round_at > now:
        return Rest(fresh_round(place, next_round_at), next_round_at)
    return next_move(rungs, lines, place=fresh_round(place, now), passed=frozenset(), now=now)


def following(
    rungs: Sequence[Rung],
    lines: Sequence[Sequence[Person]],
    *,
    after: Ring,
    passed: AbstractSet[UUID],
) -> tuple[Person, ...]:
    """Who is rung in the same round when the people of `after` do not answer; perhaps nobody."""
    then = next_move(
        rungs,
        lines,
        place=after.place,
        passed=passed | {person.id for person in after.people},
        now=after.look_again_at,
    )
    same_round = isinstance(then, Ring) and then.place.round == after.place.round
    return then.people if isinstance(then, Ring) and same_round else ()


def insist(unheard: Sequence[Unheard], *, now: datetime) -> Insist | None:
    """Whom a page that somebody has in hand rings anew; None: nobody is waited for.

    Whoever is due but was rung enough for now is looked at again with what is held.
    """
    if not unheard:
        return None
    rung, again_at = [], []
    for one in unheard:
        room_at = one.person.has_room_at
        if one.due_at > now:
            again_at.append(one.due_at)
        elif room_at and room_at > now:
            again_at.append(throttling.looks_again_at(now))
        else:
            rung.append(one.person)
            again_at.append(now + round_length(one.times))
    return Insist(tuple(rung), min(again_at))


def fresh_round(place: Place, began_at: datetime) -> Place:
    """The start of the round after `place`."""
    return replace(place, round=place.round + 1, rung=0, round_began_at=began_at)


def round_length(number: int) -> timedelta:
    """The least a round lasts: a minute, and longer once five rounds have called in vain."""
    doublings = min(max(0, number - ROUNDS_AT_FLOOR + 1), 4)
    return min(ROUND_FLOOR * (1 << doublings), ROUND_CEILING)


def _looks_again_after(place: Place) -> timedelta:
    """Who comes on duty inherits the page at once; this is for everything else that may change."""
    return min(max(NOBODY_LOOKS_AGAIN_AFTER, place.rests_for), WHAT_CAN_WAIT_LOOKS_AGAIN_AFTER)


def _within_reason(wait: timedelta) -> timedelta:
    return min(max(wait, SHORTEST_WAIT), LONGEST_WAIT)


def _named(rung: Rung, rungs: Sequence[Rung], people: Sequence[Person]) -> list[Person]:
    on_duty = [person for person in people if person.on_duty]
    if rung.who == ON_DUTY:
        elsewhere = {other.who for other in rungs}
        return [person for person in on_duty if not elsewhere & _names_of(person)]
    if rung.who in SENIOR_RUNGS:
        return [person for person in on_duty if person.role == rung.who] or [
            person for person in people if person.role == rung.who
        ]
    return [person for person in on_duty if rung.who in _names_of(person)]


def _names_of(person: Person) -> AbstractSet[str]:
    return {person.role, f"{STAFF_PREFIX}{person.id}"} | person.groups


def _as_compared(who: str) -> str:
    return who.casefold() if who.startswith((TEAM, SKILL)) else who


def _turn(person: Person) -> tuple[bool, bool]:
    return person.late, person.busy


def _without_room(lines: Sequence[Sequence[Person]], now: datetime) -> AbstractSet[UUID]:
    everybody = {person.id: person for line in lines for person in line}
    return {one.id for one in everybody.values() if one.has_room_at and one.has_room_at > now}


def _is_anybody_left(
    rungs: Sequence[Rung],
    lines: Sequence[Sequence[Person]],
    place: Place,
    passed: AbstractSet[UUID],
) -> bool:
    """Whether this round still has somebody to ring."""
    ahead = range(place.rung, len(rungs))
    return any(_to_ring(rungs[at], lines[at], passed, place.round) for at in ahead)


def _to_ring(
    rung: Rung, line: Sequence[Person], passed: AbstractSet[UUID], round: int
) -> tuple[Person, ...]:
    """Busy people are left in peace in the first round, unless their rung has nobody free, or
    each of them has to know."""
    free = [person for person in line if not person.busy]
    called = free if free and round == 0 and not rung.every else line
    waiting = tuple(person for person in called if person.id not in passed)
    return waiting[:1] if rung.one_at_a_time else waiting
