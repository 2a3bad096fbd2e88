"""At each instant exactly one person has the post, or there is an explicit gap."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st

from makegood.people.turns import Away, Override, Turns, spells, spells_of_shift, stand_in

MADRID = ZoneInfo("Europe/Madrid")
ZONES = st.sampled_from(
    [MADRID, *map(ZoneInfo, ("America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "UTC"))]
)
PEOPLE = ("Bo", "Mina", "Cy", "Di")
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 800 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes))
SPANS = st.integers(1, 60 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))
SOMEBODY = st.sampled_from(PEOPLE)
TURNS = st.builds(
    Turns,
    st.lists(SOMEBODY, min_size=1, max_size=4, unique=True).map(tuple),
    st.dates(date(2025, 12, 1), date(2027, 1, 1)),
    st.integers(1, 28),
    st.times().map(lambda wall: wall.replace(second=0, microsecond=0)),
    ZONES,
    st.none() | MOMENTS,
)
OVERRIDES = st.lists(
    st.builds(
        lambda at, span, who: Override(at, at + span, who), MOMENTS, SPANS, st.none() | SOMEBODY
    ),
    max_size=4,
)
AWAY = st.lists(
    st.builds(
        lambda who, at, span, other: Away(who, at, at + span, other),
        SOMEBODY, MOMENTS, SPANS, st.none() | SOMEBODY,
    ),
    max_size=5,
)  # fmt: skip


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=MADRID)


WEEKLY = Turns(("Bo", "Mina"), date(2026, 10, 19), 7, time(8), MADRID)


def said(found):
    return [(one.starts_at.astimezone(MADRID), one.person, one.instead_of) for one in found]


def test_members_take_turns_by_the_clock_of_the_site_through_a_clock_change() -> None:
    found = spells(WEEKLY, [], [], local(2026, 10, 18), local(2026, 11, 3))
    assert said(found) == [
        (local(2026, 10, 18), None, None),
        (local(2026, 10, 19, 8), "Bo", None),
        (local(2026, 10, 26, 8), "Mina", None),
        (local(2026, 11, 2, 8), "Bo", None),
    ]
    assert found[1].ends_at - found[1].starts_at == timedelta(days=7, hours=1)


def test_midnight_and_an_hour_that_never_comes_are_handed_over_once() -> None:
    daily = Turns(("Bo", "Mina"), date(2026, 3, 28), 1, time(2, 30), MADRID)
    found = spells(daily, [], [], local(2026, 3, 28, 12), local(2026, 3, 30))
    assert said(found) == [
        (local(2026, 3, 28, 12), "Bo", None),
        (local(2026, 3, 29, 3, 30), "Mina", None),
    ]
    midnight = Turns(("Bo", "Mina"), date(2026, 11, 21), 1, time(), MADRID)
    found = spells(midnight, [], [], local(2026, 11, 21, 23), local(2026, 11, 22, 1))
    assert said(found) == [
        (local(2026, 11, 21, 23), "Bo", None),
        (local(2026, 11, 22), "Mina", None),
    ]


def test_an_override_then_an_absence_then_the_substitute_of_the_substitute() -> None:
    begins, ends = local(2026, 10, 20), local(2026, 10, 23)
    swap = Override(local(2026, 10, 21), local(2026, 10, 22), "Cy")
    ill = Away("Cy", local(2026, 10, 21, 12), local(2026, 10, 24), "Mina")
    gone = Away("Mina", local(2026, 10, 21, 18), local(2026, 10, 24), "Di")
    assert said(spells(WEEKLY, [swap], [ill, gone], begins, ends)) == [
        (begins, "Bo", None),
        (local(2026, 10, 21), "Cy", "Bo"),
        (local(2026, 10, 21, 12), "Mina", "Bo"),
        (local(2026, 10, 21, 18), "Di", "Bo"),
        (local(2026, 10, 22), "Bo", None),
    ]


def test_everyone_absent_is_a_gap_that_says_whose_turn_it_was() -> None:
    begins, ends = local(2026, 10, 20), local(2026, 10, 21)
    away = [Away("Bo", begins, ends, "Mina"), Away("Mina", begins, ends, "Bo")]
    assert said(spells(WEEKLY, [], away, begins, ends)) == [(begins, None, "Bo")]
    assert said(spells_of_shift("Bo", away[:1], begins, ends)) == [(begins, "Mina", "Bo")]


@given(TURNS, OVERRIDES, AWAY, MOMENTS, SPANS, st.integers(0, 999))
def test_exactly_one_or_a_gap_at_each_instant(turns, overrides, away, begins, span, share) -> None:
    ends = begins + span
    found = spells(turns, overrides, away, begins, ends)
    assert (found[0].starts_at, found[-1].ends_at) == (begins, ends)
    assert all(before.ends_at == after.starts_at for before, after in pairwise(found))
    assert all(one.starts_at < one.ends_at for one in found)
    moment = begins + span * share / 1000
    [here] = [one for one in found if one.starts_at <= moment < one.ends_at]
    covering = [one for one in overrides if one.starts_at <= moment < one.ends_at]
    planned = covering[-1].person if covering else turns.member_at(moment)
    planned = None if turns.is_over(moment) else planned
    assert here.person == stand_in(planned, away, moment)
    assert not any(
        one.person == here.person and one.starts_at <= moment < one.ends_at for one in away
    )


@given(TURNS, st.integers(0, 60))
def test_turns_follow_each_other_without_a_hole(turns, number) -> None:
    begins, ends = turns.handed_over_at(number), turns.handed_over_at(number + 1)
    assert abs(ends - begins - timedelta(days=turns.every_days)) <= timedelta(hours=1)
    assert turns.number_at(begins) == number
    assert turns.number_at(ends - timedelta(microseconds=1)) == number


@given(SOMEBODY, AWAY, MOMENTS, SPANS)
def test_a_shift_is_somebodys_or_a_gap_from_end_to_end(person, away, begins, span) -> None:
    found = spells_of_shift(person, away, begins, begins + span)
    assert (found[0].starts_at, found[-1].ends_at) == (begins, begins + span)
    assert all(before.ends_at == after.starts_at for before, after in pairwise(found))
