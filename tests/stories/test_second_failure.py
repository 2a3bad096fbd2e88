"""A second failure of the same customer goes straight to a senior."""

import pytest

from makegood.page.models import Page
from makegood.people.models import Staff
from makegood.sense.models import Touchpoint
from tests.cast import facts_about
from tests.stories.stage import Evening, rung

pytestmark = pytest.mark.django_db


def test_a_second_failure_goes_to_a_senior(
    full_house: Evening, table_14: Touchpoint, bo: Staff
) -> None:
    first = full_house.press(table_14)
    first.says("The room was not ready.", name="Ana Ruiz")
    first.leaves("ana.ruiz@guest.example")
    full_house.says(bo, "going", first)
    full_house.says(bo, "with_customer", first)
    full_house.says(bo, "finish", first)
    full_house.keeps_every_promise(bo, first)
    full_house.later(days=60)

    again = full_house.press(table_14)
    assert [name for name, _ in rung(again.page)] == ["Mina"]  # somebody goes at once, as ever
    again.leaves("ana.ruiz@guest.example")  # and now we know whom we failed again

    assert "recover.second_failure_seen" in facts_about(again.case.pk)
    assert again.page.who == "We failed Ana in November: the room"
    senior = Page.objects.open().get(purpose=Page.Purpose.DECIDE)
    assert senior.what == "We failed Ana in November: the room. Please go yourself."
    assert [name for name, _ in rung(senior)] == ["Cy"]
    full_house.later(seconds=60)
    assert [name for name, _ in rung(senior)] == ["Cy", "Di"]
