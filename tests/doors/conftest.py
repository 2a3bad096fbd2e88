"""What the doors' tests share: limits that start anew, a guest's phone, a press, a served house."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.core.cache import cache

from makegood.ground import tenancy
from makegood.page.equipment.equipping import add_device
from makegood.page.models import Device
from makegood.page.tests.push_service import Browser
from makegood.people.duty import begin_duty
from makegood.sense.equipping import add_lamp
from makegood.sense.models import Lamp, Signal, Touchpoint
from tests.doors.devices import Hardware
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


@pytest.fixture
def every_house(house: House) -> Iterator[None]:
    """The rows of all houses are seen."""
    with tenancy.everywhere():
        yield


@pytest.fixture
def button(house: House) -> Hardware:
    """Hardware at table 14 of the served house."""
    return Hardware(house)


@pytest.fixture
def lamp(house: House, every_house: None) -> Lamp:
    """A lamp in the kitchen of the served house."""
    return add_lamp(site=house.site, place="Kitchen pass", now=datetime.now(UTC))


@pytest.fixture
def wrist(house: House, every_house: None) -> Device:
    """A pager on the wrist of Bo, who is on duty in the served house."""
    now = datetime.now(UTC)
    begin_duty(staff=house.bo, site=house.site, felt_at=now, now=now)
    return add_device(staff=house.bo, channel="wrist", name="wrist", address={}, now=now)


@pytest.fixture
def phone() -> Browser:
    """The browser of a phone."""
    return Browser("https://fcm.googleapis.com/fcm/send/bo")
