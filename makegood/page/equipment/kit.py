"""What a person can be reached by, and when each of it rings. Pure: no database, no clock.

Each device rings as its person wishes: so many seconds after the open pager, and in their quiet
hours only for what is grave. The open pager rings at once; in quiet hours it shows what is small
without a sound, and rings at their end what is still open. The ladder climbs all the same: who is
quiet is asked on the screen and passed over in time, so nobody waits for somebody's sleep.

Nobody waits behind what is lost either: what would have rung after it moves up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

LONGEST_DELAY = timedelta(minutes=10)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Thing:
    """A device in use, as far as ringing needs to know it."""

    id: UUID
    channel: str
    lost: bool = False  # we hear nothing of it: it is rung all the same, in case it is back


@dataclass(frozen=True)
class Quiet:
    """Hours of a person's own clock in which only what is as grave as `below` rings devices."""

    begins: time
    ends: time  # at or before `begins`: on the next day
    below: int
    timezone: str

    def over_at(self, severity: int, now: datetime) -> datetime:
        """When something of this severity may ring: now, or at the end of the quiet."""
        if severity >= self.below:
            return now
        local = now.astimezone(ZoneInfo(self.timezone))
        if not self._holds_at(local.time()):
            return now
        day = local.date()
        if local.time() >= self.ends:
            day += DAY
        end = datetime.combine(day, self.ends, local.tzinfo)
        if end.astimezone(UTC) <= now:  # the hour that the end of summer time repeats
            end = end.replace(fold=1)
        return end.astimezone(UTC)

    def span(self, now: datetime) -> tuple[datetime, datetime]:
        """From when until when it is quiet: the quiet that holds now, else the next."""
        local = now.astimezone(ZoneInfo(self.timezone))
        has_begun = local.time() >= self.begins
        over = self.over_at(self.below - 1, now)
        if over > now:
            began = self._begins_on(local.date() - (timedelta() if has_begun else DAY))
            return min(began, now), over
        begins = self._begins_on(local.date() + (DAY if has_begun else timedelta()))
        return begins, self.over_at(self.below - 1, begins)

    def _begins_on(self, day: date) -> datetime:
        return datetime.combine(day, self.begins, ZoneInfo(self.timezone)).astimezone(UTC)

    def _holds_at(self, moment: time) -> bool:
        if self.begins < self.ends:
            return self.begins <= moment < self.ends
        return moment >= self.begins or moment < self.ends


@dataclass(frozen=True)
class Kit:
    """One person's devices, and their wishes about them."""

    things: Sequence[Thing] = ()
    delays: Mapping[UUID, timedelta] = field(default_factory=dict)
    quiet: Quiet | None = None

    def rings_at(self, severity: int, now: datetime) -> list[tuple[Thing, datetime]]:
        """When each device rings for a page that rings now; the first first."""
        times = [(thing, self.may_ring_at(thing, severity, now)) for thing in self.things]
        return sorted(times, key=lambda one: one[1])

    def may_ring_at(self, thing: Thing, severity: int, now: datetime) -> datetime:
        """After its delay, and not before the end of a quiet it would fall into."""
        delay = self._delay(thing)
        at = now + (delay if thing.lost else delay - self._saved)
        return self.quiet.over_at(severity, at) if self.quiet else at

    def is_quiet(self, severity: int, now: datetime) -> bool:
        """Whether something of this severity has to wait now."""
        return self.quiet is not None and self.quiet.over_at(severity, now) > now

    @property
    def _saved(self) -> timedelta:
        """What the others wait for those that were to ring first, if all of these are lost."""
        soonest = min(map(self._delay, self.things), default=timedelta())
        there = [self._delay(thing) for thing in self.things if not thing.lost]
        return min(there, default=soonest) - soonest

    def _delay(self, thing: Thing) -> timedelta:
        return self.delays.get(thing.id, timedelta())


NOTHING = Kit()


def read(
    things: Sequence[Sequence[Any]] | None, wishes: Sequence[Any] | None, timezone: str
) -> Kit:
    """A kit as the database tells it: devices [id, channel, lost], wishes [delays, from, until,
    below].

    Delays are kept within reason, whoever wrote them.
    """
    if not things:
        return NOTHING
    owned = tuple(Thing(UUID(device), channel, lost) for device, channel, lost in things)
    if not wishes:
        return Kit(owned)
    delays, begins, ends, below = wishes
    return Kit(
        owned,
        {UUID(device): _within_reason(seconds) for device, seconds in delays.items()},
        Quiet(_time(begins), _time(ends), below, timezone) if begins and ends else None,
    )


def _within_reason(seconds: float) -> timedelta:
    return min(max(timedelta(seconds=seconds), timedelta()), LONGEST_DELAY)


def _time(value: time | str) -> time:
    return value if isinstance(value, time) else time.fromisoformat(value)
