"""The one SQL statement that commits a batch of presses. No Django: `intake` runs it too.

    cursor.execute(STATEMENT, parameters(presses))          # psycopg, sync or async, or Django
    committed = read(cursor.fetchall())                     # in the order of `presses`
    again = [p for p, c in zip(presses, committed) if c.unsettled]   # execute once more for these

The session must see every organisation: `makegood.organisation` = '*' (see `ground.tenancy`).
The statement is a transaction of its own, or the caller opens one around it. If anything was new
the caller wakes the urgent lane (`NOTIFY makegood_lane, 'urgent'`): once, after the commit.

A key that another transaction is committing at this moment is waited for; but its row is not in
the snapshot this statement began with, so the answer is `unsettled`. A fresh statement sees it.
Rows go in by touchpoint and key, so two batches with the same keys queue up and never deadlock.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from makegood.ground.ids import new_id

OFFLINE_FOR_AT_MOST: Final = timedelta(hours=24)  # an older press is taken as this old
KEY: Final = re.compile(r"[A-Za-z0-9_.:-]{8,64}")

_STATEMENT = """
with given as (
    select * from unnest(
        %(signal_ids)s::uuid[], %(fact_ids)s::uuid[], %(touchpoint_ids)s::uuid[],
        %(link_versions)s::int[], %(keys)s::text[], %(happened_at)s::timestamptz[]
    ) with ordinality as g (signal_id, fact_id, touchpoint_id, link_version, key, happened_at, n)
),
clock as (
    select coalesce(%(now)s::timestamptz, makegood_now()) as now,
           case when %(now)s::timestamptz is null then makegood_now() - now() else interval '0' end
               as ahead_by
),
welcome as (
    select distinct on (g.touchpoint_id, g.key)
           g.*, t.organisation_id, t.site_id, t.place, t.dwell_minutes
    from given g
    join sense_touchpoint t on t.id = g.touchpoint_id
        and t.link_version = g.link_version and t.retired_at is null
    order by g.touchpoint_id, g.key, g.n
),
added as (
    insert into sense_signal (
        id, organisation_id, site_id, touchpoint_id, kind, key, place, dwell_minutes,
        words, topics, happened_at, received_at, state
    )
    select w.signal_id, w.organisation_id, w.site_id, w.touchpoint_id, 'press', w.key, w.place,
           w.dwell_minutes, '', '[]',
           greatest(least(coalesce(w.happened_at + c.ahead_by, c.now), c.now),
                    c.now - %(offline_for_at_most)s::interval),
           c.now, 0
    from welcome w cross join clock c
    order by w.touchpoint_id, w.key
    on conflict (touchpoint_id, key) do nothing
    returning id, organisation_id, touchpoint_id, key, received_at
),
told as (
    insert into ground_fact (id, organisation_id, name, at, by, about, data)
    select w.fact_id, a.organisation_id, 'sense.press_received', a.received_at, 'customer', a.id,
           jsonb_build_object('touchpoint_id', a.touchpoint_id)
    from added a join welcome w on w.signal_id = a.id
)
select g.signal_id,
       coalesce(a.id, s.id),
       coalesce(a.organisation_id, s.organisation_id, w.organisation_id),
       coalesce(a.id = g.signal_id, false),
       w.signal_id is null and s.id is null
from given g
left join welcome w on w.touchpoint_id = g.touchpoint_id and w.key = g.key
left join added a on a.touchpoint_id = g.touchpoint_id and a.key = g.key
left join sense_signal s on s.touchpoint_id = g.touchpoint_id and s.key = g.key
order by g.n
"""
STATEMENT: Final = " ".join(_STATEMENT.split())


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
    fact_id: UUID = msgspec.field(default_factory=new_id)


class Committed(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one press.

    `signal_id` is the signal that stands for it: its own, or the earlier one of the same key.
    `was_new`: written just now. `refused`: no such touchpoint, a retired one or a stale link, and
    nothing was written.
    """

    given_id: UUID
    signal_id: UUID | None
    organisation_id: UUID | None
    was_new: bool
    refused: bool

    @property
    def unsettled(self) -> bool:
        """Another transaction was faster with this key: execute once more to see its signal."""
        return self.signal_id is None and not self.refused


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
        "fact_ids": _array([press.fact_id.hex for press in presses]),
        "touchpoint_ids": _array([press.touchpoint_id.hex for press in presses]),
        "link_versions": _array([str(press.link_version) for press in presses]),
        "keys": _array([_quoted(press.key) for press in presses]),
        "happened_at": _array(
            [press.happened_at.isoformat() if press.happened_at else "null" for press in presses]
        ),
        "offline_for_at_most": OFFLINE_FOR_AT_MOST,
        "now": now,
    }


def read(rows: Iterable[Sequence[Any]]) -> list[Committed]:
    """The statement's answer, one for each press given and in their order."""
    return [
        Committed(
            given_id=given_id,
            signal_id=signal_id,
            organisation_id=organisation_id,
            was_new=was_new,
            refused=refused,
        )
        for given_id, signal_id, organisation_id, was_new, refused in rows
    ]


def _array(values: Sequence[str]) -> str:
    return "{" + ",".join(values) + "}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
