"""What would have been given, asked for and reached in time: from what really was. Pure.

A case is given what it really was given, moved as its row of the table moves: from “40 to 60” to
“60 to 90” is half as much again. That is the likely end; that colleagues go on giving as they did,
whatever the table says, is the other. Cases that never were get the mean of their severity.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from math import sqrt
from typing import Final

from makegood.recover.policy import Policy
from makegood.recover.replaying.moments import RealCase, Told
from makegood.recover.replaying.realities import offsets
from makegood.recover.replaying.result import MoneyRange, ShareRange
from makegood.recover.replaying.side import JOINED, LEFT_ALONE, OPENED, Outcome

Offer = tuple[int, int] | None
NINE_IN_TEN: Final = 1.645  # how far from a mean nine of ten lie
FEW: Final = 5


@dataclass
class Given:
    """What was really given on cases of one severity: enough for a mean and its spread."""

    cases: int = 0
    total: int = 0
    squares: int = 0
    something: int = 0

    def note(self, minor: int) -> None:
        """One case."""
        self.cases += 1
        self.total += minor
        self.squares += minor * minor
        self.something += minor > 0

    @property
    def mean(self) -> float:
        return self.total / self.cases if self.cases else 0.0

    @property
    def spread(self) -> float:
        """How far the mean may be off, nine times of ten."""
        if self.cases < 2:
            return self.mean
        variance = max(0.0, self.squares / self.cases - self.mean**2) * self.cases
        return NINE_IN_TEN * sqrt(variance / (self.cases - 1) / self.cases)


@dataclass
class Reality:
    """What was really given, whatever policy was in force."""

    by_severity: defaultdict[int, Given] = field(default_factory=lambda: defaultdict(Given))

    def note(self, severity: int, minor: int) -> None:
        """One case."""
        self.by_severity[severity].note(minor)

    @property
    def all(self) -> Given:
        """All severities together."""
        parts = self.by_severity.values()
        return Given(*(sum(getattr(one, name) for one in parts)
                       for name in ("cases", "total", "squares", "something")))  # fmt: skip


@dataclass
class Estimate:
    """The sums of one policy; `unit` is how many minor units the tables' whole ones are."""

    policy: Policy
    unit: int
    likely: float = 0.0
    low: float = 0.0
    high: float = 0.0
    out_of_nothing: float = 0.0
    out_of_nothing_most: float = 0.0
    never_were: Counter[int] = field(default_factory=Counter)
    asked: int = 0
    in_time_low: int = 0
    in_time_high: int = 0
    were_here: int = 0

    def note(self, told: Told, outcome: Outcome, *, offer: Offer, running_offer: Offer) -> None:
        """One signal, what the policy made of it, and what it and the running one offer."""
        if told.opened_really and told.real:
            self._note_real(told.real, outcome, offer, running_offer)
            self._note_reached(told.real, outcome)
        elif outcome.action == OPENED:
            self.never_were[outcome.decision.severity] += 1

    def amends(self, reality: Reality) -> MoneyRange:
        """What is given in all, likely and within which bounds."""
        likely, low, high = self.likely, self.low, self.high
        every = reality.all
        share = every.something / every.cases if every.cases else 0.0
        likely += self.out_of_nothing * share
        high += self.out_of_nothing_most * share
        for severity, count in self.never_were.items():
            given = reality.by_severity.get(severity, every)
            given = given if given.cases >= FEW else every
            likely += count * given.mean
            low += count * max(0.0, given.mean - given.spread)
            high += count * (given.mean + given.spread)
        return MoneyRange(round(likely), round(low), round(high))

    def in_time(self) -> ShareRange:
        """Of those who were with us: how many somebody reached before they left."""
        return ShareRange(self.in_time_low, self.in_time_high, self.were_here)

    def _note_real(
        self, real: RealCase, outcome: Outcome, offer: Offer, running_offer: Offer
    ) -> None:
        if outcome.action == LEFT_ALONE:
            return
        given = real.given or 0
        moved = self._moved(given, offer, running_offer)
        self.likely += moved
        self.low += 0 if outcome.action == JOINED else min(given, moved)
        self.high += max(given, moved)
        self.asked += self._asks(real, outcome, max(moved, real.asked_for or 0))

    def _moved(self, given: int, offer: Offer, running_offer: Offer) -> float:
        if offer is None or running_offer is None or offer == running_offer:
            return given
        if sum(running_offer):
            return given * sum(offer) / sum(running_offer)
        if not given:
            self.out_of_nothing += self.unit * sum(offer) / 2
            self.out_of_nothing_most += self.unit * offer[1]
        return given

    def _asks(self, real: RealCase, outcome: Outcome, amount: float) -> bool:
        limits = outcome.decision.limits
        limit = limits.for_role(real.giver_role) if limits else None
        if limit is None or outcome.action == JOINED:
            return real.asked_for is not None
        return amount > limit * self.unit

    def _note_reached(self, real: RealCase, outcome: Outcome) -> None:
        if real.leaves_at is None:
            return
        self.were_here += 1
        if real.reached_at is None or outcome.action == LEFT_ALONE:
            return
        earlier = self._earlier(real, outcome)
        in_time = real.reached_at <= real.leaves_at
        if earlier is None:
            self.in_time_high += in_time
            return
        at_best = real.reached_at - earlier <= real.leaves_at
        self.in_time_high += at_best
        self.in_time_low += in_time and at_best

    def _earlier(self, real: RealCase, outcome: Outcome) -> timedelta | None:
        """By how much sooner who came is rung; None: we cannot know whether they would be."""
        if outcome.action == JOINED:
            return timedelta()
        page = real.pages[0] if real.pages else None
        if outcome.rung is None or page is None:
            return None
        then, really = self._offsets[outcome.rung], page.offsets
        if page.who not in then or page.who not in really:
            return None
        return timedelta(seconds=really[page.who] - then[page.who])

    @cached_property
    def _offsets(self) -> dict[str, Mapping[str, int]]:
        """After how many seconds each role is first rung, by ladder."""
        return {
            name: offsets((rung.who, rung.wait_seconds) for rung in ladder.rungs)
            for name, ladder in self.policy.ladders.items()
        }
