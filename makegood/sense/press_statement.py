"""The one SQL statement that commits a batch of presses. No Django: `intake` runs it too.

    cursor.execute(STATEMENT, parameters(presses))          # psycopg, sync or async, or Django
    added = {id for (id,) in cursor.fetchall()}             # the signals that are new
    others = [press for press in presses if press.signal_id not in added]
    cursor.execute(EARLIER, earlier_parameters(others))     # only if there are any
    earlier = {(touchpoint, key): id for touchpoint, key, id in cursor.fetchall()}

`EARLIER` finds the signals that stand for the others: somebody sent their keys before. A press that
is in neither was refused: no such touchpoint, a retired one or a stale link; nothing was written.

The session must see every organisation: `makegood.organisation` = '*' (see `ground.tenancy`).
Each statement is a transaction of its own, or the caller opens one around both. If anything was
new the caller wakes the urgent lane (`NOTIFY makegood_lane, 'urgent'`): once, after the commit.

A key that another transaction is committing at this moment is waited for. Its row is not in the
snapshot this statement began with, which is why `EARLIER` is a statement of its own. Rows go in by
touchpoint and key, so two batches with the same keys queue up and never deadlock.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from makegood.ground.ids import new_id

OFFLINE_FOR_AT_MOST: Final = timedelta(hours=24)  # an older press is taken as this old
KEY: Final = re.compile(r"[A-Za-z0-9_.:-]{8,64}")

# The clock is materialized, or it would be read again for every row and column. A press and the
# fact that tells of it come into being together, in different tables: one id serves both.
_STATEMENT = """
with clock as materialized (
    select coalesce(%(now)s::timestamptz, makegood_now()) as now,
           case when %(now)s::timestamptz is null then makegood_now() - now() else interval '0' end
               as ahead_by
),
added as (
    insert into sense_signal (
        id, organisation_id, site_id, touchpoint_id, kind, key, place, dwell_minutes,
        words, topics, happened_at, received_at, state
    )
    select g.signal_id, t.organisation_id, t.site_id, t.id, 'press', g.key, t.place,
           t.dwell_minutes, '', '[]',
           greatest(least(coalesce(g.happened_at + c.ahead_by, c.now), c.now),
                    c.now - %(offline_for_at_most)s::interval),
           c.now, 0
    from unnest(
        %(signal_ids)s::uuid[], %(touchpoint_ids)s::uuid[], %(link_versions)s::int[],
        %(keys)s::text[], %(happened_at)s::timestamptz[]
    ) with ordinality as g (signal_id, touchpoint_id, link_version, key, happened_at, n)
    join sense_touchpoint t on t.id = g.touchpoint_id
        and t.link_version = g.link_version and t.retired_at is null
    cross join clock c
    order by g.touchpoint_id, g.key, g.n
    on conflict (touchpoint_id, key) do nothing
    returning id, organisation_id, touchpoint_id, received_at
),
told as (
    insert into ground_fact (id, organisation_id, name, at, by, about, data)
    select id, organisation_id, 'sense.press_received', received_at, 'customer', id,
           jsonb_build_object('touchpoint_id', touchpoint_id)
    from added
)
select id from added
"""
STATEMENT: Final = " ".join(_STATEMENT.split())

EARLIER: Final = (
    "select s.touchpoint_id, s.key, s.id"
    " from unnest(%(touchpoint_ids)s::uuid[], %(keys)s::text[]) as g (touchpoint_id, key)"
    " join sense_signal s on s.touchpoint_id = g.touchpoint_id and s.key = g.key"
)


class Press(msgspec.Struct, frozen=True, kw_only=True):
    """One press as its sender states it. Check `key` with `is_key` first: a bad row fails a batch.

    `happened_at` is for presses sent late; without it, the moment of receipt. It is read as the
    world's time unless `parameters` is given `now`, and kept within the last 24 hours.
    """

    touchpoint_id: UUID
    link_version: int
    key: str
    happened_at: datetime | None = None
    signal_id: UUID = msgspec.field(default_factory=new_id)


def is_key(text: str) -> bool:
    """Whether `text` may be a sender's key: 8 to 64 letters, digits and `_ . : -`."""
    return KEY.fullmatch(text) is not None


def parameters(presses: Sequence[Press], *, now: datetime | None = None) -> dict[str, Any]:
    """The statement's parameters; `now` only for callers who are given the time themselves.

    The columns are array literals made here: four times less work than having each value adapted,
    and `intake` does this for every press.
    """
    return {
        "signal_ids": _array([press.signal_id.hex for press in presses]),
        "link_versions": _array([str(press.link_version) for press in presses]),
        "happened_at": _array(
            [press.happened_at.isoformat() if press.happened_at else "null" for press in presses]
        ),
        "offline_for_at_most": OFFLINE_FOR_AT_MOST,
        "now": now,
        **earlier_parameters(presses),
    }


def earlier_parameters(presses: Sequence[Press]) -> dict[str, Any]:
    """The parameters of `EARLIER`."""
    return {
        "touchpoint_ids": _array([press.touchpoint_id.hex for press in presses]),
        "keys": _array([_quoted(press.key) for press in presses]),
    }


def _array(values: Sequence[str]) -> str:
    return "{" + ",".join(values) + "}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
