"""Saying “I'm going” is not being there."""

import pytest

from makegood.ground.refusals import Refused
from makegood.page.hands.answering import customer_says_nobody_came
from makegood.page.models import Page
from makegood.people.models import Staff
from makegood.sense.models import Touchpoint
from tests.cast import facts_about
from tests.stories.stage import Evening, rung

pytestmark = pytest.mark.django_db


def test_acknowledged_is_not_attended(
    full_house: Evening, table_14: Touchpoint, bo: Staff, mina: Staff
) -> None:
    guest = full_house.press(table_14)
    full_house.later(seconds=12)
    full_house.says(bo, "going", guest)
    full_house.later(minutes=2, seconds=59)
    assert guest.page.taken_by == bo

    full_house.later(seconds=1)  # three minutes: it rings again, and not Bo first

    assert guest.page.state == Page.State.RINGING
    assert rung(guest.page) == [("Bo", 0), ("Mina", 192)]
    assert "page.going_expired" in facts_about(guest.page.pk)
    full_house.says(mina, "going", guest)
    full_house.later(seconds=30)
    full_house.says(mina, "with_customer", guest)
    assert guest.case.owner == mina


def test_the_guest_says_that_nobody_came(
    full_house: Evening, table_14: Touchpoint, bo: Staff
) -> None:
    guest = full_house.press(table_14)
    full_house.says(bo, "going", guest)
    full_house.later(minutes=1)
    customer_says_nobody_came(page=guest.page, now=full_house.now)
    assert rung(guest.page) == [("Bo", 0), ("Mina", 60)]


def test_who_claimed_to_be_there_and_was_not_does_not_answer_for_the_case(
    full_house: Evening, table_14: Touchpoint, bo: Staff, mina: Staff
) -> None:
    guest = full_house.press(table_14)
    full_house.says(bo, "with_customer", guest)
    assert guest.case.owner == bo
    full_house.later(minutes=1)
    customer_says_nobody_came(page=guest.page, now=full_house.now)
    assert guest.case.owner_id is None
    assert guest.case.reached_at is None
    full_house.says(mina, "with_customer", guest)
    assert guest.case.owner == mina


def test_the_guest_says_so_a_week_later_and_nobody_runs_to_an_empty_table(
    full_house: Evening, table_14: Touchpoint, bo: Staff
) -> None:
    guest = full_house.press(table_14)
    full_house.says(bo, "with_customer", guest)
    full_house.says(bo, "finish", guest)
    came_at = guest.page.with_at
    full_house.later(days=7)
    with pytest.raises(Refused, match="you will have left"):
        customer_says_nobody_came(page=guest.page, now=full_house.now)
    assert rung(guest.page) == [("Bo", 0)]
    assert guest.page.with_at == came_at


def test_cant_moves_on_at_once(
    full_house: Evening, table_14: Touchpoint, bo: Staff, mina: Staff
) -> None:
    guest = full_house.press(table_14)
    full_house.later(seconds=3)
    full_house.says(bo, "cant", guest, note="At the door with a wheelchair")
    assert rung(guest.page) == [("Bo", 0), ("Mina", 3)]
    full_house.says(mina, "cant", guest)
    assert rung(guest.page)[-1] == ("Cy", 3)
