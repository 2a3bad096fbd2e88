"""Where a place is open and nobody is planned, and where somebody is planned twice. Pure.

Stretches of time in and out, exact to the moment; what touches is one. Clock changes do not matter
here: a stretch is two moments.
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Generic, TypeVar

Person = TypeVar("Person", bound=Hashable)


@dataclass(frozen=True, order=True)
class Stretch:
    """From one moment until another."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Manned(Generic[Person]):
    """From one moment until another `person` is planned."""

    person: Person
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Together(Generic[Person]):
    """From one moment until another more than one line is planned: by whom, each named once.

    `twice`: those who are planned in two places at once.
    """

    starts_at: datetime
    ends_at: datetime
    people: tuple[Person, ...]
    twice: tuple[Person, ...]


def gaps(window: Stretch, is_open: Iterable[Stretch], planned: Iterable[Stretch]) -> list[Stretch]:
    """The parts of `window` in which it is open and nobody is planned, in order."""
    opened, manned = list(is_open), list(planned)
    return list(
        _joined(
            Stretch(begins, ends)
            for begins, ends in pairwise(_edges(window, [*opened, *manned]))
            if _covers(opened, begins) and not _covers(manned, begins)
        )
    )


def together(window: Stretch, planned: Sequence[Manned[Person]]) -> list[Together[Person]]:
    """The parts of `window` in which two lines or more are planned at once, in order."""
    found: list[Together[Person]] = []
    for begins, ends in pairwise(_edges(window, planned)):
        there = [one.person for one in planned if one.starts_at <= begins < one.ends_at]
        if len(there) < 2:
            continue
        people = tuple(dict.fromkeys(there))
        twice = tuple(person for person in people if there.count(person) > 1)
        last = found[-1] if found else None
        if last and (last.ends_at, last.people, last.twice) == (begins, people, twice):
            found[-1] = replace(last, ends_at=ends)
        else:
            found.append(Together(begins, ends, people, twice))
    return found


def _edges(window: Stretch, stretches: Iterable[Stretch | Manned[Person]]) -> list[datetime]:
    moments = {edge for one in stretches for edge in (one.starts_at, one.ends_at)}
    inside = (moment for moment in moments if window.starts_at < moment < window.ends_at)
    return [window.starts_at, *sorted(inside), window.ends_at]


def _covers(stretches: Iterable[Stretch], moment: datetime) -> bool:
    return any(one.starts_at <= moment < one.ends_at for one in stretches)


def _joined(stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    last: Stretch | None = None
    for one in stretches:
        if last and last.ends_at == one.starts_at:
            last = Stretch(last.starts_at, one.ends_at)
            continue
        if last:
            yield last
        last = one
    if last:
        yield last
