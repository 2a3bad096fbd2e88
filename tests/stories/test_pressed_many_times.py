"""A thousand presses of one table are one case and one page, with an intensity."""

from datetime import timedelta

import pytest

from makegood.page.models import Page
from makegood.people.models import Staff
from makegood.recover.models import Case
from makegood.sense.models import Signal, Touchpoint
from tests.stories.stage import Evening, rung

pytestmark = pytest.mark.django_db


def test_a_thousand_presses_in_a_minute_are_one_case_and_one_page(
    full_house: Evening, table_14: Touchpoint, bo: Staff
) -> None:
    guest = full_house.press_often(table_14, 1_000, within=timedelta(minutes=1))
    assert Signal.objects.count() == 1_000
    assert Case.objects.get().intensity == 1_000
    assert Page.objects.get().intensity == 1_000
    as_time_passes = [("Bo", 0), ("Mina", 40)]  # who is next on the ladder, not once a press
    assert rung(guest.page) == as_time_passes
    assert guest.case.severity == 5

    full_house.says(bo, "going", guest)
    full_house.later(minutes=1)
    full_house.press(table_14)
    assert rung(guest.page) == as_time_passes


def test_the_same_table_an_hour_later_is_another_case(
    full_house: Evening, table_14: Touchpoint, bo: Staff
) -> None:
    first = full_house.press(table_14)
    full_house.says(bo, "with_customer", first)
    full_house.says(bo, "finish", first)
    full_house.later(hours=1)
    second = full_house.press(table_14)
    assert first.case != second.case
