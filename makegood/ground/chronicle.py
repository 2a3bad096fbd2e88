"""The chronicle: every fact is written once, with its cause, and wakes who listens for it.

A fact is a frozen struct in the past tense (`PressReceived`) declared in a room's `facts.py`.
`record` writes it and calls its reactions in the same transaction; which reaction listens to
which fact is said in one place, `makegood/story.py`.

Where facts come in storms, `record_all` writes many at once, and a reaction marked `@together`
hears them at once, so that a batch costs a handful of statements and not a handful for each.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import msgspec
from django.db.models import Model

from makegood.ground import rows
from makegood.ground.models import Entry


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all facts. `name` is `<room>.<what_happened>` and never changes once published."""

    name: ClassVar[str]


CUSTOMER = "customer"
SYSTEM = "system"

Told = Sequence[tuple[Entry, Any]]  # what a reaction marked `@together` hears: entries, facts


class Together:
    """A reaction that hears all entries of one recording at once; see `together`."""

    def __init__(self, hear: Callable[[Told], None]) -> None:
        self.hear = hear
        self.__module__, self.__name__, self.__doc__ = hear.__module__, hear.__name__, hear.__doc__


Reaction = Callable[[Entry, Any], None] | Together

_reactions: dict[type[Fact], tuple[Reaction, ...]] = {}


def together(hear: Callable[[Told], None]) -> Together:
    """Marks a reaction that takes all entries of one recording at once, in the order recorded."""
    return Together(hear)


def listen(reactions: Mapping[type[Fact], Sequence[Reaction]]) -> None:
    """Takes over the whole table of who reacts to what; called once at start."""
    _reactions.clear()
    _reactions.update({fact: tuple(heard) for fact, heard in reactions.items()})


@dataclass(frozen=True, kw_only=True)
class Telling:
    """A fact to be recorded: when, by whom, about what, because of what.

    `row` is for reactions on the hot path: what the fact brings, so that nobody reads it again.
    """

    fact: Fact
    organisation_id: UUID
    at: datetime
    by: str
    about: UUID
    caused_by: UUID | None = None
    row: Model | None = None


def record(
    fact: Fact,
    *,
    organisation_id: UUID,
    at: datetime,
    by: str,
    about: UUID,
    caused_by: UUID | None = None,
    row: Model | None = None,
) -> Entry:
    """Writes `fact` and lets the story react, all in the caller's transaction."""
    telling = Telling(
        fact=fact,
        organisation_id=organisation_id,
        at=at,
        by=by,
        about=about,
        caused_by=caused_by,
        row=row,
    )
    return record_all([telling])[0]


def record_all(tellings: Iterable[Telling]) -> list[Entry]:
    """Writes facts together and lets the story react, all in the caller's transaction.

    Kind of fact by kind, in the order they come; of each kind the first reaction hears all of them,
    then the next.
    """
    told = [(_entry(telling), telling.fact) for telling in tellings]
    entries = rows.insert_all(Entry, (entry for entry, _ in told))
    for kind in dict.fromkeys(type(fact) for _, fact in told):
        heard = [(entry, fact) for entry, fact in told if type(fact) is kind]
        for react in _reactions.get(kind, ()):
            _let_hear(react, heard)
    return entries


def _entry(telling: Telling) -> Entry:
    entry = Entry(
        organisation_id=telling.organisation_id,
        name=telling.fact.name,
        at=telling.at,
        by=telling.by,
        about=telling.about,
        caused_by=telling.caused_by,
        data=msgspec.to_builtins(telling.fact),
    )
    entry.row = telling.row
    return entry


def _let_hear(react: Reaction, told: Told) -> None:
    if isinstance(react, Together):
        react.hear(told)
        return
    for entry, fact in told:
        react(entry, fact)


def staff_actor(staff_id: UUID) -> str:
    """How the chronicle names a member of staff in `by`."""
    return f"staff:{staff_id}"
