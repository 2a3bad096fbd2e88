"""At each instant exactly one person has the post, or there is an explicit gap."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st

from makegood.people.posts import PostHours
from makegood.people.turns import (
    Away,
    Override,
    Turns,
    relieved_at,
    spells,
    spells_of_shift,
    stand_in,
)

MADRID = ZoneInfo("Europe/Madrid")
ZONES = st.sampled_from(
    [MADRID, *map(ZoneInfo, ("America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "UTC"))]
)
PEOPLE = ("Bo", "Mina", "Cy", "Di")
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 800 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes))
SPANS = st.integers(1, 60 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))
SOMEBODY = st.sampled_from(PEOPLE)
WALL = st.times().map(lambda wall: wall.replace(second=0, microsecond=0))


def day_of(minutes, over_midnight) -> tuple[tuple[time, time], ...]:
    """Periods that do not overlap; the last may end on the next day, before the first begins."""
    walls = [time(minute // 60, minute % 60) for minute in sorted(minutes)]
    if over_midnight:
        walls = [*walls[1:], walls[0]]
    return tuple(zip(walls[::2], walls[1::2], strict=True))


SPANS_OF_A_DAY = st.integers(1, 3).flatmap(
    lambda number: st.builds(
        day_of,
        st.lists(st.integers(0, 1439), min_size=2 * number, max_size=2 * number, unique=True),
        st.booleans(),
    )
)
WEEKDAYS = st.lists(st.integers(0, 6), unique=True, max_size=7).map(tuple)
PERIODS = st.builds(PostHours, WEEKDAYS, st.just(()) | SPANS_OF_A_DAY).map(lambda one: one.periods)
TURNS = st.builds(
    Turns,
    st.lists(SOMEBODY, min_size=1, max_size=4, unique=True).map(tuple),
    st.dates(date(2025, 12, 1), date(2027, 1, 1)),
    st.integers(1, 28),
    WALL,
    ZONES,
    st.none() | MOMENTS,
    st.just(()) | PERIODS,
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


NIGHTS = ((time(22), time(6)),)


def posted(
    spans=(), weekdays=(), begins_on=date(2026, 10, 19), every_days=1, hands_over_at=time()
) -> Turns[str]:
    periods = PostHours(weekdays, spans).periods
    return Turns(
        ("Bo", "Mina"), begins_on, every_days, hands_over_at, MADRID, periods=periods
    )  # fmt: skip


def test_a_night_is_one_persons_over_midnight_and_through_the_change_of_the_clocks() -> None:
    """The night of 24 October has an hour more, that of 28 March one less."""
    found = spells(posted(NIGHTS), [], [], local(2026, 10, 24, 12), local(2026, 10, 26, 12))
    assert [one for one in said(found) if one[1]] == [
        (local(2026, 10, 24, 22), "Mina", None),
        (local(2026, 10, 25, 22), "Bo", None),
    ]
    assert [one.ends_at - one.starts_at for one in found if one.person] == [
        timedelta(hours=9), timedelta(hours=8)
    ]  # fmt: skip
    [short] = spells(posted(NIGHTS), [], [], local(2027, 3, 27, 22), local(2027, 3, 28, 6))
    assert short.ends_at - short.starts_at == timedelta(hours=7)


def test_early_late_and_night_cover_the_day_on_which_an_hour_comes_twice() -> None:
    change = time(2, 30)
    posts = [posted((span,)) for span in
             [(change, time(10)), (time(10), time(18)), (time(18), change)]]  # fmt: skip
    begins, ends = local(2026, 10, 24, 18), local(2026, 10, 26, 18)
    filled = [
        (one.starts_at, one.ends_at)
        for post in posts
        for one in spells(post, [], [], begins, ends)
        if one.person
    ]
    reached = begins
    for starts_at, ends_at in sorted(filled):
        assert starts_at <= reached
        reached = max(reached, ends_at)
    assert reached == ends


def test_a_split_shift_on_some_days_only() -> None:
    weekend = posted(((time(11), time(15)), (time(18), time(23))), (5, 6), every_days=7)
    found = spells(weekend, [], [], local(2026, 10, 19), local(2026, 10, 26))
    assert [one for one in said(found) if one[1]] == [
        (local(2026, 10, day, hour), "Bo", None) for day in (24, 25) for hour in (11, 18)
    ]


def test_whole_days_are_handed_over_at_their_time() -> None:
    weekend = posted(weekdays=(5, 6), begins_on=date(2026, 10, 17), hands_over_at=time(8))
    found = spells(weekend, [], [], local(2026, 10, 23), local(2026, 10, 26))
    assert [one for one in said(found) if one[1]] == [
        (local(2026, 10, 24), "Bo", None),
        (local(2026, 10, 24, 8), "Mina", None),
        (local(2026, 10, 25, 8), "Bo", None),
    ]


def test_a_swap_fills_no_hour_in_which_the_post_is_not() -> None:
    begins, ends = local(2026, 10, 20), local(2026, 10, 21)
    found = spells(posted(NIGHTS), [Override(begins, ends, "Cy")], [], begins, ends)
    assert said(found) == [
        (begins, "Cy", "Bo"), (local(2026, 10, 20, 6), None, None),
        (local(2026, 10, 20, 22), "Cy", "Mina"),
    ]  # fmt: skip


def test_who_has_the_night_finishes_it_when_other_turns_begin() -> None:
    fresh = posted(NIGHTS, begins_on=date(2026, 11, 2))
    assert relieved_at(posted(NIGHTS), fresh) == local(2026, 11, 2, 6)
    assert relieved_at(posted(), fresh) == local(2026, 11, 2)
    earlier = posted(((time(5), time(13)),), begins_on=date(2026, 11, 2))
    assert relieved_at(posted(NIGHTS), earlier) == local(2026, 11, 2, 5)
    assert relieved_at(posted(NIGHTS), posted(begins_on=date(2026, 11, 2))) == local(2026, 11, 2)


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
    is_filled, member = turns.due_at(moment)
    planned = covering[-1].person if covering else member
    planned = planned if is_filled else None
    assert here.person == stand_in(planned, away, moment)
    assert not any(
        one.person == here.person and one.starts_at <= moment < one.ends_at for one in away
    )


@given(TURNS, MOMENTS)
def test_a_post_is_filled_in_its_periods_and_only_then(turns, moment) -> None:
    """By the clock on the wall, away from the two nights on which it does not say which moment."""
    local = moment.astimezone(turns.zone)
    if len({(local + timedelta(hours=hours)).utcoffset() for hours in range(-50, 51, 5)}) > 1:
        return
    wall, today, before = local.time(), local.weekday(), (local.weekday() - 1) % 7
    wanted = not turns.periods or any(
        (one.weekday == today and one.opens_at <= wall < one.closes_at)
        or (one.opens_at >= one.closes_at and one.weekday == today and wall >= one.opens_at)
        or (one.opens_at >= one.closes_at and one.weekday == before and wall < one.closes_at)
        for one in turns.periods
    )
    assert turns.due_at(moment)[0] == (wanted and not turns.is_over(moment))


@given(TURNS, MOMENTS)
def test_a_period_is_one_persons_from_its_beginning_until_the_next_begins(turns, begins) -> None:
    """Also through every change of the clocks, and however long a turn lasts."""
    ends = begins + timedelta(days=8)
    filled = [one for one in turns._near(begins, ends) if one.stays_whole]
    for one, after in pairwise([*sorted(filled), None]):
        until = min(one.ends, after.begins) if after else one.ends
        if turns.ended_at is None and one.begins < until:
            found = spells(turns, [], [], one.begins, until)
            assert [each.person for each in found] == [turns.member_at(one.begins)]


@given(TURNS, TURNS)
def test_other_turns_leave_no_hole_and_never_put_two_on_a_post(former, changed) -> None:
    """`former` until relieved, then `changed`: what either fills is filled by exactly one."""
    at = relieved_at(former, changed)
    ended = replace(former, ended_at=min(at, former.ended_at or at))
    begins, ends = at - timedelta(days=9), at + timedelta(days=9)
    mine = [one for one in spells(changed, [], [], begins, ends) if one.person]
    theirs = [one for one in spells(ended, [], [], begins, ends) if one.person]
    assert all(one.starts_at >= at for one in mine)
    assert all(one.ends_at <= at for one in theirs)
    assert at <= former.finished_at(changed.handed_over_at(0))


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
