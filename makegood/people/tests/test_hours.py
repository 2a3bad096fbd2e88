"""Opening hours by the clock on the wall, through the nights on which clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from makegood.people.hours import WEEK, Holiday, Period, closing, is_open, kept, next_opening

MADRID = ZoneInfo("Europe/Madrid")
SATURDAY = 5
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)

walls = st.times().map(lambda wall: wall.replace(second=0, microsecond=0))
periods = st.lists(st.builds(Period, st.integers(0, 6), walls, walls), min_size=1, max_size=6)
moments = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: (NEW_YEAR + timedelta(minutes=minutes)).astimezone(MADRID)
)
holidays = st.lists(
    st.builds(
        Holiday,
        st.dates(date(2026, 1, 1), date(2028, 2, 1)),
        st.lists(st.tuples(walls, walls), max_size=2).map(tuple),
    ),
    max_size=5,
)


def at(
    year: int, month: int, day: int, hour: int = 0, minute: int = 0, *, fold: int = 0
) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=MADRID, fold=fold)


LUNCH_AND_DINNER = [
    Period(SATURDAY, time(12), time(15)),
    Period(SATURDAY, time(19), time(1)),
]


@pytest.mark.parametrize(
    ("moment", "open_then"),
    [
        (at(2026, 11, 21, 11, 59), False),
        (at(2026, 11, 21, 12, 0), True),
        (at(2026, 11, 21, 15, 0), False),
        (at(2026, 11, 21, 20, 12), True),
        (at(2026, 11, 22, 0, 59), True),
        (at(2026, 11, 22, 1, 0), False),
    ],
)
def test_several_periods_a_day_and_past_midnight(moment: datetime, open_then: bool) -> None:
    assert is_open(LUNCH_AND_DINNER, moment) is open_then


def test_the_same_time_twice_is_round_the_clock() -> None:
    always = [Period(day, time(9), time(9)) for day in range(WEEK)]
    assert is_open(always, at(2026, 11, 21, 8, 59))
    assert is_open(always, at(2026, 11, 21, 9, 0))


def test_an_hour_that_happens_twice_is_open_twice() -> None:
    bar = [Period(SATURDAY, time(22), time(2, 30))]  # 25 October 2026: 3:00 becomes 2:00
    assert is_open(bar, at(2026, 10, 25, 2, 15))
    assert is_open(bar, at(2026, 10, 25, 2, 45))
    assert is_open(bar, at(2026, 10, 25, 2, 15, fold=1))
    assert not is_open(bar, at(2026, 10, 25, 2, 30, fold=1))


def test_an_hour_that_never_happens_shortens_nothing() -> None:
    bar = [Period(SATURDAY, time(22), time(2, 30))]  # 29 March 2026: 2:00 becomes 3:00
    assert is_open(bar, at(2026, 3, 29, 3, 15))
    assert not is_open(bar, at(2026, 3, 29, 3, 30))


def test_the_next_opening_is_now_when_open_and_otherwise_the_next_period() -> None:
    assert next_opening(LUNCH_AND_DINNER, at(2026, 11, 21, 20)) == at(2026, 11, 21, 20)
    assert next_opening(LUNCH_AND_DINNER, at(2026, 11, 21, 16)) == at(2026, 11, 21, 19)
    assert next_opening(LUNCH_AND_DINNER, at(2026, 11, 22, 2)) == at(2026, 11, 28, 12)
    assert next_opening([], at(2026, 11, 22, 2)) is None


CHRISTMAS = [Holiday(date(2026, 12, 26), ((time(13), time(17)),))]  # a Saturday
SHUT = [Holiday(date(2026, 12, 26))]


def test_a_holiday_has_hours_of_its_own_or_none() -> None:
    assert is_open(LUNCH_AND_DINNER, at(2026, 12, 26, 12, 30))
    assert not is_open(LUNCH_AND_DINNER, at(2026, 12, 26, 12, 30), CHRISTMAS)
    assert is_open(LUNCH_AND_DINNER, at(2026, 12, 26, 16), CHRISTMAS)
    assert not is_open(LUNCH_AND_DINNER, at(2026, 12, 26, 20), CHRISTMAS)
    assert not is_open(LUNCH_AND_DINNER, at(2026, 12, 26, 16), SHUT)
    assert next_opening(LUNCH_AND_DINNER, at(2026, 12, 21, 9), SHUT) == at(2027, 1, 2, 12)


def test_the_night_before_a_holiday_ends_as_always() -> None:
    sunday_off = [Holiday(date(2026, 12, 27))]
    assert is_open(LUNCH_AND_DINNER, at(2026, 12, 27, 0, 30), sunday_off)


def test_a_house_that_said_nothing_of_its_week_is_open_but_for_its_holidays() -> None:
    assert kept([], []) == ((), ())
    week, dates = kept([], SHUT)
    assert is_open(week, at(2026, 12, 25, 4), dates)
    assert not is_open(week, at(2026, 12, 26, 4), dates)


def test_closing_is_the_end_of_what_covers_the_moment() -> None:
    assert closing(LUNCH_AND_DINNER, at(2026, 11, 21, 20)) == at(2026, 11, 22, 1)
    assert closing(LUNCH_AND_DINNER, at(2026, 11, 22, 0, 59)) == at(2026, 11, 22, 1)
    assert closing(LUNCH_AND_DINNER, at(2026, 11, 21, 16)) is None


def test_a_moment_without_a_zone_is_a_bug() -> None:
    with pytest.raises(ValueError, match="zone"):
        is_open(LUNCH_AND_DINNER, at(2026, 11, 21).replace(tzinfo=None))


@given(periods, moments, holidays)
def test_the_next_opening_is_open_and_nothing_before_it_is(
    given_periods: list[Period], moment: datetime, days_off: list[Holiday]
) -> None:
    opening = next_opening(given_periods, moment, days_off)
    assert opening is not None
    assert opening.tzinfo is MADRID
    assert opening >= moment
    assert is_open(given_periods, opening, days_off)
    assert (opening == moment) is is_open(given_periods, moment, days_off)
    just_before = (opening.astimezone(UTC) - timedelta(minutes=1)).astimezone(MADRID)
    if just_before.astimezone(UTC) > moment.astimezone(UTC):
        assert not is_open(given_periods, just_before, days_off)


@given(periods, moments)
def test_more_periods_never_close(given_periods: list[Period], moment: datetime) -> None:
    if is_open(given_periods[:1], moment):
        assert is_open(given_periods, moment)


@given(st.builds(Period, st.integers(0, 6), walls, walls), moments)
def test_every_period_opens_within_a_week(period: Period, moment: datetime) -> None:
    opening = next_opening([period], moment)
    assert opening is not None
    assert opening - moment <= timedelta(days=WEEK, hours=2)
