"""Promises are counted on the calendar and the clocks of the place."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.recover.policy.timing import By, postponed, read_by, read_span

MADRID = ZoneInfo("Europe/Madrid")
ZONES = st.sampled_from(
    [ZoneInfo(name) for name in ("Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "UTC")]
)
START = datetime(2024, 1, 1, tzinfo=UTC)
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=2000)).map(lambda since: START + since)


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
    "text", ["", "soon", "1 day at 25:00", "2 hours at 12:00", "0 days at 9:00", "9999 weeks"]
)
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError, match=r"\w"):
        read_by(text)


@pytest.mark.parametrize("said", ["at once", "3 hours", "1 day at 12:00", "2 weeks", "40 seconds"])
def test_a_moment_reads_as_it_was_written(said: str) -> None:
    assert read_by(said).words == said
