"""The SQL that notes which hardware was heard. No Django: `devices` runs it.

    cursor.execute(BUTTONS, parameters({button_id: battery_percent_or_None, ...}))

The session must see every organisation: `makegood.organisation` = '*' (see `ground.tenancy`).
Who looks after hardware (`sense.minding`) finds by `look_at` those it has to look at.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

LOW_BATTERY: Final = 15  # percent

_STATEMENT = """
with clock as materialized (
    select coalesce(%(now)s::timestamptz, makegood_now()) as now
)
update {table} as b
set heard_at = c.now,
    battery = coalesce(g.battery, b.battery),
    look_at = case
        when b.ailment <> '' or coalesce(g.battery, b.battery) <= %(low)s then c.now
        else c.now + b.silent_after
    end
from unnest(%(ids)s::uuid[], %(batteries)s::smallint[]) as g (id, battery), clock as c
where b.id = g.id and b.retired_at is null
"""
BUTTONS: Final = " ".join(_STATEMENT.format(table="sense_button").split())
LAMPS: Final = " ".join(_STATEMENT.format(table="sense_lamp").split())


def parameters(heard: Mapping[UUID, int | None], *, now: datetime | None = None) -> dict[str, Any]:
    """The statement's parameters: each piece of hardware heard, and its battery if it said so.

    `now` is only for callers who are given the time themselves.
    """
    return {
        "ids": list(heard),
        "batteries": list(heard.values()),
        "low": LOW_BATTERY,
        "now": now,
    }
