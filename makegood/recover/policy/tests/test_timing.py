"""Promises are counted on the calendar and the clocks of the place."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings, strategies as st

from makegood.people.hours import Holiday, Period
from makegood.recover.policy.opening_hours import FARTHEST, worked_off
from makegood.recover.policy.timing import By, Calendar, postponed, read_by, read_span

MADRID = ZoneInfo("Europe/Madrid")
ZONES = st.sampled_from(
    [ZoneInfo(name) for name in ("Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "UTC")]
)
START = datetime(2024, 1, 1, tzinfo=UTC)
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=2000)).map(lambda since: START + since)
NEAR_CLOCK_CHANGES = st.builds(
    lambda change, apart: change + apart,
    st.sampled_from([
        datetime(2024, 3, 10, 7, tzinfo=UTC), datetime(2024, 3, 31, 1, tzinfo=UTC),
        datetime(2024, 4, 6, 15, tzinfo=UTC), datetime(2024, 10, 27, 1, tzinfo=UTC),
    ]),
    st.timedeltas(timedelta(hours=-3), timedelta(hours=3)),
)  # fmt: skip


def test_noon_tomorrow_is_noon_at_the_place():
    opened = datetime(2026, 11, 21, 19, 12, tzinfo=UTC)
    assert read_by("1 day at 12:00").after(opened, MADRID) == datetime(2026, 11, 22, 11, tzinfo=UTC)


def test_noon_stays_noon_when_the_clocks_change():
    opened = datetime(2026, 10, 20, 10, tzinfo=UTC)  # summer time there
    due = read_by("14 days at 12:00").after(opened, MADRID)
    assert due.astimezone(MADRID).hour == 12
    assert due == datetime(2026, 11, 3, 11, tzinfo=UTC)


def test_a_time_the_clocks_skip_comes_after_the_gap():
    opened = datetime(2026, 3, 28, 12, tzinfo=UTC)
    due = read_by("1 day at 2:30").after(opened, MADRID)
    assert due.astimezone(MADRID).time() == time(3, 30)


@given(MOMENTS, ZONES, st.integers(1, 400), st.times())
def test_days_with_a_time_fall_on_that_day(start, zone, days, at):
    due = By(timedelta(days=days), at.replace(microsecond=0)).after(start, zone).astimezone(zone)
    assert due.date() == start.astimezone(zone).date() + timedelta(days=days) or due.hour < 3
    assert due > start - timedelta(hours=2)


@given(
    MOMENTS | NEAR_CLOCK_CHANGES, ZONES, st.integers(0, 30), st.integers(1, 400),
    st.none() | st.times(),
)  # fmt: skip
def test_a_day_later_is_the_next_date_there_with_the_same_clock(start, zone, before, days, at):
    """Whatever the clocks do on the way: the date there, so many days on, and its wall clock."""
    opened = (start.astimezone(zone) - timedelta(days=before)).astimezone(UTC)
    there = opened.astimezone(zone)
    clock = (at or there.time()).replace(fold=0)
    plain = datetime.combine(there.date() + timedelta(days=days), clock, tzinfo=zone)
    assert By(timedelta(days=days), at).after(opened, zone) == plain.astimezone(UTC)


@given(MOMENTS, ZONES, st.integers(1, 100_000))
def test_minutes_are_elapsed_time(start, zone, minutes):
    if minutes % (24 * 60):
        assert By(timedelta(minutes=minutes)).after(start, zone) - start == timedelta(
            minutes=minutes
        )


@given(MOMENTS, ZONES)
def test_at_once_is_now(start, zone):
    assert read_by("at once").after(start, zone) == start


@given(MOMENTS, ZONES, st.timedeltas(timedelta(0), timedelta(days=300)))
def test_a_clock_that_stood_still_moves_promises_by_whole_days(due, zone, stood):
    later = postponed(due, stood_still=stood, zone=zone)
    assert stood - timedelta(hours=3) <= later - due <= stood + timedelta(days=1, hours=3)


@pytest.mark.parametrize(
    ("text", "span"),
    [("2 minutes", timedelta(minutes=2)), ("1 day", timedelta(days=1)), ("2 weeks", timedelta(14))],
)
def test_lengths_of_time_are_read(text, span):
    assert read_span(text) == span


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "1 day at 25:00",
        "2 hours at 12:00",
        "0 days at 9:00",
        "9999 weeks",
        "2 opening weeks",
        "4 opening hours at 12:00",
        "opening day",
        "٣ days",
    ],
)
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError, match=r"\w"):
        read_by(text)


@pytest.mark.parametrize(
    "said",
    [
        "at once", "3 hours", "1 day at 12:00", "2 weeks", "40 seconds", "4 opening hours",
        "1 opening day", "2 opening days at 12:00", "24 opening hours",
    ],
)  # fmt: skip
def test_a_moment_reads_as_it_was_written(said: str) -> None:
    assert read_by(said).words == said


SHOP = Calendar(  # closed on Sunday, a break at noon
    MADRID,
    tuple(
        Period(weekday, time(*begin), time(*end))
        for weekday in range(6)
        for begin, end in (((9, 30), (13, 30)), ((16, 0), (20, 0)))
    ),
)
BAR = Calendar(MADRID, tuple(Period(weekday, time(18), time(2)) for weekday in (3, 4, 5)))
ALWAYS = Calendar(MADRID)
PERIODS = st.builds(
    Period,
    st.integers(0, 6),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
)
WALLS = st.times().map(lambda at: at.replace(second=0, microsecond=0))
HOLIDAYS = st.builds(
    Holiday,
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.lists(st.tuples(WALLS, WALLS), max_size=2).map(tuple),
)
CALENDARS = st.builds(
    Calendar,
    ZONES,
    st.lists(PERIODS, min_size=1, max_size=6).map(tuple),
    st.lists(HOLIDAYS, max_size=4).map(tuple),
)
CHRISTMAS = Calendar(  # closed on Friday the 25th, a short day on the 24th
    MADRID,
    SHOP.periods,
    (Holiday(date(2026, 12, 24), ((time(9, 30), time(13)),)), Holiday(date(2026, 12, 25))),
)


def local(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=MADRID)


@pytest.mark.parametrize(
    ("said", "calendar", "start", "due"),
    [
        ("4 opening hours", SHOP, local(2026, 11, 20, 10), local(2026, 11, 20, 16, 30)),
        ("4 opening hours", SHOP, local(2026, 11, 21, 18), local(2026, 11, 23, 11, 30)),
        ("4 opening hours", SHOP, local(2026, 11, 22, 3), local(2026, 11, 23, 13, 30)),
        ("1 opening hour", BAR, local(2026, 11, 20, 1, 30), local(2026, 11, 20, 18, 30)),
        ("24 opening hours", SHOP, local(2026, 11, 23, 9), local(2026, 11, 25, 20)),
        ("2 opening days at 12:00", SHOP, local(2026, 11, 20, 10), local(2026, 11, 23, 12)),
        ("1 opening day at 14:00", SHOP, local(2026, 11, 20, 10), local(2026, 11, 21, 16)),
        ("1 opening day at 22:00", SHOP, local(2026, 11, 20, 10), local(2026, 11, 21, 20)),
        ("1 opening day", BAR, local(2026, 11, 21, 19), local(2026, 11, 26, 19)),
        ("1 opening day at 12:00", BAR, local(2026, 11, 20, 19), local(2026, 11, 21, 18)),
        ("4 opening hours", CHRISTMAS, local(2026, 12, 24, 12), local(2026, 12, 26, 12, 30)),
        ("1 opening day at 12:00", CHRISTMAS, local(2026, 12, 24, 9), local(2026, 12, 26, 12)),
        ("1 opening day at 18:00", CHRISTMAS, local(2026, 12, 23, 9), local(2026, 12, 24, 13)),
        ("4 opening hours", ALWAYS, local(2026, 11, 21, 23), local(2026, 11, 22, 3)),
        ("2 opening days at 12:00", ALWAYS, local(2026, 11, 21, 23), local(2026, 11, 23, 12)),
    ],
)
def test_opening_time_is_time_in_which_the_house_is_open(said, calendar, start, due) -> None:
    assert read_by(said).after(start, calendar) == due


def test_opening_hours_are_worked_off_through_a_change_of_the_clocks() -> None:
    night = Calendar(MADRID, tuple(Period(day, time(22), time(6)) for day in range(7)))
    spring = read_by("8 opening hours").after(local(2026, 3, 28, 22), night)
    assert spring == local(2026, 3, 29, 23)  # that night has seven hours
    autumn = read_by("9 opening hours").after(local(2026, 10, 24, 22), night)
    assert autumn == local(2026, 10, 25, 6)  # that one has nine


@given(MOMENTS, CALENDARS, st.integers(1, 200))
@settings(max_examples=200)
def test_opening_hours_end_while_open_or_at_closing(start, calendar, minutes) -> None:
    due = worked_off(calendar, start, timedelta(minutes=minutes))
    just_before = due - timedelta.resolution
    assert calendar.is_open(just_before) or due - start >= FARTHEST
    assert due - start >= timedelta(minutes=minutes)


@given(MOMENTS, CALENDARS, st.integers(1, 100), st.integers(1, 100))
@settings(max_examples=150)
def test_opening_hours_add_up(start, calendar, first, then) -> None:
    """So many and then so many are as many together; and more is never earlier."""
    middle = worked_off(calendar, start, timedelta(minutes=first))
    apart = worked_off(calendar, middle, timedelta(minutes=then))
    together = worked_off(calendar, start, timedelta(minutes=first + then))
    assert middle <= together
    assert apart == together or together - start >= FARTHEST


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=30)), CALENDARS, st.integers(1, 100))
@settings(max_examples=150)
def test_who_begins_later_is_not_done_earlier(start, later, calendar, minutes) -> None:
    span = timedelta(minutes=minutes)
    assert worked_off(calendar, start, span) <= worked_off(calendar, start + later, span)


@given(MOMENTS, CALENDARS, st.integers(1, 20), st.times())
@settings(max_examples=150)
def test_an_opening_day_is_one_on_which_the_house_opens(start, calendar, days, at) -> None:
    by = By(timedelta(days=days), at.replace(second=0, microsecond=0), "days")
    due = by.after(start, calendar)
    assert calendar.is_open(due) or calendar.is_open(due - timedelta(seconds=1))
    assert by.after(start, calendar) <= By(by.span + timedelta(days=1), by.at, "days").after(
        start, calendar
    )


def test_a_house_that_hardly_opens_is_not_waited_for_forever() -> None:
    hardly = Calendar(MADRID, (Period(6, time(3), time(3, 1)),))
    start = local(2026, 11, 21, 12)
    assert worked_off(hardly, start, timedelta(hours=600)) - start == FARTHEST


def test_a_period_of_a_time_the_clocks_skip_is_never_negative() -> None:
    gap = Calendar(MADRID, (Period(6, time(2, 15), time(2, 45)),))
    assert worked_off(gap, local(2026, 3, 28, 12), timedelta(minutes=5)) > local(2026, 3, 28, 12)
