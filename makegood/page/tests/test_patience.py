from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from makegood.page.hands import patience

NOW = datetime(2026, 11, 21, 19, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("leaves_in", "seconds"),
    [(None, 180), (600, 180), (100, 100), (20, 60), (-300, 60)],
)
def test_a_hand_has_until_the_threshold_but_one_to_three_minutes(leaves_in, seconds):
    leaves_at = None if leaves_in is None else NOW + timedelta(seconds=leaves_in)
    until = patience.look_again_at("reach", leaves_at=leaves_at, now=NOW)
    assert until == NOW + timedelta(seconds=seconds)


def test_a_reminder_taken_is_not_rung_again_for_two_hours():
    until = patience.look_again_at("remind", leaves_at=NOW, now=NOW)
    assert until == NOW + timedelta(hours=2)


@pytest.mark.parametrize(
    ("came_after", "asked_after", "there"),
    [(None, 5, True), (None, 5.1, False), (0.5, 5.1, False), (12, 16, True), (12, 16.1, False)],
)
def test_they_may_be_there_for_four_hours_past_leaving_or_past_who_came(
    came_after, asked_after, there
):
    may = patience.may_still_be_there(
        expected_until=NOW + timedelta(hours=1),
        came_at=None if came_after is None else NOW + timedelta(hours=came_after),
        now=NOW + timedelta(hours=asked_after),
    )
    assert may is there


@given(st.sampled_from(sorted(patience.MOST)), st.integers(-10_000, 10_000))
def test_there_is_always_a_moment_to_look_again(purpose, leaves_in):
    leaves_at = NOW + timedelta(seconds=leaves_in)
    assert patience.look_again_at(purpose, leaves_at=leaves_at, now=NOW) > NOW
