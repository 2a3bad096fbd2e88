"""Where two policies part over a signal, in words, and which of their lines say so. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from makegood.recover.policy import PlannedStep, Policy
from makegood.recover.policy.conditions import ALWAYS
from makegood.recover.policy.deciding import with_case
from makegood.recover.policy.plans import ANSWERABLE
from makegood.recover.replaying.moments import Told
from makegood.recover.replaying.result import Difference, Example
from makegood.recover.replaying.side import JOINED, LEFT_ALONE, OPENED, Outcome

MOST_EXAMPLES: Final = 20
DONE: Final = {
    OPENED: "opens a case", JOINED: "joins an open case", LEFT_ALONE: "is left alone",
}  # fmt: skip


@dataclass(frozen=True)
class Parting:
    """One difference: its kind, as it is counted, and how it is with this signal."""

    what: str
    said: str


@dataclass
class Partings:
    """Counts differences, and keeps a few examples of each kind."""

    running: Policy
    draft: Policy
    counts: Counter[str] = field(default_factory=Counter)
    differing: int = 0
    _kept: dict[str, list[Example]] = field(default_factory=dict)

    def note(self, told: Told, before: Outcome, after: Outcome) -> None:
        """One signal and what both make of it."""
        found = list(partings(told, before, after))
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
        why = [*self._why("Now", self.running, before), *self._why("Then", self.draft, after)]
        return Example(
            signal_id=told.signal_id,
            case_id=told.real.id if told.real else None,
            reference=told.real.reference if told.real else "",
            place=told.place_words,
            happened_at=told.heard.happened_at,
            differences=tuple(one.said for one in found),
            why=tuple(why),
        )

    def _why(self, when: str, policy: Policy, outcome: Outcome) -> Iterator[str]:
        decision = outcome.decision
        yield f"{when}: {decision.trigger or 'no line of “it begins when” is true'}"
        if decision.trigger is None:
            return
        graver = with_case(outcome.situation, decision.severity)
        for reason in decision.reasons:
            yield f"{when}: {reason}"
        for name, situation in (
            ("severity", outcome.situation), ("ladder", graver), ("remedies", graver),
            ("limits", graver),
        ):  # fmt: skip
            line = _line_that_counts(getattr(policy.tables, name), situation)
            if line:
                yield f"{when}: {name}, {line}"


def partings(told: Told, before: Outcome, after: Outcome) -> Iterator[Parting]:
    """How the two outcomes differ."""
    if before.action != after.action:
        was, will = DONE[before.action], DONE[after.action]
        yield Parting(f"It {will}, not {was}", f"{_capital(was)} → {will}")
        return
    if before.action == LEFT_ALONE:
        return
    if before.decision.severity != after.decision.severity:
        was_grave, grave = before.decision.severity, after.decision.severity
        kind = "graver" if grave > was_grave else "less grave"
        yield Parting(f"It is {kind}", f"Severity {was_grave} → {grave}")
    if before.rung != after.rung:
        old, new = _ladder(before.rung), _ladder(after.rung)
        yield Parting(f"It rings {new}, not {old}", f"Rings {old} → {new}")
    yield from _offers(before, after)
    if before.action == OPENED:
        zone = told.place.calendar.zone
        for old_step, new_step in zip(before.steps, after.steps, strict=True):
            if old_step is not new_step and old_step != new_step:
                yield from _steps(old_step, new_step, zone)


def _offers(before: Outcome, after: Outcome) -> Iterator[Parting]:
    old, new = before.decision.remedies, after.decision.remedies
    was, will = (row.words if row else "nothing in particular" for row in (old, new))
    if was != will:
        yield Parting("Another amount is offered", f"Offers {was} → {will}")
    elif old and new and old.first != new.first:
        yield Parting("Something else is offered first", "Offers something else first")
    had, has = (_limits(outcome) for outcome in (before, after))
    if had != has:
        yield Parting("More or less may be given without asking", f"Without asking: {had} → {has}")


def _limits(outcome: Outcome) -> str:
    row = outcome.decision.limits
    if row is None:
        return "what the purse holds"
    told = {"a host": row.on_duty, "a manager": row.manager, "the owner": row.owner}
    return ", ".join(f"{who} {limit}" for who, limit in told.items() if limit is not None)


def _steps(old: PlannedStep, new: PlannedStep, zone: ZoneInfo) -> Iterator[Parting]:
    name = old.kind
    if bool(old.skip_reason) != bool(new.skip_reason):
        left_out = f"“{name}” is left out"
        if new.skip_reason:
            yield Parting(left_out, f"“{name}” is left out: {new.skip_reason}")
        else:
            yield Parting(f"“{name}” is not left out", f"“{name}” is not left out any more")
        return
    if new.skip_reason:
        return
    if old.due_at != new.due_at or old.after != new.after:
        was, will = _day(old, zone), _day(new, zone)
        yield Parting(f"“{name}” is due at another time", f"“{name}” due {was} → {will}")
    if old.who != new.who:
        was, will = ANSWERABLE[old.who], ANSWERABLE[new.who]
        yield Parting(f"Somebody else answers for “{name}”", f"“{name}” by {was} → {will}")
    if old.automatic != new.automatic:
        will = "the house itself" if new.automatic else "a person"
        yield Parting(f"“{name}” is done by {will}", f"“{name}” is done by {will}")
    if (old.needs, old.awaits) != (new.needs, new.awaits):
        yield Parting(f"“{name}” is shown otherwise", f"“{name}” needs other evidence")


def _day(step: PlannedStep, zone: ZoneInfo) -> str:
    if step.due_at is None:
        return f"after {step.after}"
    local: datetime = step.due_at.astimezone(zone)
    return f"{local.day} {local:%B %H:%M}"


def _ladder(rung: str | None) -> str:
    return f"by “{rung}”" if rung else "nobody"


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _line_that_counts(rows: Sequence[Any], situation: Any) -> str:
    for number, row in enumerate(rows, 1):
        if row.when.holds(situation):
            return f"line {number}: " + ("always" if row.when == ALWAYS else row.when.text)
    return ""
