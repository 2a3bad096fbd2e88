"""A new house can give something before anybody has set anything up."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from makegood.amends import access, starting
from makegood.amends.models import Remedy
from makegood.amends.purses import left_today
from makegood.amends.tests.conftest import eur
from makegood.ground import chronicle
from makegood.people.facts import OrganisationFounded, StaffJoined
from makegood.people.models import Site, Staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def alone(silence: None) -> Iterator[None]:
    """Only this room's reactions to a house being founded."""
    chronicle.listen(
        {
            OrganisationFounded: [starting.stock_first_site],
            StaffJoined: [starting.open_purse_of_newcomer],
        }
    )
    yield
    chronicle.listen({})


def test_a_new_site_has_a_small_catalogue(harbour: Site) -> None:
    stocked = access.remedies_at(harbour)
    assert [remedy.name for remedy in stocked] == [starter.name for starter in starting.STARTERS]
    assert [remedy.kind for remedy in stocked].count(Remedy.Kind.COUPON) == 1


def test_everybody_has_a_purse_by_their_role(
    bo: Staff, cy: Staff, di: Staff, now: datetime
) -> None:
    left = [left_today(staff=staff, now=now) for staff in (bo, cy, di)]
    assert left == [eur(120_00), eur(500_00), eur(2_000_00)]
