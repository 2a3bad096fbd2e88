"""All rows of the board share one clock."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies as st

from makegood.web.floor.axis import ELBOW_ROOM, axis_around

NOW = datetime(2026, 11, 21, 20, 14, tzinfo=UTC)
seconds = st.integers(-7200, 7200).map(lambda number: timedelta(seconds=number))


@given(st.lists(seconds, max_size=12))
def test_now_is_always_on_the_board_and_time_runs_one_way(away: list[timedelta]) -> None:
    axis = axis_around(NOW, [NOW + gap for gap in away])
    assert 0 < axis.position(NOW) < 100
    places = [axis.position(NOW + gap) for gap in sorted(away)]
    assert places == sorted(places)
    assert all(0 <= place <= 100 for place in places)


@given(st.lists(seconds, max_size=12))
def test_ticks_leave_room_for_the_present(away: list[timedelta]) -> None:
    ticks = axis_around(NOW, [NOW + gap for gap in away]).ticks()
    now = next(tick for tick in ticks if tick.is_now)
    others = [tick for tick in ticks if not tick.is_now]
    assert len(others) <= 7
    assert all(abs(tick.position - now.position) >= ELBOW_ROOM for tick in others)
    assert all(tick.at.second == 0 for tick in others)


def test_what_lies_far_away_is_drawn_at_the_edge() -> None:
    axis = axis_around(NOW, [NOW - timedelta(hours=5), NOW + timedelta(hours=5)])
    assert axis.position(NOW - timedelta(hours=5)) == 0
    assert axis.position(NOW + timedelta(hours=5)) == 100
