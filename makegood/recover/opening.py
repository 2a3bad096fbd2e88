"""Opens a case for a verdict, or joins the open one."""

from typing import Any

from makegood.ground.models import Entry


def open_or_join(entry: Entry, fact: Any) -> None:
    """Reaction to SignalTriaged."""
