"""History as plain values: one signal as it was known when it was judged, and what came of it."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from makegood.recover.beginning.situations import Heard, Place


@dataclass(frozen=True, slots=True)
class Ending:
    """A case ended, and perhaps was opened again."""

    outcome: str
    closed_at: datetime
    reopened_at: datetime | None


@dataclass(frozen=True, slots=True)
class Rang:
    """A page about a case, as it really went; `who` is the rung that took it, after `seconds`."""

    opened_at: datetime
    ended_at: datetime | None
    who: str = ""
    seconds: float | None = None
    offsets: Mapping[str, int] = field(default_factory=dict)  # after how long each role first rang


@dataclass(slots=True)
class RealCase:
    """A case as it really was: `opener` is the signal that opened it."""

    id: UUID
    reference: str
    opener: UUID | None
    opened_at: datetime
    leaves_at: datetime | None
    reached_at: datetime | None
    owner_role: str
    endings: Sequence[Ending] = ()
    pages: Sequence[Rang] = ()
    given: int | None = None
    asked_for: int | None = None
    giver_role: str = ""

    def is_open(self, at: datetime) -> bool:
        """Whether it was open at `at`."""
        return not any(_stands(ending, at) for ending in self.endings)

    def ended_at(self) -> datetime | None:
        """When it ended for good, as far as we know."""
        standing = [one.closed_at for one in self.endings if one.reopened_at is None]
        return max(standing, default=None)

    def is_failure(self, at: datetime) -> bool:
        """Whether it counts as a failure of ours at `at`: it was not taken back, nor joined."""
        return not any(one.outcome in NO_FAILURE and one.closed_at <= at for one in self.endings)

    def page_after(self, at: datetime) -> Rang | None:
        """The page that rang at `at`, or the next that did."""
        later = (page for page in self.pages if page.ended_at is None or page.ended_at > at)
        return next(later, None)


NO_FAILURE = ("withdrawn", "merged")


@dataclass(slots=True)
class Person:
    """A customer over time: visits, declining messages, and the cases before the replay."""

    id: UUID
    visited_at: list[datetime] = field(default_factory=list)
    declined_at: datetime | None = None
    before: list["Earlier"] = field(default_factory=list)

    def visits(self, at: datetime) -> int:
        """How often they had been with us."""
        return bisect_right(self.visited_at, at)


@dataclass(slots=True)
class Earlier:
    """A case that began before the days that are replayed, as it was when they begin.

    `named_at`: when we learned whose it is, perhaps later.
    """

    real: RealCase
    touchpoint: UUID | None
    customer: UUID | None
    topic: str
    reaction: str
    happened_at: datetime
    last_signal_at: datetime
    intensity: int
    severity: int
    named_at: datetime | None


@dataclass(slots=True)
class Told:
    """A signal in the moment it was judged.

    `named`: whose it was said to be later, and whose it was held to be before; `revised`: how it
    was judged later.
    """

    signal_id: UUID
    at: datetime
    heard: Heard
    place: Place
    place_words: str
    button: UUID | None
    customer: Person | None
    cancelled: bool
    real: RealCase | None
    answers_anew: bool = False
    named: tuple[tuple[datetime, Person, Person | None], ...] = ()
    revised: tuple[tuple[datetime, Heard], ...] = ()

    @property
    def severity_at_last(self) -> int:
        """How grave triage found it when all was said."""
        severities = [heard.verdict.severity for _, heard in self.revised]
        return max([self.heard.verdict.severity, *severities])

    @property
    def opened_really(self) -> bool:
        """Whether this is the signal that opened its real case."""
        return self.real is not None and self.real.opener == self.signal_id


def _stands(ending: Ending, at: datetime) -> bool:
    return ending.closed_at <= at and (ending.reopened_at is None or ending.reopened_at > at)
