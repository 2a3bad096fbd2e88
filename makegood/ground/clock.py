"""The clock. It can be moved, so that tests and demos live through months in seconds.

Only doors, jobs and `ground` read it; verbs are given `now`. The offset lives in the database
(`ground_clock`), so every process agrees; SQL reads the same time as `makegood_now()`.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.db import connection

OFFSET_GOOD_FOR = 1.0


class _Clock:
    def __init__(self) -> None:
        self.standing: datetime | None = None
        self.offset = timedelta()
        self.read_at: float | None = None

    def stale(self) -> bool:
        return self.read_at is None or time.monotonic() - self.read_at > OFFSET_GOOD_FOR

    def read(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("select ahead_by from ground_clock")
            row = cursor.fetchone()
        self.offset = row[0] if row else timedelta()
        self.read_at = time.monotonic()


_clock = _Clock()


def now() -> datetime:
    """The house's time, in UTC."""
    if _clock.standing is not None:
        return _clock.standing
    if _clock.stale():
        _clock.read()
    return datetime.now(UTC) + _clock.offset


def set_to(moment: datetime) -> None:
    """Moves the clock of every process to `moment`: for demos and rehearsals only."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into ground_clock (id, ahead_by) values (1, %s - clock_timestamp())"
            " on conflict (id) do update set ahead_by = excluded.ahead_by",
            [moment],
        )
    _clock.read()


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Within, this process's clock stands still at `moment`."""
    before, _clock.standing = _clock.standing, moment
    try:
        yield
    finally:
        _clock.standing = before
