"""The published schema and the parser agree, where a schema can know."""

import json
from contextlib import suppress
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from makegood.recover.policy import PolicyError, document, parse
from makegood.recover.policy.fields import DOCUMENT, described
from makegood.recover.policy.schema import as_json, schema
from makegood.recover.policy.shapes import Table
from makegood.recover.policy.starters import starters

VALIDATOR = Draft202012Validator(schema())
TEXT = starters()["hotel"].text


def values(text: str):
    return YAML(typ="safe", pure=True).load(StringIO(text))


def parses(text: str) -> bool:
    with suppress(PolicyError):
        return bool(parse(text))
    return False


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(schema())
    assert json.loads(as_json()) == schema()


@pytest.mark.parametrize("starter", starters().values(), ids=lambda starter: starter.name)
def test_every_starter_keeps_to_it(starter) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(values(starter.text))] == []


@pytest.mark.parametrize("starter", starters().values(), ids=lambda starter: starter.name)
def test_every_starter_spells_everything_out(starter) -> None:
    written = values(starter.text)
    assert set(written) == set(DOCUMENT.fields)
    for chapter, field in DOCUMENT.fields.items():
        if isinstance(field.shape, Table) and not field.shape.others:
            assert set(written[chapter]) == set(field.shape.fields)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("makegood: 1", "makegood: 2"),
        ("title: House policy", "title: ''"),
        ("title: House policy", "name: House policy"),
        ("triggers:", "trigger:"),
        ("says: Somebody presses", "sais: Somebody presses"),
        ("at_least: 4", "at_least: 6"),
        ("at_least: 4", "at_least: four"),
        ("offer: 40 to 80", "offer: 40 EUR"),
        ("first: [free, gesture]", "first: [free, flowers]"),
        ("on_duty: 120", "on_duty: -1"),
        ("within: 365 days", "within: a year"),
        ("waking_hours: 9:00 to 20:00", "waking_hours: all day"),
        ("after_visits: 3", "after_visits: 1"),
        ("{who: on_duty, wait: 40 seconds}", "{who: on_dutty, wait: 40 seconds}"),
        ("{who: on_duty, wait: 40 seconds}", "{who: on_duty}"),
        ("  reach:  ", "  Reach!:  "),
        ("hand: human", "hand: robot"),
        ("by: 14 days at 18:00", "by: two weeks"),
        ("awaits: apology_sent", "awaits: apology"),
        ("needs: [call_logged]", "needs: [call]"),
        ("      legs:  ", "      fear:  "),
        ("  prove:\n", "  proof:\n"),
    ],
)
def test_what_the_schema_can_know_both_refuse(before, after) -> None:
    text = TEXT.replace(before, after, 1)
    assert text != TEXT
    assert not parses(text)
    assert not VALIDATOR.is_valid(values(text))


LINES = TEXT.splitlines(keepends=True)


@given(st.integers(0, len(LINES) - 1), st.sampled_from(["drop", "double", "blank", "number", "x"]))
@settings(max_examples=25)
def test_whatever_the_parser_takes_the_schema_takes(place, how) -> None:
    name, colon, _ = LINES[place].partition(": ")
    changed = {
        "drop": "",
        "double": LINES[place] * 2,
        "blank": "\n",
        "number": f"{name}{colon}7\n" if colon else LINES[place],
        "x": f"{name}{colon}x\n" if colon else LINES[place],
    }[how]
    text = "".join([*LINES[:place], changed, *LINES[place + 1 :]])
    if parses(text) and not (how == "number" and colon):  # a number is a text too, to the parser
        assert VALIDATOR.is_valid(values(text))


def test_every_field_has_help_and_an_example_and_a_default_that_it_takes() -> None:
    for path, field in described():
        assert field.help.endswith("."), path
        if field.default is not None:
            field.shape.read(document.read(field.default))
        if not isinstance(field.shape, Table):
            field.shape.read(document.read(field.example))


def test_the_reference_is_the_schema() -> None:
    written = Path(__file__).parents[4] / "docs" / "reference" / "policy.schema.json"
    assert json.loads(written.read_text("utf-8")) == schema()
