"""Heartbeats of what works in the background: each says by itself that it is well.

By the world's clock, not the house's, which can be moved. No Django here: the gateway reads them.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

EVERY: Final = timedelta(seconds=5)

BEAT: Final = """
insert into ground_heartbeat (name, beat_at) values (%(name)s, clock_timestamp())
on conflict (name) do update set beat_at = excluded.beat_at
"""
SINCE: Final = """
select name, extract(epoch from clock_timestamp() - beat_at)::float8 from ground_heartbeat
"""

LATE_AFTER: Final[Mapping[str, timedelta]] = {  # a restart of the database must fit into it
    "urgent": timedelta(seconds=30),
    "carrying": timedelta(seconds=30),
    "tick": timedelta(seconds=30),
    "ordinary": timedelta(minutes=2),  # a slow mail server may hold it up
    "audit": timedelta(minutes=3),
    "errands": timedelta(minutes=2),  # their thread shares the processor with a replay
}

BROKER: Final = "devices"  # `makegood devices`, while it hears the broker
BROKER_LATE_AFTER: Final = timedelta(seconds=75)  # it tries one that was away every half minute


def watched(*, broker: bool) -> Mapping[str, timedelta]:
    """After how long who is late, where a broker is set and where none is."""
    return {**LATE_AFTER, BROKER: BROKER_LATE_AFTER} if broker else LATE_AFTER
