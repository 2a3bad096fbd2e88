"""Editing a document in place: exactly one thing changes, and comments stay where they were."""

from difflib import ndiff

import pytest
from hypothesis import example, given, settings, strategies as st

from makegood.recover.policy import parse
from makegood.recover.policy.editing import (
    CannotEdit,
    add_row,
    move_row,
    remove,
    set_value,
    value_at,
    written,
)
from makegood.recover.policy.starters import starters

HOTEL = starters()["hotel"].text
SMALL = """\
# the house
title: House policy
closing: {attempts: 3, apart: 1 day}  # honestly
tables:
  severity: []
  ladder:
    # those who came to harm
    - when: visit.here
      use: reach  # at once
    - {when: customer.regular, use: senior}
steps:
  contact:
    needs: [call_logged]
    needs_not:
    - one
    by: 30 days at 18:00   # a month
"""


def changed(before: str, after: str) -> list[str]:
    """The lines that differ, marked."""
    lines = ndiff(before.splitlines(), after.splitlines())
    return [line for line in lines if line[:2] in ("- ", "+ ")]


def test_one_wait_changes_and_nothing_else():
    after = set_value(HOTEL, "ladders.reach.1.wait", "50 seconds")
    assert changed(HOTEL, after) == [
        "-     - {who: manager, wait: 60 seconds}",
        "+     - {who: manager, wait: 50 seconds}",
    ]
    assert parse(after).ladders["reach"].rungs[1].wait_seconds == 50


def test_a_comment_at_the_end_of_the_line_stays():
    after = set_value(SMALL, "steps.contact.by", "14 days at 18:00")
    assert "    by: 14 days at 18:00   # a month\n" in after
    after = set_value(SMALL, "closing.attempts", "5")
    assert "closing: {attempts: 5, apart: 1 day}  # honestly\n" in after


def test_a_field_that_was_not_written_is_added_at_the_end_of_its_table():
    after = set_value(SMALL, "tables.ladder.0.because", "They are here: go")
    assert "      use: reach  # at once\n      because: 'They are here: go'\n" in after
    after = set_value(SMALL, "closing.wait_for_customer", "14 days")
    assert "{attempts: 3, apart: 1 day, wait_for_customer: 14 days}" in after


def test_a_chapter_that_was_not_written_is_added_with_its_field():
    after = set_value(SMALL, "contact.at_most", "4")
    assert after == SMALL + "contact:\n  at_most: 4\n"
    after = set_value(SMALL, "steps.contact.variants.legs.by", "7 days")
    assert after == SMALL + "    variants:\n      legs:\n        by: 7 days\n"


def test_a_list_is_written_on_one_line():
    after = set_value(SMALL, "steps.contact.needs", ["call_logged", "words"])
    assert "    needs: [call_logged, words]\n" in after
    after = set_value(SMALL, "steps.contact.needs_not", ["two"])
    assert "    needs_not: [two]\n    by:" in after


@pytest.mark.parametrize("words", [
    'signal.kind == "press"', "!customer.known", "They are here: go", "yes # no", "", "it's", "- x",
    "[a, b]", "{who}", "12:00", "a, b", '"quoted"', "no", "@home", "…", "*", "&a",
])  # fmt: skip
def test_any_words_can_be_written_anywhere(words):
    for path in ("title", "tables.ladder.0.when", "tables.ladder.1.when", "closing.apart"):
        assert value_at(set_value(SMALL, path, words), path) == words


def test_a_row_is_added_in_the_manner_of_the_last():
    after = add_row(SMALL, "tables.ladder", {"when": "true", "use": "reach"})
    assert "use: senior}\n    - {when: true, use: reach}\nsteps:" in after
    after = add_row(HOTEL, "tables.limits", {"on_duty": "20", "because": "Quiet: hours"})
    assert "      owner: 1000\n    - on_duty: 20\n      because: 'Quiet: hours'\n" in after


def test_the_first_row_of_an_empty_table():
    after = add_row(SMALL, "tables.severity", {"when": "visit.here", "at_least": "4"})
    assert "  severity:\n    - when: visit.here\n      at_least: 4\n  ladder:" in after
    after = add_row(SMALL, "tables.limits", {"on_duty": "40"})
    assert value_at(after, "tables.limits") == [{"on_duty": "40"}]


def test_rows_and_lines_go():
    assert value_at(remove(SMALL, "tables.ladder.0"), "tables.ladder") == [
        {"when": "customer.regular", "use": "senior"}
    ]
    after = remove(SMALL, "tables.ladder.0.when")
    assert "    - use: reach  # at once\n" in after
    assert "closing: {apart: 1 day}" in remove(SMALL, "closing.attempts")
    assert "closing: {attempts: 3}" in remove(SMALL, "closing.apart")
    assert "by:" not in remove(SMALL, "steps.contact.by")
    assert remove(SMALL, "steps.contact.who") == SMALL
    assert value_at(remove(SMALL, "steps.contact.needs_not.0"), "steps.contact.needs_not") == []


def test_a_row_moves_with_its_words():
    after = move_row(HOTEL, "tables.remedies.2", 0)
    rows = written(after)["tables"]["remedies"]
    assert rows[0]["offer"] == "0 to 25"
    assert sorted(HOTEL.splitlines()) == sorted(after.splitlines())
    with pytest.raises(CannotEdit):
        move_row(HOTEL, "tables.remedies.2", 9)


@pytest.mark.parametrize("path", ["", "title.", "steps.contact.0", "tables.ladder.7.use", "x.0"])
def test_a_place_that_cannot_be_is_refused(path):
    with pytest.raises(CannotEdit):
        set_value(SMALL, path, "1")


@pytest.mark.parametrize("text", ["", "- a", "a: [", "{a: 1}", "just words", "a: *b"])
def test_a_text_that_is_no_document_is_refused(text):
    with pytest.raises(CannotEdit):
        set_value(text, "title", "House policy")


def paths(data, before=""):
    pairs = data.items() if isinstance(data, dict) else enumerate(data)
    for name, value in pairs:
        here = f"{before}.{name}" if before else str(name)
        if isinstance(value, dict | list):
            yield from paths(value, here)
        else:
            yield here


MANY_LINES = (starters()["hotel"].text, "triggers.3.when")


@settings(max_examples=40)
@example(MANY_LINES, "")
@given(
    st.sampled_from([
        (text, path) for one in starters().values() for text in [one.text]
        for path in paths(written(text))
    ]),
    st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=30),
)  # fmt: skip
def test_every_value_of_every_starter_can_be_set_to_anything(place, words):
    text, path = place
    said = str(value_at(text, path)).split()
    after = set_value(text, path, words)
    assert value_at(after, path) == words
    differing = changed(text, after)
    assert sum(line.startswith("+ ") for line in differing) <= 1
    followed = [line[2:] for line in differing if line.startswith("- ")][1:]
    assert all(set(line.split()) <= set(said) for line in followed), "only what stood there goes"
