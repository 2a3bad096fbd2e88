"""Nobody is written to at night, wherever they are."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from makegood.words.waking import next_waking

MADRID = ZoneInfo("Europe/Madrid")
ZONES = st.sampled_from(
    ["Europe/Madrid", "America/Los_Angeles", "Asia/Kathmandu", "Pacific/Kiritimati",
     "Australia/Lord_Howe", "America/St_Johns", "Africa/Casablanca", "UTC"]
)  # fmt: skip


@pytest.mark.parametrize(
    ("moment", "leaves"),
    [
        ("2026-11-21T20:12+01:00", "2026-11-22T09:00+01:00"),
        ("2026-11-21T20:00+01:00", "2026-11-22T09:00+01:00"),
        ("2026-11-21T19:59+01:00", "2026-11-21T19:59+01:00"),
        ("2026-11-21T06:00+01:00", "2026-11-21T09:00+01:00"),
        ("2026-11-21T09:00+01:00", "2026-11-21T09:00+01:00"),
        ("2027-03-27T21:00+01:00", "2027-03-28T09:00+02:00"),  # summer time begins that night
        ("2026-10-24T21:00+02:00", "2026-10-25T09:00+01:00"),  # and ends
    ],
)
def test_between_nine_and_eight(moment: str, leaves: str) -> None:
    at = next_waking(datetime.fromisoformat(moment), MADRID)
    assert at == datetime.fromisoformat(leaves)


@given(st.integers(0, 15 * 365 * 24 * 60), ZONES)
def test_it_is_always_day_there_and_never_long(minutes: int, name: str) -> None:
    moment = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    zone = ZoneInfo(name)
    at = next_waking(moment, zone)
    assert 9 <= at.astimezone(zone).hour < 20
    assert moment <= at <= moment + timedelta(hours=14)
