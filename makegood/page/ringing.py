"""Opens pages and rings people."""

from typing import Any

from makegood.ground.models import Entry


def ring_pages_nobody_heard(entry: Entry, fact: Any) -> None:
    """The next on duty inherits the pages that found nobody."""
