"""What the customer reads about our promises."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from makegood.recover.record.promises import Pledge, stand

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2027, 1, 14, 12, tzinfo=MADRID)


def day(month: int, day: int, hour: int = 18, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, tzinfo=MADRID)


def when(**pledge: object) -> str:
    return stand([Pledge("contact", "A call from Cy", **pledge)], NOW)[0].when  # type: ignore[arg-type]


def test_kept_in_time():
    assert when(due_at=day(11, 22), ended_at=day(11, 22, 11)) == "Kept 22 November"


def test_kept_late_says_so():
    late = when(due_at=day(1, 6, year=2027), ended_at=day(1, 9, year=2027))
    assert late == "Kept 9 January, three days late. Sorry."


def test_kept_at_once():
    spot = when(due_at=day(11, 22), ended_at=day(11, 21), on_the_spot=True)
    assert spot == "Kept on the spot, 21 November"


def test_ahead_and_missed():
    assert when(due_at=day(5, 21, year=2027)) == "By 21 May"
    assert when(due_at=day(1, 6, year=2027)) == "Promised for 6 January. We are late. Sorry."
    assert when(due_at=NOW + timedelta(hours=2)) == "Today"
    assert (
        when(due_at=day(2, 1, year=2027), or_at_visit=True)
        == "By 1 February, or at your next visit"
    )
    assert when(due_at=day(1, 6, year=2027), your_turn=True) == "Your turn, below"


MOMENTS = st.integers(-400, 400).map(lambda hours: NOW + timedelta(hours=hours))
PLEDGES = st.builds(
    Pledge,
    kind=st.just("plan"),
    words=st.just("A plan"),
    due_at=st.none() | MOMENTS,
    ended_at=st.none() | MOMENTS,
    dropped=st.just(False),
)


@given(st.lists(PLEDGES, max_size=12))
def test_never_two_promises_are_now_and_no_broken_one_hides(pledges):
    promises = stand(pledges, NOW)
    assert len(promises) == len(pledges)
    assert sum(promise.state == "now" for promise in promises) <= 1
    for pledge, promise in zip(pledges, promises, strict=True):
        broken = pledge.due_at and (pledge.ended_at or NOW) > pledge.due_at
        assert bool(broken) == ("Sorry" in promise.when)
        assert "!" not in promise.when


@pytest.mark.parametrize("waiting", [1, 5])
def test_the_first_that_waits_is_now(waiting):
    kept = [Pledge("plan", "A plan", None, ended_at=NOW)] * 3
    ahead = [Pledge("plan", "A plan", NOW + timedelta(days=9))] * waiting
    states = [promise.state for promise in stand([*kept, *ahead], NOW)]
    assert states == ["mended"] * 3 + ["now"] + ["ahead"] * (waiting - 1)
