"""What a refusal over HTTP says about trying again, whoever refused. No Django here."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

LONGEST_PAUSE: Final = timedelta(hours=1)
PASSING: Final = (408, 425, 429)


def passes(code: int) -> bool:
    """Whether the same may be taken later: they are busy, or their fault it is."""
    return code >= 500 or code in PASSING


def pause_asked_for(header: str, now: datetime) -> timedelta | None:
    """What `Retry-After` asks for, in seconds or as a moment; an hour at most."""
    try:
        seconds = (
            float(header)
            if header.strip().isdecimal()
            else (_utc(parsedate_to_datetime(header)) - now).total_seconds()
        )
    except ValueError:
        return None
    return timedelta(seconds=min(max(seconds, 0), LONGEST_PAUSE.total_seconds()))


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
