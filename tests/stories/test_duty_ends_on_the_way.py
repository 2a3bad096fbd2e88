"""Bo's shift is over while a guest waits for Bo: nobody waits for somebody who has gone home."""

import pytest

from makegood.page.models import Page
from makegood.people.duty import end_duty
from makegood.people.models import Staff
from makegood.sense.models import Touchpoint
from makegood.web.customer.press.standing import Stage, standing_of
from tests.stories.stage import Evening, Guest, rung

pytestmark = pytest.mark.django_db


def _stage(guest: Guest, evening: Evening) -> Stage:
    return standing_of(guest.signal, evening.now).stage


def test_the_next_one_is_rung_at_once_and_the_guest_is_not_told_that_bo_comes(
    full_house: Evening, table_14: Touchpoint, bo: Staff, mina: Staff
) -> None:
    guest = full_house.press(table_14)
    full_house.later(seconds=5)
    full_house.says(bo, "going", guest)
    assert _stage(guest, full_house) == Stage.GOING
    full_house.later(seconds=20)

    full_house.goes_home(bo)

    assert _stage(guest, full_house) == Stage.HEARD
    assert rung(guest.page) == [("Bo", 0), ("Mina", 25)]
    full_house.says(mina, "going", guest)
    assert guest.page.taken_by == mina


def test_whoever_takes_the_duty_takes_the_way(
    full_house: Evening, table_14: Touchpoint, bo: Staff, mina: Staff
) -> None:
    guest = full_house.press(table_14)
    full_house.says(bo, "going", guest)
    full_house.later(seconds=10)
    end_duty(staff=bo, handed_to=mina, now=full_house.now)
    assert rung(guest.page) == [("Bo", 0), ("Mina", 10)]


def test_when_the_last_one_goes_home_the_guest_is_told_so_and_offered_a_call(
    evening: Evening, table_14: Touchpoint, bo: Staff, mina: Staff
) -> None:
    evening.comes_on_duty(bo)
    guest = evening.press(table_14)
    evening.says(bo, "going", guest)
    evening.goes_home(bo)
    assert guest.page.state == Page.State.NOBODY
    assert _stage(guest, evening) == Stage.NOBODY
    evening.later(minutes=2)
    evening.comes_on_duty(mina)
    assert guest.page.state == Page.State.RINGING
