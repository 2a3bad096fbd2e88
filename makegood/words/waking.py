"""Waking hours: nobody is written to at night. Pure."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

WAKES = time(9)
RESTS = time(20)


def next_waking(moment: datetime, zone: ZoneInfo) -> datetime:
    """`moment` itself between 9:00 and 20:00 in `zone`, else the next 9:00 there; in UTC."""
    local = moment.astimezone(zone)
    if WAKES <= local.time() < RESTS:
        return moment.astimezone(UTC)
    day = local.date() if local.time() < WAKES else local.date() + timedelta(days=1)
    return datetime.combine(day, WAKES, tzinfo=zone).astimezone(UTC)
