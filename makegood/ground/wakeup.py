"""Wake-up calls between processes: at most one NOTIFY per commit, sent after it.

A NOTIFY inside the transaction would hold a database-wide lock through the commit; one that is
lost to a crash right after the commit is found again by the sweep.
"""

from typing import cast

from django.db import connection, transaction

LANE_CHANNEL = "makegood_lane"


def wake(lane: str) -> None:
    """Tells the workers of `lane`, once this transaction commits, that something waits."""
    call(LANE_CHANNEL, lane)


def call(channel: str, payload: str) -> None:
    """Sends `payload` on `channel` once this transaction commits; repeats are merged."""
    _pending()[(channel, payload)] = None
    transaction.on_commit(_send, robust=True)


def _pending() -> dict[tuple[str, str], None]:
    if not hasattr(connection, "makegood_calls"):
        connection.makegood_calls = {}  # type: ignore[attr-defined]
    return cast(dict[tuple[str, str], None], connection.makegood_calls)  # type: ignore[attr-defined]


def _send() -> None:
    calls = _pending()
    if not calls:
        return  # an earlier callback of the same commit has sent them all
    channels, payloads = zip(*calls, strict=True)
    calls.clear()
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_notify(c, p) from unnest(%s::text[], %s::text[]) as t(c, p)",
            [list(channels), list(payloads)],
        )
