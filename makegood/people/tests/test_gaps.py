"""Each instant of a window is closed, covered, or in a gap that is named."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, strategies as st

from makegood.people.gaps import Manned, Stretch, gaps, together

FIRST = datetime(2026, 10, 24, tzinfo=UTC)
HOURS = [FIRST + timedelta(hours=number) for number in range(30)]
WINDOW = Stretch(FIRST, FIRST + timedelta(days=3))
MINUTES = st.integers(-600, 5000).map(lambda minutes: FIRST + timedelta(minutes=minutes))
STRETCHES = st.lists(
    st.builds(
        lambda at, length: Stretch(at, at + timedelta(minutes=length)),
        MINUTES, st.integers(1, 3000),
    ),
    max_size=6,
)  # fmt: skip
MANNED = st.lists(
    st.builds(
        lambda who, at, length: Manned(who, at, at + timedelta(minutes=length)),
        st.sampled_from(["Bo", "Mina", "Cy"]), MINUTES, st.integers(1, 3000),
    ),
    max_size=6,
)  # fmt: skip


def covers(stretches, moment: datetime) -> bool:
    return any(one.starts_at <= moment < one.ends_at for one in stretches)


@given(STRETCHES, STRETCHES, st.integers(0, 999))
def test_an_instant_is_closed_covered_or_in_a_gap(is_open, planned, share) -> None:
    found = gaps(WINDOW, is_open, planned)
    moment = WINDOW.starts_at + timedelta(days=3) * share / 1000
    assert covers(found, moment) is (covers(is_open, moment) and not covers(planned, moment))
    assert all(before.ends_at < after.starts_at for before, after in pairwise(found))
    assert all(WINDOW.starts_at <= one.starts_at < one.ends_at <= WINDOW.ends_at for one in found)


@given(MANNED, st.integers(0, 999))
def test_two_at_once_are_named_and_who_is_there_twice(planned, share) -> None:
    moment = WINDOW.starts_at + timedelta(days=3) * share / 1000
    there = [one.person for one in planned if one.starts_at <= moment < one.ends_at]
    here = [one for one in together(WINDOW, planned) if one.starts_at <= moment < one.ends_at]
    if len(there) < 2:
        assert not here
        return
    [found] = here
    assert set(found.people) == set(there)
    assert set(found.twice) == {person for person in there if there.count(person) > 1}


def test_a_split_day_has_the_gap_between_and_none_while_it_is_closed() -> None:
    split = [Stretch(HOURS[9], HOURS[14]), Stretch(HOURS[18], HOURS[23])]
    shift = [Stretch(HOURS[8], HOURS[12]), Stretch(HOURS[19], HOURS[24])]
    assert gaps(Stretch(HOURS[0], HOURS[24]), split, shift) == [
        Stretch(HOURS[12], HOURS[14]),
        Stretch(HOURS[18], HOURS[19]),
    ]


def test_one_takes_over_from_another_without_standing_together() -> None:
    planned = [Manned("Bo", HOURS[9], HOURS[14]), Manned("Mina", HOURS[14], HOURS[20])]
    assert together(WINDOW, planned) == []
    [both] = together(WINDOW, [*planned, Manned("Bo", HOURS[13], HOURS[14])])
    assert (both.starts_at, both.people, both.twice) == (HOURS[13], ("Bo",), ("Bo",))
