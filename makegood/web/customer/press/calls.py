"""Reads when we shall call: one of the offered times, or a day and time of their own. Pure."""

from datetime import UTC, datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from makegood.ground.refusals import Invalid

OTHER: Final = "other"
AS_WRITTEN: Final = "%Y%m%dT%H%MZ"
STALE_AFTER: Final = timedelta(hours=2)
AT_ONCE: Final = timedelta(minutes=1)


def written(at: datetime) -> str:
    """An offered time as the form sends it back."""
    return at.astimezone(UTC).strftime(AS_WRITTEN)


def read_call_time(when: str, other: str, *, now_local: datetime) -> datetime:
    """The moment (UTC) they chose; refuses what is past, or no time at all.

    A page may lie open for a while: an offered time that has just passed means at once.
    """
    if when == OTHER:
        return _own_time(other, now_local).astimezone(UTC)
    at = _offered_time(when)
    if at < now_local - STALE_AFTER:
        raise Invalid(_("That time has passed. Choose a later one."), field="when")
    return max(at, now_local + AT_ONCE).astimezone(UTC)


def _offered_time(when: str) -> datetime:
    try:
        return datetime.strptime(when, AS_WRITTEN).replace(tzinfo=UTC)
    except ValueError as error:
        raise Invalid(_("Choose when we shall call."), field="when") from error


def _own_time(other: str, now_local: datetime) -> datetime:
    unclear = Invalid(_("Choose a day and a time, for example tomorrow at 10:00."), field="other")
    try:
        wall = datetime.fromisoformat(other)
    except ValueError as error:
        raise unclear from error
    if wall.tzinfo is not None or not 2000 < wall.year < 9000:
        raise unclear
    return wall.replace(tzinfo=now_local.tzinfo)
