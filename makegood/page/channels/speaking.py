"""What page and its channels say to each other. README.md here tells how to add a channel.

Plain values: no Django, no clock, no database. A capsule that needs nothing else is easy to test.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

Address = Mapping[str, Any]  # how a device is reached; may hold secrets, so it is never logged


class Kind(StrEnum):
    """What words ask of whoever holds the device."""

    RING = "ring"  # come
    STOP = "stop"  # somebody else goes, or it is over: be silent
    TEST = "test"  # did you feel this?


class Stops(StrEnum):
    """Whom a channel tells that nobody needs to come any more."""

    EVERYBODY = "everybody"  # also whoever answered, whose other devices still ring
    OTHERS = "others"  # a message more: only to those it spares a walk
    NOBODY = "nobody"  # a letter cannot be called back


@dataclass(frozen=True, kw_only=True)
class Words:
    """One thing to tell one device.

    A delivery may be repeated (its worker died before it could write what came of it): a repeat has
    the same `key`. Everything about one page, or one self-test, has the same `tag`, so that what
    comes later can take the place of what came before.
    """

    kind: Kind
    key: str
    tag: str
    title: str
    body: str
    url: str  # the screen to open: absolute
    severity: int = 3
    until: datetime | None = None  # after that it is worth nothing any more
    data: Mapping[str, Any] = field(default_factory=dict)  # what a pager is told: see screen/


@dataclass(frozen=True)
class Taken:
    """The provider took it: handed over, which is not yet felt. `said`: its own words or id."""

    said: str = ""


@dataclass(frozen=True)
class Passing:
    """Not taken now: too busy, or out of reach. Tried again, after `retry_after` at the soonest."""

    said: str
    retry_after: timedelta | None = None


@dataclass(frozen=True)
class Permanent:
    """Not taken, and never will be. `retire`: nothing will ever reach this device again."""

    said: str
    retire: bool = False


Outcome = Taken | Passing | Permanent
Carry = Callable[[Words, Address, datetime], Outcome]


@dataclass(frozen=True, kw_only=True)
class Channel:
    """One way to reach a hand.

    name: as rows keep it, at most 16 letters.
    title: as people read it.
    way: what fails with it, given a device's address; two ways that differ fail independently.
    carry: hands `Words` over to a device at an address, across the network; called at a moment,
        `now`, with no transaction and no database, in a thread of a worker. It returns within
        `TIME_LIMIT`. Whatever it raises counts as passing. None: the channel is *told*: the
        bulletin that rings the person's screen also goes to `topics.device(<id>)`, in the
        transaction that makes the attempt.
    read_address: what a person typed as an address, in the form rows keep; refuses `Invalid`. None:
        devices are not added by hand.
    stops: whom it tells to stop when somebody goes, or it is over.
    """

    name: str
    title: str
    way: Callable[[Address], str]
    carry: Carry | None = None
    read_address: Callable[[str], Address] | None = None
    stops: Stops = Stops.EVERYBODY

    @property
    def is_told(self) -> bool:
        """Whether a bulletin reaches it, in the transaction that makes the attempt."""
        return self.carry is None


TIME_LIMIT = timedelta(seconds=10)
