"""Takes facts as evidence for steps."""

from typing import Any

from makegood.ground.models import Entry


def note_reached(entry: Entry, fact: Any) -> None:
    """Reaction."""


def note_left(entry: Entry, fact: Any) -> None:
    """Reaction."""


def note_amends(entry: Entry, fact: Any) -> None:
    """Reaction."""


def note_nothing_given(entry: Entry, fact: Any) -> None:
    """Reaction."""


def note_letter(entry: Entry, fact: Any) -> None:
    """Reaction."""


def note_visit(entry: Entry, fact: Any) -> None:
    """Reaction."""


def note_rating(entry: Entry, fact: Any) -> None:
    """Reaction."""
