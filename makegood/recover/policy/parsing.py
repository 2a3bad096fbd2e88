"""Turns the text of a document into a Policy, or says where it cannot. Pure.

`fields` describes the single values; here is what only several of them together can get wrong.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from makegood.recover.policy import document
from makegood.recover.policy.conditions import ALWAYS
from makegood.recover.policy.contact import Closing, Contact, SecondFailure, Silence, Waiting
from makegood.recover.policy.document import PolicyError, did_you_mean
from makegood.recover.policy.fields import DOCUMENT
from makegood.recover.policy.ladders import ALWAYS_SOMEBODY, Ladder, Rung
from makegood.recover.policy.model import Policy
from makegood.recover.policy.plans import (
    ANSWERABLE,
    AUTOMATIC_HANDS,
    CORRECTION_DONE,
    HAPPENINGS,
    KINDS,
    Plan,
    Reminders,
)
from makegood.recover.policy.shapes import Told
from makegood.recover.policy.tables import (
    LadderRow,
    LimitRow,
    RemedyRow,
    SeverityRow,
    Tables,
    Trigger,
)

PROVED_BY = "customer_confirmed"
VARYING = ("title", "who", "by", "after", "evidence", "promise", "skip_when", "because")


def parse(text: str, *, facts: Collection[str] | None = None) -> Policy:
    """Reads a policy; raises PolicyError with line, column, field and remedy.

    `facts`: the names of facts a trigger may wait for; None: any name that looks like one.
    """
    top: Told = DOCUMENT.read(document.read(text))
    ladders = {name: _ladder(rungs) for name, rungs in top["ladders"].items()}
    second = top["second_failure"]
    _known_ladder(second, "ladder", ladders)
    contact = top["contact"]
    return Policy(
        title=top["title"],
        triggers=_triggers(top["triggers"], facts),
        same_place_within=top["joining"]["same_place_within"],
        tables=_tables(top["tables"], ladders),
        second_failure=SecondFailure(**second),
        contact=Contact(
            waking=contact["waking_hours"],
            at_most=contact["at_most"],
            within=contact["within"],
            callback_within=contact["callback_within"],
        ),
        waiting=Waiting(**top["waiting"]),
        silence=Silence(**top["silence"]),
        reminders=Reminders(**top["reminders"]),
        closing=Closing(**top["closing"]),
        ladders=MappingProxyType(ladders),
        steps=MappingProxyType(_steps(top["steps"])),
    )


def _ladder(rungs: Sequence[Told]) -> Ladder:
    read = [Rung(rung["who"], int(rung["wait"].total_seconds()), rung["hands"]) for rung in rungs]
    groups = [told.where("who") for told, rung in zip(rungs, read, strict=True) if rung.group]
    if groups and not any(rung.who in ALWAYS_SOMEBODY for rung in read):
        raise groups[-1].refuse(
            "Of a team or a skill nobody may be there.",
            "Add a rung for on_duty, manager or owner.",
        )
    return Ladder(tuple(read))


def _known_ladder(told: Told, name: str, ladders: Collection[str]) -> None:
    if told[name] not in ladders:
        raise told.where(name).refuse(
            f"There is no ladder “{told[name]}”.", did_you_mean(told[name], tuple(ladders))
        )


def _triggers(lines: Sequence[Told], facts: Collection[str] | None) -> tuple[Trigger, ...]:
    for told in lines:
        if facts is not None and told.get("on", "") and told["on"] not in facts:
            raise told.where("on").refuse(
                f"There is no fact “{told['on']}”.", did_you_mean(told["on"], sorted(facts))
            )
    return tuple(Trigger(told["says"], told["when"], told.get("on", "")) for told in lines)


def _tables(told: Told, ladders: Collection[str]) -> Tables:
    for table in ("severity", "ladder", "remedies", "limits"):
        _reachable(told[table])
    for row in told["ladder"]:
        _known_ladder(row, "use", ladders)
    return Tables(
        severity=tuple(_severity(row) for row in told["severity"]),
        ladder=tuple(LadderRow(**_row(row)) for row in told["ladder"]),
        remedies=tuple(_remedy(row) for row in told["remedies"]),
        limits=tuple(_limit(row) for row in told["limits"]),
    )


def _reachable(rows: Sequence[Told]) -> None:
    for row in rows[:-1]:
        if "when" not in row or row["when"] == ALWAYS:
            raise row.piece.refuse(
                "This row is always true, so those below it never count.",
                "Give it a “when”, or make it the last row.",
            )


def _row(row: Told) -> dict[str, Any]:
    return {"when": ALWAYS} | row


def _severity(row: Told) -> SeverityRow:
    if ("at_least" in row) == ("exactly" in row):
        raise row.piece.refuse("A row either raises or sets.", "Write “at_least” or “exactly”.")
    return SeverityRow(**_row(row))


def _remedy(row: Told) -> RemedyRow:
    values = _row(row)
    low, high = values.pop("offer")
    first = values.pop("first", [])
    _once(row, "first", first)
    if not high and "because" not in row:
        raise row.piece.refuse(
            "Nothing is offered, but why?", "Add “because”, as colleagues read it."
        )
    return RemedyRow(low=low, high=high, first=tuple(first), **values)


def _limit(row: Told) -> LimitRow:
    limits = [name for name in ("on_duty", "manager", "owner") if name in row]
    if not limits:
        raise row.piece.refuse("This row limits nobody.", "Add “on_duty”, “manager” or “owner”.")
    for lower, higher in pairwise(limits):
        if row[lower] > row[higher]:
            raise row.where(higher).refuse(
                f"“{higher}” may give less than “{lower}”.", f"Use {row[lower]} or more."
            )
    return LimitRow(**_row(row))


def _once(told: Told, name: str, values: Sequence[str]) -> None:
    for place, value in enumerate(values):
        if value in values[:place]:
            raise told.where(name).refuse(f"“{value}” is said twice.", "Keep one of the two.")


def _steps(told: Told) -> dict[str, Plan]:
    return {kind: _plan(kind, place, told[kind]) for place, kind in enumerate(KINDS, 1)}


def _plan(kind: str, position: int, told: Told) -> Plan:
    automatic = told["hand"] == "automatic"
    if automatic and kind not in AUTOMATIC_HANDS:
        raise told.where("hand").refuse(
            f"The house cannot “{kind}” by itself.", "Write “human”, and say who."
        )
    if not automatic and "who" not in told:
        raise told.piece.refuse(
            "Nobody is named for this step.", f"Add “who”: {', '.join(ANSWERABLE)}."
        )
    _check(kind, told)
    plan = Plan(
        kind=kind,
        position=position,
        title=told["title"],
        automatic=automatic,
        by=told["by"],
        who=told.get("who", "case_owner"),
        after=told.get("after", ""),
        awaits=told.get("awaits", ""),
        brought_forward_by=told.get("brought_forward_by", ""),
        evidence=told["evidence"],
        promise=told.get("promise", ""),
        needs=tuple(told["needs"]),
        skip_when=told.get("skip_when"),
        because=told.get("because", ""),
    )
    variants = {
        reaction: _variant(plan, variant) for reaction, variant in told.get("variants", {}).items()
    }
    return replace(plan, variants=MappingProxyType(variants))


def _variant(plan: Plan, told: Told) -> Plan:
    if not told:
        raise told.piece.refuse("Nothing differs here.", "Say what does, or remove the line.")
    _check(plan.kind, told, because=plan.because)
    values: Mapping[str, Any] = {name: told[name] for name in VARYING if name in told}
    needs = tuple(told["needs"]) if "needs" in told else plan.needs
    return replace(plan, **values, needs=needs)


def _check(kind: str, told: Told, *, because: str = "") -> None:
    after = told.get("after", "")
    above = "confirm" if after == CORRECTION_DONE else after
    if above in KINDS[KINDS.index(kind) :]:
        raise told.where("after").refuse(
            f"“{kind}” cannot come after “{after}”.", "Name one of the steps above it."
        )
    if kind == "prove" and after in HAPPENINGS:
        raise told.where("after").refuse(
            "“prove” is asked of everybody, also of whom that never happens to.",
            "Name one of the steps above it, or remove this line.",
        )
    if kind == "prove" and told.get("awaits", PROVED_BY) != PROVED_BY:
        raise told.where("awaits").refuse(
            "Only the customer's own yes ends “prove”.", f"Write {PROVED_BY}."
        )
    if "skip_when" in told and not told.get("because", because):
        raise told.where("skip_when").refuse(
            "A step is left out only for a reason.", "Add “because”, as colleagues read it."
        )
    if "skip_when" in told and kind in ("validate", "prove"):
        raise told.where("skip_when").refuse(
            f"“{kind}” is never left out.", "Remove this line; the customer decides at the end."
        )
    if set("{}") & set(told.get("promise", "").replace("{who}", "")):
        raise told.where("promise").refuse(
            "Only {who} stands in brackets.", "Write {who} where the colleague's name goes."
        )
    _once(told, "needs", told.get("needs", []))


__all__ = ["PolicyError", "parse"]
