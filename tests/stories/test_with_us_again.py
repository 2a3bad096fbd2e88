"""A customer we failed is with us again: somebody is there for them, once."""

import pytest

from makegood.page.models import Page
from makegood.people.models import Staff
from makegood.sense.models import Touchpoint
from makegood.sense.visiting import note_visit
from tests.stories.stage import Evening

pytestmark = pytest.mark.django_db


def test_the_visit_on_which_we_failed_them_is_not_another_one(
    full_house: Evening, table_14: Touchpoint, bo: Staff
) -> None:
    """Whoever notes, an hour later, that Ana is here, rings nobody to tell her what changed."""
    guest = full_house.press(table_14)
    ana = guest.leaves("ana.ruiz@guest.example")
    full_house.says(bo, "with_customer", guest)
    full_house.says(bo, "finish", guest)
    full_house.later(hours=1)
    note_visit(customer=ana, site=full_house.site, by=bo, now=full_house.now)
    assert not Page.objects.open().exists()

    full_house.keeps_every_promise(bo, guest)
    full_house.later(days=3)
    note_visit(customer=ana, site=full_house.site, by=bo, now=full_house.now)
    assert not Page.objects.open().exists()  # she has been reassured already


def test_on_the_next_visit_somebody_is_there(
    full_house: Evening, table_14: Touchpoint, bo: Staff
) -> None:
    guest = full_house.press(table_14)
    ana = guest.leaves("ana.ruiz@guest.example")
    full_house.says(bo, "with_customer", guest)
    full_house.says(bo, "finish", guest)
    full_house.later(hours=13)
    note_visit(customer=ana, site=full_house.site, by=bo, now=full_house.now)
    visit = Page.objects.open().get(about=guest.step("reassure").pk)
    assert visit.purpose == Page.Purpose.REACH
