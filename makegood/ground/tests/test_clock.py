"""Everybody in the house, SQL included, lives at the same moved time."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from makegood.ground import clock

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def fresh_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_clock", type(clock._clock)())


def test_the_house_keeps_the_worlds_time_until_it_is_moved() -> None:
    assert abs(clock.now() - datetime.now(UTC)) < SECOND


def test_a_moved_clock_runs_on_for_python_and_sql() -> None:
    spring = datetime.now(UTC) + timedelta(days=120)
    clock.set_to(spring)
    with connection.cursor() as cursor:
        cursor.execute("select makegood_now() - now() + clock_timestamp()")
        (in_sql,) = cursor.fetchone()
    assert spring <= clock.now() < spring + 5 * SECOND
    assert spring - SECOND <= in_sql < spring + 5 * SECOND


def test_it_can_stand_still() -> None:
    moment = datetime(2026, 11, 21, 19, 12, tzinfo=UTC)
    with clock.standing_at(moment):
        assert clock.now() == moment
    assert clock.now() != moment
