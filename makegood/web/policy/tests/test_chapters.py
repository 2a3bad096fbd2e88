"""Chapters as forms: every field of the document has its place in one, with its help."""

import pytest

from makegood.ground.refusals import NotFound
from makegood.recover.policy import KINDS, parse
from makegood.recover.policy.editing import value_at, written
from makegood.recover.policy.starters import starters
from makegood.web.policy.chapters import (
    ALL,
    Typed,
    chapter_named,
    controls_of,
    groups_of,
    new_row,
    place_of,
)
from makegood.web.policy.keeping import filled_in, with_row

HOTEL = starters()["hotel"].text
CHAPTERS = [one.name for one in ALL] + [f"{kind}-step" for kind in KINDS]


def controls(name, text=HOTEL):
    return {one.path: one for one in controls_of(groups_of(chapter_named(name),
                                                          Typed(written(text))))}  # fmt: skip


def leaves(data, path=""):
    """Every value of the document; a list of words is one."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield from leaves(value, f"{path}.{name}" if path else name)
    elif isinstance(data, list) and data and isinstance(data[0], dict):
        for place, value in enumerate(data):
            yield from leaves(value, f"{path}.{place}")
    else:
        yield path


@pytest.mark.parametrize("starter", starters())
def test_every_value_of_a_starter_can_be_changed_in_some_chapter(starter):
    text = starters()[starter].text
    found = {path for name in CHAPTERS for path in controls(name, text)}
    assert set(leaves(written(text))) - found == {"makegood", "title"}


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_field_has_its_help(name):
    assert all(one.help and one.label for one in controls(name).values())


def test_what_is_not_touched_stays_as_it_is_written():
    said = {path: list(one.chosen) or [one.value] for path, one in controls("contact-step").items()}
    assert filled_in(HOTEL, list(controls("contact-step").values()), said) == HOTEL
    said["steps.contact.by"] = ["  14 days   at 18:00 "]
    after = filled_in(HOTEL, list(controls("contact-step").values()), said)
    assert value_at(after, "steps.contact.by") == "14 days at 18:00"


def test_a_variant_that_differs_in_nothing_any_more_is_gone():
    after = filled_in(
        HOTEL,
        list(controls("value-step").values()),
        {"steps.value.variants.legs.by": [""]},
    )
    assert value_at(after, "steps.value.variants") is None
    parse(after)


@pytest.mark.parametrize("path", [
    "triggers", "tables.severity", "tables.ladder", "tables.remedies", "tables.limits",
    "ladders.reach",
])  # fmt: skip
def test_a_fresh_row_can_be_read_at_once(path):
    after = with_row(HOTEL, path)
    parse(after)
    assert dict(new_row(path)) in value_at(after, path)


@pytest.mark.parametrize("name", ["", "nothing", "steps", "-step", "walk-step"])
def test_no_such_chapter(name):
    with pytest.raises(NotFound):
        chapter_named(name)


def test_the_place_an_error_names():
    assert place_of("tables.ladder[2].use") == "tables.ladder.1.use"
    assert place_of("steps.contact.by") == "steps.contact.by"
