"""How often one person may be rung: a table that fits on one page. Pure: no database, no clock.

Rings of all pages count together; what limits them is how grave the page is that wants to ring. So
what is small is held back first, and somebody who was not rung lately is always rung at once: the
first page to a person outranks those that come later. A page for which nobody has room waits in the
list, free to be taken by whoever looks, and looks again every few seconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

WINDOW: Final = timedelta(minutes=1)
LOOKS_AGAIN_EVERY: Final = timedelta(seconds=5)
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    """One line of the table: so many rings of one person within `WINDOW`, at these severities."""

    severities: tuple[int, ...]
    at_most: int


TABLE: Final = (Row((1, 2), 3), Row((3,), 6), Row((4, 5), 12))
MOST: Final = max(row.at_most for row in TABLE)
AT_MOST: Final = {severity: row.at_most for row in TABLE for severity in row.severities}


def has_room_at(rung_at: Sequence[datetime], severity: int, *, now: datetime) -> datetime | None:
    """When somebody who was rung at these moments may be rung again; None: now."""
    at_most = AT_MOST[severity]
    lately = sorted((at for at in rung_at if at > now - WINDOW), reverse=True)
    return lately[at_most - 1] + WINDOW if len(lately) >= at_most else None


def is_counted_alone(rings: int, severity: int) -> bool:
    """Whether somebody rung so often is counted with nobody else at it: once more than half of
    their row is filled."""
    return 2 * rings > AT_MOST[severity]


def looks_again_at(now: datetime) -> datetime:
    """When a page that is held looks again: all of them together, so that the most pressing is
    the first whom room is given."""
    steps = (now - EPOCH) // LOOKS_AGAIN_EVERY + 1
    return EPOCH + steps * LOOKS_AGAIN_EVERY
