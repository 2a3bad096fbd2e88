"""How often and when the house writes to a customer, and when it gives up. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from makegood.recover.policy.opening_hours import wall_time


@dataclass(frozen=True)
class Waking:
    """From when until when a customer may be written to, by the clocks of the place."""

    begins_at: time
    ends_at: time

    @property
    def words(self) -> str:
        """As the policy says it: 9:00 to 20:00."""
        return f"{_clock(self.begins_at)} to {_clock(self.ends_at)}"

    def next_in(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """`moment`, or the next beginning of the waking hours if it lies outside; in UTC."""
        local = moment.astimezone(zone)
        if self.begins_at <= local.time() < self.ends_at:
            return moment.astimezone(UTC)
        days = 0 if local.time() < self.begins_at else 1
        return wall_time(local, days=days, clock=self.begins_at, zone=zone)


@dataclass(frozen=True)
class Contact:
    """The contact budget: at most so many messages within so long, in waking hours."""

    waking: Waking
    at_most: int
    within: timedelta
    callback_within: timedelta

    def next_allowed(
        self, wanted_at: datetime, *, zone: ZoneInfo, sent: Iterable[datetime] = ()
    ) -> datetime:
        """The first moment (UTC) from `wanted_at` on at which one more message may leave.

        `sent`: when the house wrote to this customer before, in any order. What leaves within
        `within` before that moment counts; messages that are still to leave count as well.
        """
        moment = self.waking.next_in(wanted_at, zone)
        moments = sorted(at.astimezone(UTC) for at in sent)
        while full := self._when_room(moment, moments):
            moment = self.waking.next_in(full, zone)
        return moment

    def _when_room(self, moment: datetime, sent: Sequence[datetime]) -> datetime | None:
        recent = [at for at in sent if at > moment - self.within]
        if len(recent) < self.at_most:
            return None
        return recent[-self.at_most] + self.within


@dataclass(frozen=True)
class Closing:
    """How a case ends: how long we wait for the customer's word, and when we give up honestly.

    A case may be closed because the customer cannot be reached after `attempts` days on which
    somebody called in vain, each at least `apart` from the one before; or for a reason in words.
    """

    wait_for_customer: timedelta
    attempts: int
    apart: timedelta

    def counted(self, tried_on: Iterable[date]) -> int:
        """How many of these days count: those far enough from the last one that did."""
        count = 0
        last: date | None = None
        for day in sorted(set(tried_on)):
            if last is None or day - last >= self.apart:
                count, last = count + 1, day
        return count

    def may_give_up(self, tried_on: Iterable[date]) -> bool:
        """Whether we tried often enough to close the case as lost."""
        return self.counted(tried_on) >= self.attempts


@dataclass(frozen=True)
class Waiting:
    """How long the clock may stand still while we wait for something from the customer."""

    for_customer_at_most: timedelta


@dataclass(frozen=True)
class Silence:
    """When a customer who used to come counts as staying away."""

    after_visits: int
    times_the_usual_gap: int
    at_least: timedelta

    def begins_after(self, usual_gap: timedelta) -> timedelta:
        """For how long a customer with this usual gap between visits must stay away."""
        return max(self.at_least, usual_gap * self.times_the_usual_gap)


@dataclass(frozen=True)
class SecondFailure:
    """What happens when we fail a customer again within so long, whatever the tables say."""

    within: timedelta
    ladder: str
    severity_at_least: int


def _clock(at: time) -> str:
    return f"{at.hour}:{at:%M}"
