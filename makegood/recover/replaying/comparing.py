"""Where two policies part over a signal, in words, and which of their lines say so. Pure."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from makegood.recover.policy import PlannedStep, Policy
from makegood.recover.policy.conditions import ALWAYS
from makegood.recover.policy.deciding import with_case
from makegood.recover.policy.phrasing import in_words
from makegood.recover.policy.plans import ANSWERABLE, HAPPENINGS
from makegood.recover.policy.tables import LimitRow, RemedyRow
from makegood.recover.replaying.moments import Told
from makegood.recover.replaying.result import Difference, Example
from makegood.recover.replaying.side import JOINED, LEFT_ALONE, OPENED, Outcome

MOST_EXAMPLES: Final = 20
DONE: Final = {
    OPENED: "opens a case", JOINED: "joins an open case", LEFT_ALONE: "is left alone",
}  # fmt: skip
TABLES: Final = {
    "severity": "how grave it is", "ladder": "whom we ring", "remedies": "what we offer",
    "limits": "who may give how much",
}  # fmt: skip
NOW, THEN, BOTH = "Now", "With the draft", "Both"


class Parting(NamedTuple):
    """One difference: its kind, as it is counted, and `say`: how it is with this signal."""

    what: str
    say: Callable[[], str]  # of very many differences a few are read


@dataclass
class Partings:
    """Counts differences, and keeps a few examples of each kind."""

    running: Policy
    draft: Policy
    counts: Counter[str] = field(default_factory=Counter)
    differing: int = 0
    _kept: dict[str, list[Example]] = field(default_factory=dict)
    _titles: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self._titles = {kind: plan.title for kind, plan in self.draft.steps.items()}

    def note(self, told: Told, before: Outcome, after: Outcome) -> None:
        """One signal and what both make of it."""
        found = list(partings(told, before, after, self._titles))
        if not found:
            return
        self.differing += 1
        self.counts.update(one.what for one in found)
        rare = min(found, key=lambda one: self.counts[one.what]).what
        kept = self._kept.setdefault(rare, [])
        if len(kept) < MOST_EXAMPLES:
            kept.append(self._example(told, found, before, after))

    def differences(self) -> tuple[Difference, ...]:
        """The kinds, the most frequent first."""
        return tuple(Difference(what, count) for what, count in self.counts.most_common())

    def examples(self) -> tuple[Example, ...]:
        """Up to twenty, of every kind some: in turns, then in the order of time."""
        chosen: list[Example] = []
        rows = [list(kept) for kept in self._kept.values()]
        while rows and len(chosen) < MOST_EXAMPLES:
            for row in rows:
                if row and len(chosen) < MOST_EXAMPLES:
                    chosen.append(row.pop(0))
            rows = [row for row in rows if row]
        return tuple(sorted(chosen, key=lambda one: one.happened_at))

    def _example(
        self, told: Told, found: Sequence[Parting], before: Outcome, after: Outcome
    ) -> Example:
        now, then = list(_why(self.running, before)), list(_why(self.draft, after))
        why = [
            *(f"{BOTH}: {line}" for line in now if line in then),
            *(f"{NOW}: {line}" for line in now if line not in then),
            *(f"{THEN}: {line}" for line in then if line not in now),
        ]
        return Example(
            signal_id=told.signal_id,
            case_id=told.real.id if told.real else None,
            reference=told.real.reference if told.real else "",
            place=told.place_words,
            happened_at=told.heard.happened_at,
            differences=tuple(one.say() for one in found),
            why=tuple(why),
        )


def partings(
    told: Told, before: Outcome, after: Outcome, titles: Mapping[str, str]
) -> Iterator[Parting]:
    """How the two outcomes differ; `titles`: what the steps are called."""
    if before.action != after.action:
        said = f"It {DONE[after.action]}; now it {DONE[before.action]}"
        yield Parting(said, lambda: said)
        return
    if before.action == LEFT_ALONE:
        return
    if before.decision.severity != after.decision.severity:
        was_grave, grave = before.decision.severity, after.decision.severity
        kind = "graver" if grave > was_grave else "less grave"
        yield Parting(f"It is {kind}", lambda: f"Severity {grave} instead of {was_grave}")
    if before.rung != after.rung:
        old, new = _ladder(before.rung), _ladder(after.rung)
        yield Parting(f"It rings {new}, not {old}", lambda: f"Rings {new} instead of {old}")
    yield from _offers(before.decision.remedies, after.decision.remedies)
    yield from _limits(before.decision.limits, after.decision.limits)
    if before.action == OPENED:
        words = _InWords(titles, told.place.calendar.zone)
        for old_step, new_step in zip(before.steps, after.steps, strict=True):
            if old_step is not new_step and old_step != new_step:
                yield from _steps(old_step, new_step, words)


def _offers(old: RemedyRow | None, new: RemedyRow | None) -> Iterator[Parting]:
    was, will = (row.words if row else "nothing in particular" for row in (old, new))
    if was != will:
        yield Parting("Another amount is offered", lambda: f"Offers {will} instead of {was}")
    elif old and new and old.first != new.first:
        yield Parting("Something else is offered first", lambda: "Offers something else first")


def _limits(old: LimitRow | None, new: LimitRow | None) -> Iterator[Parting]:
    if old is new:
        return
    had, has = _without_asking(old), _without_asking(new)
    if had != has:
        may = ", ".join(
            f"{who} {has[who]} instead of {had[who]}" for who in had if had[who] != has[who]
        )
        yield Parting("More or less may be given without asking", lambda: f"Without asking: {may}")


def _without_asking(row: LimitRow | None) -> dict[str, str]:
    limits = (row.on_duty, row.manager, row.owner) if row else (None, None, None)
    return {
        who: "what the purse holds" if limit is None else f"{limit:,}"
        for who, limit in zip(("a host", "a manager", "the owner"), limits, strict=True)
    }


@dataclass(frozen=True)
class _InWords:
    """What steps are called, and the clock by which they are due."""

    titles: Mapping[str, str]
    zone: ZoneInfo

    def due(self, step: PlannedStep) -> str:
        """`by 18 March, 18:00`; `after “Apologise”`; `once they wrote back`."""
        if step.due_at is None:
            happening = HAPPENINGS.get(step.after)
            return f"once {happening}" if happening else f"after “{self.titles[step.after]}”"
        local: datetime = step.due_at.astimezone(self.zone)
        return f"by {local.day} {local:%B, %H:%M}"


def _steps(old: PlannedStep, new: PlannedStep, said: _InWords) -> Iterator[Parting]:
    name = f"“{said.titles[old.kind]}”"
    if bool(old.skip_reason) != bool(new.skip_reason):
        left_out = f"{name} is left out"
        if new.skip_reason:
            yield Parting(left_out, lambda: f"{left_out}: {new.skip_reason}")
        else:
            yield Parting(f"{name} is not left out", lambda: f"{name} is not left out any more")
        return
    if new.skip_reason:
        return
    if old.due_at != new.due_at or old.after != new.after:
        yield Parting(
            f"{name} is due at another time",
            lambda: f"{name} {said.due(new)}, not {said.due(old)}",
        )
    if old.who != new.who:
        was, will = ANSWERABLE[old.who], ANSWERABLE[new.who]
        yield Parting(
            f"Somebody else answers for {name}",
            lambda: f"For {name} answers {will} instead of {was}",
        )
    if old.automatic != new.automatic:
        by_whom = f"{name} is done by {'the house itself' if new.automatic else 'a person'}"
        yield Parting(by_whom, lambda: by_whom)
    if (old.needs, old.awaits) != (new.needs, new.awaits):
        yield Parting(f"{name} is shown otherwise", lambda: f"{name} needs other evidence")


def _ladder(rung: str | None) -> str:
    return f"by “{rung}”" if rung else "nobody"


def _why(policy: Policy, outcome: Outcome) -> Iterator[str]:
    """The lines of `policy` that say so."""
    decision = outcome.decision
    if decision.trigger is None:
        yield "no line of “it begins when” is true"
        return
    yield f"it begins with “{decision.trigger}”"
    yield from decision.reasons
    graver = with_case(outcome.situation, decision.severity)
    for name, said in TABLES.items():
        situation = outcome.situation if name == "severity" else graver
        line = _line_that_counts(getattr(policy.tables, name), situation)
        if line:
            yield f"{said}, {line}"


def _line_that_counts(rows: Sequence[Any], situation: Any) -> str:
    for number, row in enumerate(rows, 1):
        if row.when.holds(situation):
            said = "otherwise" if row.when == ALWAYS else f"if {in_words(row.when)}"
            return f"row {number}: {said}"
    return ""
