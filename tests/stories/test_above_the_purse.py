"""Above the purse: a manager is asked, and paged; the house pays."""

import pytest

from makegood.amends.asking import ask_senior, decide
from makegood.amends.gifts import Gift
from makegood.amends.models import Amends
from makegood.amends.purses import left_today
from makegood.ground.money import Money
from makegood.ground.refusals import Refused
from makegood.page.models import Page
from makegood.people.models import Staff
from makegood.recover.models import Step
from makegood.sense.models import Touchpoint
from tests.stories.stage import Evening, rung

pytestmark = pytest.mark.django_db

NIGHT = Gift(name="A night on us", worth=Money(180_00, "EUR"))


def test_above_the_purse_a_manager_is_asked(
    full_house: Evening, table_14: Touchpoint, bo: Staff, cy: Staff
) -> None:
    guest = full_house.press(table_14)
    full_house.says(bo, "with_customer", guest)
    with pytest.raises(Refused, match="This is €60 over your purse. A senior can say yes."):
        full_house.gives(bo, guest, NIGHT)
    request = ask_senior(
        about=guest.case.pk, what=NIGHT, by=bo, key="bo-asks-once", now=full_house.now
    )
    page = Page.objects.open().get(purpose=Page.Purpose.DECIDE)
    assert (page.what, rung(page)) == ("Bo asks: A night on us, €180", [("Cy", 0)])

    full_house.later(minutes=3)
    with pytest.raises(Refused, match="A manager or the owner decides this."):
        decide(request=request, granted=True, reason="", by=bo, now=full_house.now)
    decide(request=request, granted=True, reason="", by=cy, now=full_house.now)

    given = Amends.objects.get()
    assert (given.name, given.given_by, given.request) == ("A night on us", bo, request)
    assert left_today(staff=bo, now=full_house.now) == Money(120_00, "EUR")  # the house paid
    assert guest.step("amends").state == Step.State.DONE
    full_house.later(minutes=30)
    assert rung(page) == [("Cy", 0), ("Di", 90)]  # decided: nobody is rung for it any more


def test_whom_it_is_for_is_known_as_soon_as_the_guest_says_so(
    full_house: Evening, table_14: Touchpoint, bo: Staff
) -> None:
    guest = full_house.press(table_14)
    guest.says("Cold, and nobody came by.", topics=("food",), name="Ana")
    ask_senior(about=guest.case.pk, what=NIGHT, by=bo, key="bo-asks", now=full_house.now)
    asked = Page.objects.open().get(purpose=Page.Purpose.DECIDE)
    assert (asked.customer_name, asked.who) == ("Ana", "Ana")
    guest.says(name="Ana Ruiz")
    asked.refresh_from_db()
    assert (asked.customer_name, asked.who) == ("Ana Ruiz", "Ana Ruiz")


def test_a_no_has_a_reason_and_the_promise_stands(
    full_house: Evening, table_14: Touchpoint, bo: Staff, cy: Staff
) -> None:
    guest = full_house.press(table_14)
    request = ask_senior(
        about=guest.case.pk, what=NIGHT, by=bo, key="bo-asks-once", now=full_house.now
    )
    with pytest.raises(Refused):
        decide(request=request, granted=False, reason="", by=cy, now=full_house.now)
    decide(
        request=request, granted=False, reason="Dinner was our fault, the nights were fine.",
        by=cy, now=full_house.now,
    )  # fmt: skip
    assert not Amends.objects.exists()
    assert guest.step("amends").state == Step.State.WAITING
