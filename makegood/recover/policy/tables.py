"""Triggers and decision tables: in each, the first row that is true counts. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Protocol, TypeVar

from makegood.recover.policy.conditions import Condition
from makegood.recover.policy.situation import Situation

FIRST: Final = {
    "matching": "what repairs this kind of failure",
    "free": "what has no price in what you give, like doing it again",
    "gesture": "what is given on the spot",
    "coupon": "a coupon for the next visit",
}
AHEAD_OF: Final = {"second_failure": "what second_failure says, if we failed them before"}


class Row(Protocol):
    """A line of a table."""

    @property
    def when(self) -> Condition: ...


R = TypeVar("R", bound=Row)


def first_true(rows: Sequence[R], situation: Situation) -> R | None:
    """The first row that is true of `situation`; None if none is."""
    for row in rows:
        if row.when.holds(situation):
            return row
    return None


@dataclass(frozen=True)
class Trigger:
    """What begins a case, in words and as a condition; `on` names a fact of the chronicle."""

    says: str
    when: Condition
    on: str = ""

    @property
    def looks_back(self) -> bool:
        """Whether it asks about the customer or their case."""
        return any(name.startswith(("customer.", "case.")) for name in self.when.reads)


@dataclass(frozen=True)
class SeverityRow:
    """Raises the severity to at least so much, or sets it."""

    when: Condition
    at_least: int | None = None
    exactly: int | None = None
    because: str = ""

    def applied(self, severity: int) -> int:
        """The severity after this row."""
        return self.exactly if self.exactly is not None else max(severity, self.at_least or 0)


@dataclass(frozen=True)
class LadderRow:
    """Which ladder is rung; `ahead_of` a second failure: also if we failed this customer before."""

    when: Condition
    use: str
    because: str = ""
    ahead_of: str = ""


@dataclass(frozen=True)
class RemedyRow:
    """How much to offer, from `low` to `high` in whole units of the currency, and what first."""

    when: Condition
    low: int
    high: int
    first: tuple[str, ...] = ()
    because: str = ""

    @cached_property
    def words(self) -> str:
        """As the policy says it: `40 to 60`, `20`, `nothing`."""
        if not self.high:
            return "nothing"
        return f"{self.low} to {self.high}" if self.low < self.high else str(self.high)


@dataclass(frozen=True)
class LimitRow:
    """How much one case may be given without asking, by role, in whole units of the currency."""

    when: Condition
    on_duty: int | None = None
    manager: int | None = None
    owner: int | None = None
    because: str = ""

    def for_role(self, role: str) -> int | None:
        """What a host, manager or owner may give on one case; None: the purse alone decides."""
        return {"manager": self.manager, "owner": self.owner}.get(role, self.on_duty)


@dataclass(frozen=True)
class Tables:
    """The four decision tables."""

    severity: tuple[SeverityRow, ...] = ()
    ladder: tuple[LadderRow, ...] = ()
    remedies: tuple[RemedyRow, ...] = ()
    limits: tuple[LimitRow, ...] = ()
