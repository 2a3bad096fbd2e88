"""What Harbour can give, and Bo's purse of €74."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pytest

from makegood.amends.catalogue import add_remedy
from makegood.amends.models import Purse, Remedy
from makegood.amends.purses import open_purse
from makegood.ground.ids import new_id
from makegood.ground.money import Money
from makegood.people.joining import create_organisation
from makegood.people.models import Organisation, Site, Staff


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


@dataclass(frozen=True)
class Menu:
    fresh_main: Remedy
    dessert: Remedy
    both_mains: Remedy
    dinner_coupon: Remedy


@pytest.fixture(autouse=True)
def alone(silence: None) -> None:
    """This room is tested without the others."""


@pytest.fixture
def menu(harbour: Site) -> Menu:
    return Menu(
        fresh_main=add_remedy(site=harbour, name="Fresh main, now", price=eur(0)),
        dessert=add_remedy(site=harbour, name="Dessert and coffee, two", price=eur(1900)),
        both_mains=add_remedy(site=harbour, name="Both mains off the bill", price=eur(5800)),
        dinner_coupon=add_remedy(
            site=harbour, name="Dinner for two", price=eur(6000), kind=Remedy.Kind.COUPON
        ),
    )


@pytest.fixture
def bos_purse(bo: Staff) -> Purse:
    return open_purse(staff=bo, daily=eur(7400))


@pytest.fixture
def matter() -> UUID:
    """What is to be made good; opaque to this room."""
    return new_id()


@pytest.fixture
def stranger(now: datetime, fairline: Organisation) -> Staff:
    """The owner of another house."""
    house = create_organisation(
        name="Elsewhere",
        site_name="Elsewhere",
        timezone="Europe/Madrid",
        currency="EUR",
        first_name="Sten",
        last_name="Stranger",
        email="sten@elsewhere.example",
        password="another golden seam",
        now=now,
    )
    return Staff.objects.get(organisation=house)
