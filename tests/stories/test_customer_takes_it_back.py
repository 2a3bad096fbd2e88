"""The customer takes it back: nobody needs to go, and nobody holds it against anyone."""

import pytest

from makegood.ground.refusals import Refused
from makegood.page.models import Page
from makegood.people.models import Staff
from makegood.recover.models import Closure
from makegood.sense.models import Touchpoint
from tests.stories.stage import Evening, rung

pytestmark = pytest.mark.django_db


def test_the_customer_takes_it_back(full_house: Evening, table_14: Touchpoint, bo: Staff) -> None:
    guest = full_house.press(table_14)
    full_house.says(bo, "going", guest)
    full_house.later(seconds=15)
    guest.takes_it_back()

    assert guest.page.state == Page.State.CANCELLED
    closure = guest.case.standing_closure
    assert closure
    assert closure.outcome == Closure.Outcome.WITHDRAWN
    with pytest.raises(Refused, match="The guest took it back. Nobody needs to go."):
        full_house.says(bo, "with_customer", guest)
    full_house.later(days=3)
    assert rung(guest.page) == [("Bo", 0)]
    assert not guest.case.steps.waiting().exists()


def test_what_was_taken_back_is_no_failure(full_house: Evening, table_14: Touchpoint) -> None:
    """A slip of the finger does not send a senior the next time."""
    slip = full_house.press(table_14)
    slip.leaves("ana.ruiz@guest.example")
    slip.takes_it_back()
    full_house.later(days=3)
    again = full_house.press(table_14)
    again.leaves("ana.ruiz@guest.example")
    assert not Page.objects.filter(purpose=Page.Purpose.DECIDE).exists()


def test_once_somebody_is_there_the_case_goes_on(
    full_house: Evening, table_14: Touchpoint, bo: Staff
) -> None:
    guest = full_house.press(table_14)
    full_house.says(bo, "with_customer", guest)
    guest.takes_it_back()
    assert guest.case.standing_closure is None
    assert guest.page.state == Page.State.WITH
