"""The chronicle: every fact is written once, with its cause, and wakes who listens for it.

A fact is a frozen struct in the past tense (`PressReceived`) declared in a room's `facts.py`.
`record` writes it and calls its reactions in the same transaction; which reaction listens to
which fact is said in one place, `makegood/story.py`.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import msgspec
from django.db.models import Model

from makegood.ground.models import Entry


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all facts. `name` is `<room>.<what_happened>` and never changes once published."""

    name: ClassVar[str]


CUSTOMER = "customer"
SYSTEM = "system"

Reaction = Callable[[Entry, Any], None]

_reactions: dict[type[Fact], tuple[Reaction, ...]] = {}


def listen(reactions: Mapping[type[Fact], Sequence[Reaction]]) -> None:
    """Takes over the whole table of who reacts to what; called once at start."""
    _reactions.clear()
    _reactions.update({fact: tuple(heard) for fact, heard in reactions.items()})


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
    """Writes `fact` and lets the story react, all in the caller's transaction.

    `row` is for reactions on the hot path: what the fact brings, so that nobody reads it again.
    """
    entry = Entry.objects.create(
        organisation_id=organisation_id,
        name=fact.name,
        at=at,
        by=by,
        about=about,
        caused_by=caused_by,
        data=msgspec.to_builtins(fact),
    )
    entry.row = row
    for react in _reactions.get(type(fact), ()):
        react(entry, fact)
    return entry


def staff_actor(staff_id: UUID) -> str:
    """How the chronicle names a member of staff in `by`."""
    return f"staff:{staff_id}"
