"""Tells the screens about a case."""

from typing import Any

from makegood.ground.models import Entry


def tell_customer(entry: Entry, fact: Any) -> None:
    """Reaction."""
