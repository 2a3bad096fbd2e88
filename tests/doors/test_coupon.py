"""A coupon comes back: taken once, and whoever types it again reads who took it."""

from datetime import datetime, timedelta

import pytest

from makegood.amends.catalogue import add_remedy
from makegood.amends.gifts import Gift
from makegood.amends.granting import give
from makegood.amends.models import Coupon, Redemption
from makegood.ground import clock
from makegood.ground.ids import new_id
from makegood.ground.money import Money
from makegood.people.models import Site, Staff
from tests.doors.colleagues import SIGN_IN, body, browser_of, of_another_house

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]
TILL = "/gifts/coupon/"


@pytest.fixture
def coupon(harbour: Site, bo: Staff, now: datetime) -> Coupon:
    dinner = add_remedy(site=harbour, name="Dinner for two", price=Money(0, "EUR"), kind="coupon")
    return give(about=new_id(), what=Gift(remedy=dinner), by=bo, key="one", now=now).coupon


def test_it_is_taken_once_also_by_who_reloads_the_screen(coupon, mina) -> None:
    till = browser_of(mina)
    answer = till.post(TILL, {"code": coupon.code})
    assert (answer.status_code, answer["Location"]) == (302, TILL), "a reload sends nothing again"
    assert "Dinner for two, €0. It is taken; thank the guest" in body(till.get(TILL))
    assert "It is taken" not in body(till.get(TILL))
    again = till.post(TILL, {"code": coupon.code})
    assert again.status_code == 409
    assert "You took this coupon yourself, on 21 November 2026 at 20:12. It counts once." in body(
        again
    )
    assert Redemption.objects.count() == 1


def test_a_colleague_reads_who_took_it(coupon, bo, mina) -> None:
    browser_of(mina).post(TILL, {"code": coupon.code})
    said = body(browser_of(bo).post(TILL, {"code": coupon.code.lower()}))
    assert "Mina took this coupon on 21 November 2026 at 20:12." in said


def test_after_its_last_day_that_day_is_named(coupon, mina, now) -> None:
    with clock.standing_at(now + timedelta(days=366)):
        late = browser_of(mina).post(TILL, {"code": coupon.code})
    assert late.status_code == 409
    assert "This coupon was good until 21 November 2027." in body(late)


def test_only_who_works_here_takes_it(client, coupon, now) -> None:
    assert client.post(TILL, {"code": coupon.code})["Location"].startswith(SIGN_IN)
    elsewhere = browser_of(of_another_house(now)).post(TILL, {"code": coupon.code})
    assert elsewhere.status_code == 404
    assert browser_of(coupon.amends.given_by).post(TILL, {"code": "?"}).status_code >= 400
    assert not Redemption.objects.exists()
