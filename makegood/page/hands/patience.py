"""How long we trust somebody who said they are going. Pure."""

from datetime import datetime, timedelta
from typing import Final

LEAST = timedelta(minutes=1)
MOST: Final = {
    "reach": timedelta(minutes=3),
    "decide": timedelta(minutes=3),
    "call": timedelta(minutes=10),
    "remind": timedelta(hours=2),
}


def look_again_at(purpose: str, *, leaves_at: datetime | None, now: datetime) -> datetime:
    """When a page that was taken rings again unless it is done; before the customer leaves."""
    most = MOST[purpose]
    if purpose == "reach" and leaves_at is not None:
        most = min(most, leaves_at - now)
    return now + max(most, LEAST)
