"""The repair policy as values: the twelve steps, the ladders, the limits. Pure; read from YAML.

`parse` turns the published text into a `Policy` or raises a `PolicyError` that names the line, the
field and the remedy. `policy/starters/hotel.yaml` shows every field, with comments.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from makegood.recover.policy import document
from makegood.recover.policy.document import Piece, PolicyError
from makegood.recover.policy.timing import By, read_by, read_span

__all__ = ["KINDS", "Ladder", "Plan", "Policy", "PolicyError", "Reminders", "Rung", "parse"]

KINDS: Final = (
    "validate", "apologise", "amends", "plan", "confirm", "reassure",
    "contact", "ask", "involve", "value", "appreciate", "prove",
)  # fmt: skip

AWAITED: Final = (
    "verdict_given", "apology_sent", "amends_given", "news_sent", "question_sent",
    "rating_given", "customer_confirmed",
)  # fmt: skip
BROUGHT_FORWARD_BY: Final = ("visit_began",)
AUTOMATIC_HANDS: Final = ("validate", "ask", "prove")
LADDERS: Final = ("reach", "senior", "decide", "remind", "overdue", "call")
PEOPLE: Final = ("on_duty", "manager", "owner", "case_owner", "who_promised")
ANSWERABLE: Final = ("on_duty", "manager", "owner", "case_owner")
FORMAT: Final = 1
CHAPTERS: Final = (
    "makegood", "title", "joining", "limits", "reminders", "closing", "ladders", "steps",
)  # fmt: skip


@dataclass(frozen=True)
class Rung:
    """Who is rung, and how long before the next rung."""

    who: str
    wait_seconds: int


@dataclass(frozen=True)
class Ladder:
    """Rungs from the first to the last; the page room repeats them until somebody acts."""

    rungs: tuple[Rung, ...]

    def climb(self, *, case_owner: UUID | None, who_promised: str = "") -> list[dict[str, object]]:
        """The rungs as pages take them, with `case_owner` and `who_promised` put to names."""
        climbed: list[dict[str, object]] = []
        for rung in self.rungs:
            who = who_promised or "case_owner" if rung.who == "who_promised" else rung.who
            if who == "case_owner":
                who = f"staff:{case_owner}" if case_owner else "on_duty"
            if not climbed or climbed[-1]["who"] != who:
                climbed.append({"who": who, "wait_seconds": rung.wait_seconds})
        return climbed


@dataclass(frozen=True)
class Reminders:
    """When people are reminded of a promise, and from which reminder on a senior is."""

    before: timedelta
    again_every: timedelta
    senior_from: int


@dataclass(frozen=True)
class Plan:
    """What the policy says about one of the twelve steps."""

    kind: str
    position: int
    title: str
    automatic: bool
    by: By
    who: str
    after: str
    awaits: str
    brought_forward_by: str
    evidence: str
    promise: str


@dataclass(frozen=True)
class Policy:
    """One version of the repair policy."""

    title: str
    same_place_within: timedelta
    page_from_severity: int
    failed_before_within: timedelta
    callback_within: timedelta
    wait_for_customer: timedelta
    reminders: Reminders
    ladders: Mapping[str, Ladder]
    steps: Mapping[str, Plan]

    def due_at(self, kind: str, start: datetime, zone: ZoneInfo) -> datetime:
        """When `kind` is promised, counted from the opening or from the end of its `after`."""
        return self.steps[kind].by.after(start, zone)

    def due_at_opening(self, kind: str, opened_at: datetime, zone: ZoneInfo) -> datetime | None:
        """The same from the opening; None while it waits for another step to end."""
        return None if self.steps[kind].after else self.due_at(kind, opened_at, zone)

    def look_at(self, kind: str, due_at: datetime, now: datetime) -> datetime:
        """When the house looks at it first: a person is reminded before it is late."""
        if self.steps[kind].automatic:
            return due_at
        return max(now, due_at - self.reminders.before)

    def followers(self, kind: str) -> list[Plan]:
        """The steps that come after `kind`."""
        return [plan for plan in self.steps.values() if plan.after == kind]


def parse(text: str) -> Policy:
    """Reads a policy; raises PolicyError with line, column, field and remedy."""
    top = document.read(text).table(
        known=CHAPTERS,
        required=CHAPTERS,
    )
    top["makegood"].number(low=FORMAT, high=FORMAT)
    joining = _all(top["joining"], ("same_place_within",))
    limits = _all(top["limits"], ("page_from_severity", "failed_before_within", "callback_within"))
    closing = _all(top["closing"], ("wait_for_customer",))
    return Policy(
        title=top["title"].word(longest=120),
        same_place_within=_span(joining["same_place_within"]),
        page_from_severity=limits["page_from_severity"].number(low=1, high=5),
        failed_before_within=_span(limits["failed_before_within"]),
        callback_within=_span(limits["callback_within"]),
        wait_for_customer=_span(closing["wait_for_customer"], positive=True),
        reminders=_reminders(top["reminders"]),
        ladders=_ladders(top["ladders"]),
        steps=_steps(top["steps"]),
    )


def _all(piece: Piece, names: Sequence[str]) -> dict[str, Piece]:
    return piece.table(known=names, required=names)


def _span(piece: Piece, *, positive: bool = False) -> timedelta:
    try:
        span = read_span(piece.word())
    except ValueError as error:
        raise piece.refuse(f"“{piece.word()}” is not a length of time.", str(error)) from error
    if positive and not span:
        raise piece.refuse("This cannot be nothing.", "Give it at least a minute.")
    return span


def _by(piece: Piece) -> By:
    try:
        return read_by(piece.word())
    except ValueError as error:
        raise piece.refuse(f"“{piece.word()}” is not a time.", str(error)) from error


def _reminders(piece: Piece) -> Reminders:
    told = _all(piece, ("before", "again_every", "senior_from"))
    again_every = _span(told["again_every"])
    if again_every < timedelta(hours=1):
        raise told["again_every"].refuse("That is a storm of reminders.", "Use 1 hour or more.")
    return Reminders(
        before=_span(told["before"]),
        again_every=again_every,
        senior_from=told["senior_from"].number(low=1, high=100),
    )


def _ladders(piece: Piece) -> dict[str, Ladder]:
    return {name: _ladder(rungs) for name, rungs in _all(piece, LADDERS).items()}


def _ladder(piece: Piece) -> Ladder:
    rungs = []
    for item in piece.items():
        told = _all(item, ("who", "wait"))
        wait = _span(told["wait"])
        if wait < timedelta(seconds=10):
            raise told["wait"].refuse("Nobody answers that fast.", "Use 10 seconds or more.")
        rungs.append(Rung(told["who"].one_of(PEOPLE), int(wait.total_seconds())))
    return Ladder(tuple(rungs))


def _steps(piece: Piece) -> dict[str, Plan]:
    told = _all(piece, KINDS)
    plans = {kind: _plan(kind, place, told[kind]) for place, kind in enumerate(KINDS, 1)}
    for kind, plan in plans.items():
        if plan.after and KINDS.index(plan.after) >= KINDS.index(kind):
            raise told[kind].refuse(
                f"“{kind}” cannot come after “{plan.after}”.", "Name one of the steps above it."
            )
    return plans


def _plan(kind: str, position: int, piece: Piece) -> Plan:
    told = piece.table(
        known=("title", "hand", "by", "who", "after", "awaits", "brought_forward_by", "evidence",
               "promise"),
        required=("title", "hand", "by", "evidence"),
    )  # fmt: skip
    automatic = told["hand"].one_of(("human", "automatic")) == "automatic"
    if automatic and kind not in AUTOMATIC_HANDS:
        raise told["hand"].refuse(
            f"The house cannot “{kind}” by itself.", "Write “human”, and say who."
        )
    if not automatic and "who" not in told:
        raise piece.refuse("Nobody is named for this step.", f"Add “who”: {', '.join(ANSWERABLE)}.")
    return Plan(
        kind=kind,
        position=position,
        title=told["title"].word(longest=80),
        automatic=automatic,
        by=_by(told["by"]),
        who=told["who"].one_of(ANSWERABLE) if "who" in told else "case_owner",
        after=told["after"].one_of(KINDS) if "after" in told else "",
        awaits=told["awaits"].one_of(AWAITED) if "awaits" in told else "",
        brought_forward_by=told["brought_forward_by"].one_of(BROUGHT_FORWARD_BY)
        if "brought_forward_by" in told
        else "",
        evidence=told["evidence"].word(),
        promise=told["promise"].word(longest=200) if "promise" in told else "",
    )
