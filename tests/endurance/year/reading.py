"""The oracle's own reading of a policy: plain Python over the YAML, with nothing of the product."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML

UNITS = {"minute": 60, "hour": 3600, "day": 86400, "week": 7 * 86400}
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Promise:
    """One step as the document promises it."""

    by: str
    after: str
    automatic: bool

    def due(self, start: datetime, zone: ZoneInfo) -> datetime:
        """`2 days at 18:00` after `start`, on the calendar and the clocks of the place."""
        if self.by == "at once":
            return start
        words, _, at = self.by.partition(" at ")
        span = spelt_out(words)
        if span % DAY:
            return start + span
        local = start.astimezone(zone)
        hour = clock(at) if at else local.time()
        return datetime.combine(local.date() + span, hour, tzinfo=zone).astimezone(UTC)


@dataclass(frozen=True)
class Document:
    """What a case that pinned this document may expect."""

    steps: dict[str, Promise]
    before: timedelta
    again_every: timedelta
    wait_for_customer: timedelta
    wakes: time
    rests: time

    def awake(self, moment: datetime, zone: ZoneInfo) -> bool:
        """Whether customers there may be written to."""
        return self.wakes <= moment.astimezone(zone).time() < self.rests

    def next_awake(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """When they may be again."""
        local = moment.astimezone(zone)
        day = local.date() + (timedelta() if local.time() < self.wakes else DAY)
        return datetime.combine(day, self.wakes, tzinfo=zone).astimezone(UTC)


def read(text: str) -> Document:
    """Reads the YAML."""
    top: dict[str, Any] = YAML(typ="safe").load(text)
    reminders = top["reminders"]
    wakes, _, rests = top["contact"]["waking_hours"].partition(" to ")
    return Document(
        steps={
            kind: Promise(str(told["by"]), told.get("after", ""), told["hand"] == "automatic")
            for kind, told in top["steps"].items()
        },
        before=spelt_out(reminders["before"]),
        again_every=spelt_out(reminders["again_every"]),
        wait_for_customer=spelt_out(top["closing"]["wait_for_customer"]),
        wakes=clock(wakes),
        rests=clock(rests),
    )


def clock(words: str) -> time:
    """`9:00`, `18:30`."""
    return time.fromisoformat(words.zfill(5))


def spelt_out(words: str) -> timedelta:
    """`90 minutes`, `3 weeks`."""
    said = re.fullmatch(r"(\d+) ([a-z]+?)s?", words)
    assert said, words
    return timedelta(seconds=int(said[1]) * UNITS[said[2]])


def postponed(due: datetime, stood_still: timedelta, zone: ZoneInfo) -> datetime:
    """`due` after a case stood still: later by the days begun, at the same time of day there."""
    local, days = due.astimezone(zone), -(-stood_still // DAY)
    day = local.date() + timedelta(days=days)
    return datetime.combine(day, local.time(), tzinfo=zone).astimezone(UTC)
