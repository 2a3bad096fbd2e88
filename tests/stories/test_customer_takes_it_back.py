"""The customer takes it back: nobody needs to go, and nobody holds it against anyone."""

import pytest

from makegood.ground.refusals import Refused
from makegood.page.hands.answering import customer_says_nobody_came
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


def test_who_says_that_nobody_came_may_take_it_back(
    full_house: Evening, table_14: Touchpoint, bo: Staff
) -> None:
    """A slip of Bo's thumb: he was not there. It stops everybody, as if he had never said so."""
    guest = full_house.press(table_14)
    full_house.says(bo, "with_customer", guest)
    claimed = guest.case
    assert claimed.reached_at
    full_house.later(minutes=1)
    customer_says_nobody_came(page=guest.page, now=full_house.now)
    assert guest.case.reached_at is None
    full_house.later(seconds=20)
    guest.takes_it_back()
    assert guest.page.state == Page.State.CANCELLED
    closure = guest.case.standing_closure
    assert closure
    assert closure.outcome == Closure.Outcome.WITHDRAWN


def test_who_really_came_counts_from_when_they_came(
    full_house: Evening, table_14: Touchpoint, bo: Staff, mina: Staff
) -> None:
    guest = full_house.press(table_14)
    full_house.says(bo, "with_customer", guest)
    full_house.later(minutes=1)
    customer_says_nobody_came(page=guest.page, now=full_house.now)
    full_house.later(minutes=1)
    full_house.says(mina, "with_customer", guest)
    assert guest.case.reached_at == full_house.now
    guest.takes_it_back()
    assert guest.case.standing_closure is None, "Mina was there: the case goes on"


def test_who_was_there_before_stays_in_the_case(
    full_house: Evening, table_14: Touchpoint, bo: Staff, mina: Staff
) -> None:
    """Bo was with them and sent Mina, who has not come: that was Bo none the less."""
    guest = full_house.press(table_14)
    full_house.says(bo, "with_customer", guest)
    met_at = full_house.now
    full_house.says(bo, "hand_over", guest, to=mina)
    full_house.says(mina, "going", guest)
    full_house.later(minutes=2)
    customer_says_nobody_came(page=guest.page, now=full_house.now)
    assert guest.case.reached_at == met_at
