"""Gaps are shown before they hurt."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from makegood.web.floor.cover import QUARTER, Stretch, Window, gaps, shut, without

SIX = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
EVENING = Window(SIX, SIX + timedelta(hours=6))


def at(hour: int, minute: int = 0) -> datetime:
    return SIX.replace(hour=hour, minute=minute)


def until_eleven(moment: datetime) -> bool:
    return moment < at(23)


def test_a_gap_is_where_we_are_open_and_nobody_is_planned() -> None:
    planned = [Stretch(at(17), at(20)), Stretch(at(20, 30), at(22))]
    assert gaps(EVENING, until_eleven, planned) == [
        Stretch(at(20), at(20, 30)),
        Stretch(at(22), at(23)),
    ]


def test_a_gap_of_minutes_between_quarters_is_a_gap() -> None:
    planned = [Stretch(at(18), at(20, 5)), Stretch(at(20, 11), at(23))]
    assert gaps(EVENING, until_eleven, planned) == [Stretch(at(20, 5), at(20, 11))]


def test_a_gap_in_the_hour_that_comes_twice_is_found_and_none_in_that_which_never_comes() -> None:
    madrid = ZoneInfo("Europe/Madrid")

    def day(on: date) -> Window:
        begins = datetime.combine(on, time(), madrid)
        return Window(begins, begins + timedelta(days=1))

    autumn, spring = day(date(2026, 10, 25)), day(date(2027, 3, 28))
    again = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # the second half past two
    there = [
        Stretch(autumn.starts_at, again), Stretch(again + QUARTER, autumn.ends_at),
        Stretch(spring.starts_at, spring.ends_at),
    ]  # fmt: skip
    [gap] = gaps(autumn, lambda moment: True, there)
    assert (gap.starts_at.astimezone(UTC), gap.ends_at - gap.starts_at) == (again, QUARTER)
    assert gap.starts_at.fold == 1
    assert autumn.position(gap.starts_at) == round(3.5 / 25 * 100, 2)
    assert gaps(spring, lambda moment: True, there) == []
    assert len(gaps(spring, lambda moment: moment.hour == 3, [])) == 1


def test_closed_hours_are_no_gap() -> None:
    assert shut(EVENING, until_eleven) == [Stretch(at(23), EVENING.ends_at)]
    assert gaps(EVENING, lambda moment: False, []) == []


def test_the_rest_of_a_window() -> None:
    assert without(EVENING, [Stretch(at(19), at(21)), Stretch(at(20), at(22))]) == [
        Stretch(at(18), at(19)),
        Stretch(at(22), EVENING.ends_at),
    ]
    assert without(EVENING, []) == [Stretch(EVENING.starts_at, EVENING.ends_at)]


def test_hours_on_the_axis_are_round() -> None:
    window = Window(at(18, 20), at(18, 20) + timedelta(hours=12))
    assert [moment.hour for moment in window.hours(4)] == [20, 0, 4]
