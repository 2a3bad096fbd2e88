"""Nobody answers, the manager comes."""

import pytest

from makegood.page.models import Page
from makegood.people.models import Staff
from makegood.sense.models import Touchpoint
from tests.stories.stage import Evening, rung

pytestmark = pytest.mark.django_db


def test_nobody_answers_and_the_manager_comes(
    full_house: Evening, table_14: Touchpoint, cy: Staff
) -> None:
    guest = full_house.press(table_14)
    full_house.later(seconds=90)
    assert rung(guest.page) == [("Bo", 0), ("Mina", 40), ("Cy", 80)]

    full_house.says(cy, "going", guest)
    full_house.later(seconds=45)
    full_house.says(cy, "with_customer", guest)

    assert guest.page.state == Page.State.WITH
    assert guest.case.owner == cy
    assert rung(guest.page)[-1] == ("Cy", 80)  # nobody was rung after somebody took it


def test_while_nobody_acts_it_rings_on(full_house: Evening, table_14: Touchpoint) -> None:
    guest = full_house.press(table_14)
    full_house.later(minutes=10)
    first_round = [("Bo", 0), ("Mina", 40), ("Cy", 80), ("Di", 140)]
    assert rung(guest.page)[:4] == first_round
    assert [name for name, _ in rung(guest.page)[4:7]] == ["Bo", "Mina", "Cy"]
    assert guest.page.state == Page.State.RINGING
