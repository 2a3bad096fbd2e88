"""Differences between two policies, as a manager reads them."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import time, timedelta
from types import MappingProxyType
from typing import Any

from makegood.recover.policy import Policy, parse
from makegood.recover.policy.conditions import Condition, compiled
from makegood.recover.policy.diffing import differences
from makegood.recover.policy.timing import By, read_by
from makegood.recover.versions.publishing import DEFAULT_TEXT as HOTEL

POLICY = parse(HOTEL)
OTHER_WORD = {  # where a field is one of a few words
    "who": ("owner", "manager"), "after": ("apologise", ""), "awaits": ("rating_given", ""),
    "use": ("overdue", "remind"), "ladder": ("overdue", "remind"),
    "brought_forward_by": ("visit_began", ""), "on": ("words.letter_failed", ""),
}  # fmt: skip
NEVER_WRITTEN = ("kind", "position", "low")  # an offer is one text, from low to high


def changed(text: str, *swaps: tuple[str, str]) -> Policy:
    for old, new in swaps:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    return parse(text)


def words(*swaps: tuple[str, str]) -> list[str]:
    return [change.words for change in differences(POLICY, changed(HOTEL, *swaps))]


def test_a_policy_does_not_differ_from_itself():
    assert differences(POLICY, parse(HOTEL)) == ()


def test_a_shorter_wait_is_said_by_whom_it_rings():
    assert words(("{who: manager, wait: 60 seconds}", "{who: manager, wait: 50 seconds}")) == [
        "On the ladder “reach”, the owner is rung 1 minute → 50 seconds after a manager"
    ]


def test_a_step_is_said_by_its_number_and_name():
    assert words(("by: 30 days at 18:00", "by: 14 days at 18:00")) == [
        "Step 7, make contact, is by 30 days at 18:00 → 2 weeks at 18:00"
    ]


def test_an_offer_is_said_with_its_condition():
    assert words(("offer: 40 to 80", "offer: 60 to 90")) == [
        "If the severity is 4 or more, we offer 40 to 80 → 60 to 90"
    ]


def test_a_changed_condition_is_said_before_and_after():
    assert words(("- when: verdict.raw", "- when: verdict.raw || site.open")) == [
        "We ring by “reach” when nobody could judge it → "
        "nobody could judge it, or the place is open"
    ]


def test_a_row_that_goes_ahead_of_a_second_failure_is_said():
    assert words(
        ("      ahead_of: second_failure     # also when we failed them before\n", "")
    ) == [
        "If it is about illness or injury, we ring by that ladder ahead of "
        "what second_failure says, if we failed them before → nothing"
    ]


def test_two_conditions_of_which_we_say_the_same_are_shown_as_they_are_written():
    assert words(("- when: verdict.raw", "- when: (verdict.raw)")) == [
        "We ring by “reach” when verdict.raw → (verdict.raw)"
    ]


def test_a_new_line_and_a_line_that_is_gone_are_said_as_such():
    line = '  - says: A colleague says so\n    when: signal.kind == "complaint"\n'
    assert words((line, "")) == ["Gone: “A colleague says so” begins a case: they told a colleague"]
    back = differences(changed(HOTEL, (line, "")), POLICY)
    assert [(change.before, change.place) for change in back] == [("", "triggers.2")]


def test_lines_that_change_places_are_told():
    def line(says: str, kind: str) -> str:
        return f'  - says: {says}\n    when: signal.kind == "{kind}"\n'

    one, other = line("A colleague says so", "complaint"), line("We broke a promise", "promise")
    assert any("stands in line" in said for said in words((one, "@"), (other, one), ("@", other)))


def test_what_differs_by_reaction_only_says_for_whom():
    said = words(("revenge:                     # one voice: the manager's\n        who: manager",
                  "revenge:\n        who: owner"))  # fmt: skip
    assert said == [
        "Step 2, apologise, for a customer who gets back at us, is answered for by "
        "a manager → the owner"
    ]


def test_whatever_is_changed_is_told_and_only_once():
    count = 0
    for mutant in mutants(POLICY):
        told = differences(POLICY, mutant)
        assert told, mutant
        places = [change.place for change in told]
        assert len(places) == len(set(places)), places
        assert all(change.words and change.before != change.after for change in told), told
        count += 1
    assert count > 300


def mutants(value: Any, name: str = "") -> Iterator[Any]:
    """`value` with one thing changed, for every thing in it."""
    match value:
        case Condition():
            yield compiled("signal.hour == 3")
        case By():
            yield read_by("3 days at 9:30")
            yield read_by("2 opening days")
            yield read_by("5 opening hours")
        case bool():
            yield not value
        case int():
            yield value + 1
        case str():
            yield next(word for word in OTHER_WORD.get(name, (f"{value}!",)) if word != value)
        case time():
            yield value.replace(minute=(value.minute + 7) % 60)
        case timedelta():
            yield value + timedelta(days=1)
        case None:
            if name in ("skip_when", "because"):
                yield compiled("signal.hour == 3")
        case tuple():
            yield from _mutated_rows(value, name)
        case _ if isinstance(value, Mapping):
            for key, inner in value.items():
                for mutant in mutants(inner, key):
                    yield MappingProxyType({**value, key: mutant})
        case _ if is_dataclass(value) and not isinstance(value, type):
            for field in fields(value):
                if field.name not in NEVER_WRITTEN and not field.name.startswith("_"):
                    for mutant in mutants(getattr(value, field.name), field.name):
                        yield replace(value, **{field.name: mutant})


def _mutated_rows(rows: tuple[Any, ...], name: str) -> Iterator[Any]:
    if name in ("needs", "first"):
        yield ("words", "call_logged") if name == "needs" else ("coupon",)
        return
    for place, row in enumerate(rows):
        yield rows[:place] + rows[place + 1 :]
        for mutant in mutants(row):
            yield (*rows[:place], mutant, *rows[place + 1 :])
    for place in range(len(rows) - 1):
        swapped = list(rows)
        swapped[place : place + 2] = reversed(swapped[place : place + 2])
        yield tuple(swapped)
