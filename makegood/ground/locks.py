"""Locks, so that two who act at the same moment wait in turn and never for each other.

Everybody locks in one order (STYLE.md): what is told, the purse, the case and its steps, the page.
A room that lies beneath the case does not know it; it says which matter it is about to change, and
whoever owns the matter locks it first.
"""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.db import OperationalError, connection
from psycopg.errors import DeadlockDetected, LockNotAvailable, SerializationFailure

GIVES_WAY_AFTER = timedelta(milliseconds=500)  # before PostgreSQL looks for who waits for whom
LOST = (DeadlockDetected, LockNotAvailable, SerializationFailure)

_holders: list[Callable[[UUID], None]] = []


def let_hold(*holders: Callable[[UUID], None]) -> None:
    """Takes over who locks a matter that is theirs; called once at start, from `story.py`."""
    _holders[:] = holders


def hold_matter(matter: UUID) -> None:
    """Locks `matter` until the transaction ends.

    To be called before locking a row that is about the matter, by whoever will tell a fact that the
    owner of the matter writes down.
    """
    for hold in _holders:
        hold(matter)


def wait_at_most(time: timedelta) -> None:
    """From here on this transaction waits for each lock no longer than `time`."""
    with connection.cursor() as cursor:
        cursor.execute(f"set local lock_timeout = {time // timedelta(milliseconds=1)}")


def is_ours_alone(name: str) -> bool:
    """Whether nobody else does what is called so at this moment; ours until the transaction ends,
    and waits for nobody."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        (ours,) = cursor.fetchone()
    return bool(ours)


def was_in_the_way(error: BaseException) -> bool:
    """Whether nothing is wrong but that somebody else changed the same at the same moment."""
    return isinstance(error, OperationalError) and isinstance(error.__cause__, LOST)
