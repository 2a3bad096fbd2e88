"""What the doors' tests share: limits that start anew, a guest's phone, a press, a served house."""

from datetime import datetime

import pytest
from django.core.cache import cache

from makegood.sense.models import Signal, Touchpoint
from tests.doors.guests import Guest, pressed
from tests.doors.houses import House, build_house


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """Nobody has written anything yet."""
    cache.clear()


@pytest.fixture
def guest(now: datetime) -> Guest:
    """A stranger's browser."""
    return Guest(now)


@pytest.fixture
def press(table_14: Touchpoint, now: datetime) -> Signal:
    """A press at table 14."""
    return pressed(table_14, now)


@pytest.fixture
def house(transactional_db: None) -> House:
    """A house for the doors that are served for real: its rows are committed."""
    return build_house()
