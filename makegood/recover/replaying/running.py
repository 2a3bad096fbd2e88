"""Plays a stretch of history through two policies side by side; writes nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from babel.numbers import get_currency_precision

from makegood.people.models import Organisation
from makegood.recover.beginning.situations import situation_of
from makegood.recover.policy import Policy
from makegood.recover.replaying.comparing import Partings
from makegood.recover.replaying.estimating import Estimate, Reality
from makegood.recover.replaying.history import History
from makegood.recover.replaying.moments import Told
from makegood.recover.replaying.reporting import Crew, figures, findings
from makegood.recover.replaying.result import Result
from makegood.recover.replaying.side import Outcome, Side
from makegood.recover.replaying.tally import WEEK, Answering, Tally

ASSUMPTIONS: Final = (
    "Guests do as they did, and come and complain as they did. "
    "A replay cannot say whether they would have stayed.",
    "A case ends when the real one did; one that never was goes on to its last step.",
    "Whoever came would have come as long after they were rung as they did.",
    "What is given moves with the table at the likely end, and stays as it was at the other. "
    "Cases that never were are given what those of their severity were.",
    "Opening hours, colleagues and names of customers are those of today.",
)


@dataclass(frozen=True)
class Task:
    """What is to be replayed: two policies, over the history of one organisation."""

    organisation: Organisation
    running: Policy
    running_number: int
    draft: Policy
    since: datetime
    until: datetime


def replay(
    task: Task, *, progress: Callable[[int, int], None] = lambda done, expected: None
) -> Result:
    """Replays `task`. `progress` is told after each batch how many signals of how many are done;
    what it raises ends the replay.
    """
    history = History(task.organisation, task.since, task.until)
    pair = _Pair(task, history)
    expected = history.count()
    progress(0, expected)
    for batch in history.tell():
        for told in batch:
            pair.hear(told)
        progress(pair.signals, expected)
    return pair.result()


class _Pair:
    """The running policy and the draft, and all that is counted about them."""

    def __init__(self, task: Task, history: History) -> None:
        self.task = task
        self.signals = 0
        self.real_cases = 0
        self.answering, self.reality = Answering(), Reality()
        self.crew = Crew.of(task.organisation)
        self.partings = Partings(task.running, task.draft)
        earlier = history.earlier()
        unit: int = 10 ** get_currency_precision(task.organisation.currency)
        policies = (task.running, task.draft)
        self.sides = [Side(task.running, earlier), Side(task.draft, earlier, beside=task.running)]
        self.tallies = [Tally(policy) for policy in policies]
        self.estimates = [Estimate(policy, unit) for policy in policies]

    def hear(self, told: Told) -> None:
        """One signal, for both."""
        self.signals += 1
        if told.cancelled:
            return
        bare = situation_of(told.heard, place=told.place, at=told.at)
        with_running = self.sides[0].hear(told, bare)
        outcomes = [with_running, self.sides[1].hear(told, bare, with_running)]
        for tally, outcome, side in zip(self.tallies, outcomes, self.sides, strict=True):
            tally.note(told, outcome)
            self._note_called(side, tally)
        self._note_reality(told)
        self._estimate(told, outcomes)
        self.partings.note(told, *outcomes)

    def result(self) -> Result:
        """What came of it."""
        for side, tally in zip(self.sides, self.tallies, strict=True):
            side.let_pass(self.task.until)
            self._note_called(side, tally)
        weeks = (self.task.until - self.task.since) / WEEK
        running, draft = (
            figures(tally, estimate, self.reality, self.answering, self.crew, weeks)
            for tally, estimate in zip(self.tallies, self.estimates, strict=True)
        )
        return Result(
            since=self.task.since,
            until=self.task.until,
            days=max(1, round((self.task.until - self.task.since).total_seconds() / 86_400)),
            currency=self.task.organisation.currency,
            running_number=self.task.running_number,
            signals=self.signals,
            real_cases=self.real_cases,
            running=running,
            draft=draft,
            differing=self.partings.differing,
            differences=self.partings.differences(),
            examples=self.partings.examples(),
            findings=tuple(findings(running, draft, self.crew, self.task.organisation.currency)),
            assumptions=ASSUMPTIONS,
        )

    @staticmethod
    def _note_called(side: Side, tally: Tally) -> None:
        for called in side.called_later:
            tally.note_called(called.at, called.ladder)
        side.called_later.clear()

    def _note_reality(self, told: Told) -> None:
        if not told.opened_really or told.real is None:
            return
        self.real_cases += 1
        self.reality.note(told.severity_at_last, told.real.given or 0)
        if told.real.pages:
            self.answering.note(told.real.pages[0].seconds)

    def _estimate(self, told: Told, outcomes: list[Outcome]) -> None:
        grave = told.severity_at_last
        offers = [
            side.offered(outcome, grave) for side, outcome in zip(self.sides, outcomes, strict=True)
        ]
        for estimate, outcome, offer in zip(self.estimates, outcomes, offers, strict=True):
            estimate.note(told, outcome, offer=offer, running_offer=offers[0])
