"""How long we trust somebody who said they are going, and a customer to be there still. Pure."""

from datetime import datetime, timedelta
from typing import Final

LEAST = timedelta(minutes=1)
STAYS_ON: Final = timedelta(hours=4)  # past the threshold, which is only likely
MOST: Final = {
    "reach": timedelta(minutes=3),
    "decide": timedelta(minutes=10),
    "call": timedelta(minutes=10),
    "remind": timedelta(hours=2),
}


def look_again_at(purpose: str, *, leaves_at: datetime | None, now: datetime) -> datetime:
    """When a page that was taken rings again unless it is done; before the customer leaves."""
    most = MOST[purpose]
    if purpose == "reach" and leaves_at is not None:
        most = min(most, leaves_at - now)
    return now + max(most, LEAST)


def may_still_be_there(
    *, expected_until: datetime, came_at: datetime | None, now: datetime
) -> bool:
    """Whether a customer may still be waiting where they pressed: some hours past when they were
    likely to leave, or past when somebody said that they were there, if that was later."""
    return now <= max(expected_until, came_at or expected_until) + STAYS_ON
