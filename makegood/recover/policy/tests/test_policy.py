"""A policy is read, or refused with the place and the remedy."""

from contextlib import suppress
from datetime import UTC, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.recover.policy import KINDS, PolicyError, parse
from makegood.recover.publishing import DEFAULT_TEXT

NOW = datetime(2026, 11, 21, 19, 12, tzinfo=UTC)


def test_the_default_policy_has_the_twelve_steps_in_order():
    policy = parse(DEFAULT_TEXT)
    assert tuple(policy.steps) == KINDS
    assert policy.steps["prove"].by.span.days == 90
    assert policy.ladders["reach"].rungs[0].who == "on_duty"


@pytest.mark.parametrize(
    ("before", "after", "lines_below", "said"),
    [
        ("by: 14 days at 18:00", "by: 14 dayz", 0, "Say it like"),
        ("hand: human", "hnd: human", 0, "Did you mean “hand”?"),
        ("{who: case_owner, wait: 2", "{who: case_ower, wait: 2", 0, "Did you mean “case_owner”"),
        ("  prove:", "  proof:", 0, "Did you mean “prove”?"),
        ("severity_at_least: 4", "severity_at_least: 9", 0, "Use 1 to 5"),
        ("again_every: 1 day", "again_every: 1 minute", 0, "storm"),
        ("wait: 40 seconds", "wait: 1 second", 0, "10 seconds or more"),
        ("    title: Validate\n", "", 0, "“title” is missing"),
        ("title: House policy", "title: House policy\ntitle: Again", 1, "said twice"),
        ("hand: human", "hand: automatic", 0, "by itself"),
    ],
)
def test_errors_name_the_line_the_field_and_the_remedy(before, after, lines_below, said):
    line = DEFAULT_TEXT[: DEFAULT_TEXT.index(before)].count("\n") + 1 + lines_below
    with pytest.raises(PolicyError) as caught:
        parse(DEFAULT_TEXT.replace(before, after, 1))
    assert said in caught.value.message
    assert caught.value.line == line
    assert caught.value.status == 422


def test_a_step_cannot_come_after_a_later_one():
    text = DEFAULT_TEXT.replace("    by: 2 days at 18:00", "    by: 2 days\n    after: prove")
    with pytest.raises(PolicyError, match="cannot come after"):
        parse(text)


def test_a_step_after_another_has_no_time_of_its_own_yet():
    text = DEFAULT_TEXT.replace("by: 14 days at 18:00", "by: 2 days\n    after: plan")
    policy = parse(text)
    assert policy.due_at_opening("confirm", NOW, ZoneInfo("Europe/Madrid")) is None
    assert [plan.kind for plan in policy.followers("plan")] == ["confirm"]


def test_aliases_and_deep_nesting_are_refused():
    with pytest.raises(PolicyError, match="Aliases"):
        parse("a: &x 1\nb: *x\n")
    with pytest.raises(PolicyError, match="deeply"):
        parse("a: " + "[" * 50 + "]" * 50)


@given(st.text(max_size=400))
@settings(max_examples=150)
def test_any_text_is_a_policy_or_a_clear_error(text):
    with pytest.raises(PolicyError):
        parse(text)


@given(st.integers(0, len(DEFAULT_TEXT) - 1), st.text(max_size=6))
@settings(max_examples=100, deadline=None)
def test_a_damaged_policy_is_a_policy_or_a_clear_error(place, noise):
    damaged = DEFAULT_TEXT[:place] + noise + DEFAULT_TEXT[place + len(noise) :]
    with suppress(PolicyError):
        parse(damaged)


def test_the_one_who_answers_is_put_to_a_name():
    ladder = parse(DEFAULT_TEXT).ladders["remind"]
    bo = uuid4()
    assert ladder.climb(case_owner=bo, who_promised="case_owner")[0]["who"] == f"staff:{bo}"
    assert ladder.climb(case_owner=None)[0]["who"] == "on_duty"
    assert [rung["who"] for rung in ladder.climb(case_owner=bo, who_promised="manager")] == [
        "manager"
    ]
