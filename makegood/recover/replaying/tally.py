"""Counts what one policy does, signal by signal; holds sums only. Pure."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from makegood.recover.policy import PlannedStep, Policy
from makegood.recover.policy.timing import By
from makegood.recover.replaying.moments import Told
from makegood.recover.replaying.side import OPENED, Outcome

SENIORS: Final = ("manager", "owner")
WEEK: Final = timedelta(days=7)
EPOCH: Final = datetime(2020, 1, 6, tzinfo=UTC)  # a Monday
LONGEST_WAIT: Final = 3_600
PATIENCE_STEP: Final = 5  # seconds: how finely we remember how long people took


@dataclass
class Answering:
    """How long people really took to take a page: a histogram, so that its size is bounded."""

    taken: list[int] = field(default_factory=lambda: [0] * (LONGEST_WAIT // PATIENCE_STEP + 1))

    def note(self, seconds: float | None) -> None:
        """One page; None: nobody took it."""
        longest = len(self.taken) - 1
        self.taken[longest if seconds is None else min(longest, int(seconds) // PATIENCE_STEP)] += 1

    def share_longer(self, seconds: int) -> float:
        """The share of pages that nobody had taken after so long."""
        total = sum(self.taken)
        if not total:
            return 0.0
        return sum(self.taken[min(len(self.taken) - 1, seconds // PATIENCE_STEP) :]) / total


@dataclass
class Tally:
    """The sums of one policy."""

    policy: Policy
    actions: Counter[str] = field(default_factory=Counter)
    by_hour: Counter[int] = field(default_factory=Counter)
    by_ladder: Counter[str] = field(default_factory=Counter)
    seniors_rung: int = 0
    unanswered: Counter[str] = field(default_factory=Counter)  # pages that never rang, by ladder
    steps: Counter[tuple[str, str]] = field(default_factory=Counter)
    weeks: defaultdict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))

    def note(self, told: Told, outcome: Outcome) -> None:
        """One signal and what the policy made of it."""
        self.actions[outcome.action] += 1
        if outcome.rung:
            self._note_page(told, outcome)
        if outcome.action == OPENED:
            self._note_steps(told, outcome)

    def note_called(self, local: datetime, ladder: str) -> None:
        """A page because of what was learned on the way: who is rung at once counts."""
        self.by_hour[local.hour] += 1
        self.by_ladder[ladder] += 1
        self.seniors_rung += self.first_senior(ladder) == 0

    def rung_in_vain(self, answering: Answering) -> int:
        """Of pages that never rang in reality: how many reach a senior, as people usually come."""
        expected = 0.0
        for ladder, count in self.unanswered.items():
            after = self.first_senior(ladder)
            if after is not None:
                expected += count * (answering.share_longer(after) if after else 1.0)
        return round(expected)

    def first_senior(self, ladder: str) -> int | None:
        """After how many seconds a ladder rings a manager or the owner; None: never."""
        after = 0
        for rung in self.policy.ladders[ladder].rungs:
            if rung.who in SENIORS:
                return after
            after += rung.wait_seconds
        return None

    def _note_page(self, told: Told, outcome: Outcome) -> None:
        assert outcome.rung
        assert outcome.case
        local = told.at.astimezone(told.place.calendar.zone)
        self.by_hour[local.hour] += 1
        self.by_ladder[outcome.rung] += 1
        real = outcome.case.real.page_after(told.at) if outcome.case.real else None
        after = self.first_senior(outcome.rung)
        if real is None:
            self.unanswered[outcome.rung] += 1
        elif after is not None and (real.seconds is None or real.seconds > after or not after):
            self.seniors_rung += 1

    def _note_steps(self, told: Told, outcome: Outcome) -> None:
        ended_at = told.real.ended_at() if told.real else None
        due: dict[str, datetime | None] = {}
        for step in outcome.steps:
            at = due[step.kind] = self._due(told, step, due) if step.after else step.due_at
            if step.skip_reason or step.automatic:
                continue
            if ended_at is not None and (at is None or at > ended_at):
                continue
            self.steps[step.kind, step.who] += 1
            if at is not None:
                self.weeks[step.who][(at - EPOCH) // WEEK] += 1

    def _due(
        self, told: Told, step: PlannedStep, due: dict[str, datetime | None]
    ) -> datetime | None:
        """When it is due; a step after another one counts from the day that one is due."""
        start = due.get(step.after)
        if start is None:
            return step.due_at
        by: By = self.policy.plan(step.kind, told.heard.verdict.reaction).by
        return by.after(start, told.place.calendar)
