"""How much of a customer's time is left, as the ring shows it. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

SHORT = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
LONGEST_CLOCK = timedelta(minutes=100)


@dataclass(frozen=True)
class Countdown:
    """What the ring shows at one moment; the phone counts on by itself."""

    begins_at: datetime
    ends_at: datetime
    text: str
    share: float
    is_short: bool
    is_over: bool


def countdown(begins_at: datetime, ends_at: datetime | None, now: datetime) -> Countdown | None:
    """The ring for a page; None when nobody expects the customer to leave."""
    if ends_at is None:
        return None
    left = ends_at - now
    whole = max(ends_at - begins_at, SECOND)
    share = min(100.0, max(0.0, left / whole * 100))
    return Countdown(
        begins_at, ends_at, clock(abs(left)), round(share, 1), left < SHORT, left < timedelta()
    )


def clock(length: timedelta) -> str:
    """`3:48`; from a hundred minutes on, whole hours: `2 h`."""
    if length >= LONGEST_CLOCK:
        return f"{round(length / timedelta(hours=1))} h"
    minutes, seconds = divmod(int(length / SECOND), 60)
    return f"{minutes}:{seconds:02}"
