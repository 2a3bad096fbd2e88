"""A coupon is redeemed once, in its own house, before it ends."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from makegood.amends import codes
from makegood.amends.coupons import end_of_day
from makegood.amends.gifts import Gift
from makegood.amends.granting import give, take_back
from makegood.amends.models import Coupon, Purse
from makegood.amends.redeeming import redeem
from makegood.amends.tests.conftest import Menu
from makegood.ground.models import Entry
from makegood.ground.refusals import NotFound, Refused
from makegood.people.models import Staff

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def coupon(bos_purse: Purse, bo: Staff, menu: Menu, matter: UUID, now: datetime) -> Coupon:
    what = Gift(remedy=menu.dinner_coupon)
    return give(about=matter, what=what, by=bo, key="1", now=now).coupon


def refusal(staff: Staff, code: str, now: datetime) -> Refused:
    with pytest.raises(Refused) as refused:
        redeem(organisation_id=staff.organisation_id, code=code, by=staff, now=now)
    return refused.value


def test_a_coupon_is_redeemed_once_and_the_second_hears_when(
    coupon: Coupon, bo: Staff, mina: Staff, matter: UUID, now: datetime
) -> None:
    typed = coupon.code.lower().replace("-", " ")
    redemption = redeem(
        organisation_id=mina.organisation_id, code=typed, by=mina, now=now + 9 * DAY
    )
    assert redemption.coupon == coupon
    assert Entry.objects.get(name="amends.coupon_redeemed").data == {
        "matter": str(matter),
        "code": coupon.code,
    }
    second = refusal(mina, coupon.code, now + 10 * DAY)
    assert second.code == "already_redeemed"
    assert second.message == (
        "You took this coupon yourself, on 30 November 2026 at 20:12. It counts once."
    )
    third = refusal(bo, coupon.code, now + 10 * DAY)
    assert third.message == "Mina took this coupon on 30 November 2026 at 20:12."


def test_it_is_good_until_the_end_of_the_sites_day_a_year_on(
    coupon: Coupon, mina: Staff, now: datetime
) -> None:
    assert coupon.expires_at == datetime(2027, 11, 21, 23, tzinfo=UTC)
    late = refusal(mina, coupon.code, coupon.expires_at)
    assert (late.code, late.message) == ("expired", "This coupon was good until 21 November 2027.")
    house = mina.organisation_id
    last_moment = coupon.expires_at - timedelta(seconds=1)
    redemption = redeem(organisation_id=house, code=coupon.code, by=mina, now=last_moment)
    assert redemption.redeemed_at == last_moment


def test_an_unknown_code_and_another_houses_code_are_the_same(
    coupon: Coupon, mina: Staff, stranger: Staff, now: datetime
) -> None:
    never = refusal(mina, codes.write([1, 2, 3, 4, 5, 6, 7]), now)
    elsewhere = refusal(stranger, coupon.code, now)
    assert (never.code, never.message) == (elsewhere.code, elsewhere.message)
    assert never.code == "unknown_code"
    with pytest.raises(NotFound):
        redeem(organisation_id=mina.organisation_id, code=coupon.code, by=stranger, now=now)


def test_a_gift_taken_back_takes_its_coupon_with_it(
    coupon: Coupon, bo: Staff, mina: Staff, now: datetime
) -> None:
    take_back(amends=coupon.amends, by=bo, now=now)
    assert refusal(mina, coupon.code, now).code == "taken_back"


def test_a_redeemed_coupon_is_not_taken_back(
    coupon: Coupon, bo: Staff, mina: Staff, now: datetime
) -> None:
    redeem(organisation_id=mina.organisation_id, code=coupon.code, by=mina, now=now)
    with pytest.raises(Refused) as refused:
        take_back(amends=coupon.amends, by=bo, now=now)
    assert refused.value.code == "already_redeemed"


def test_the_end_of_a_day_knows_summer_time() -> None:
    spring_forward = datetime(2027, 3, 28, 12, tzinfo=UTC)
    assert end_of_day(spring_forward, "Europe/Madrid") == datetime(2027, 3, 28, 22, tzinfo=UTC)
