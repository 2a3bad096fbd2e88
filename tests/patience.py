"""Waits for what another process does: a browser, a broker, a box. Nothing tells us, so we look."""

import time
from collections.abc import Callable
from typing import TypeVar

Seen = TypeVar("Seen")

PATIENCE = 40.0  # a Firefox that starts beside another test
GLANCE = 0.01


def until(look: Callable[[], Seen | None], *, patience: float = PATIENCE) -> Seen:
    """What `look` sees as soon as it sees something; fails after `patience` seconds."""
    end = time.monotonic() + patience
    while not (seen := look()):
        assert time.monotonic() < end, f"it never came, in {patience:.0f} seconds"
        time.sleep(GLANCE)
    return seen
