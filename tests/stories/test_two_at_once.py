"""What happens at the same moment, on connections of their own: one hand, one gift, one coupon."""

from functools import partial

import pytest

from makegood.amends.catalogue import add_remedy
from makegood.amends.gifts import Gift
from makegood.amends.granting import give
from makegood.amends.models import Amends, Coupon, PurseEntry, Remedy
from makegood.amends.purses import left_today
from makegood.amends.redeeming import redeem
from makegood.ground.money import Money
from makegood.ground.refusals import Refused
from makegood.page.hands import answering
from makegood.page.models import Answer, Page
from makegood.people.models import Site, Staff
from makegood.sense.models import Touchpoint
from tests.cast import AtOnce, facts_about
from tests.stories.stage import Evening

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_people_tap_at_once(
    at_once: AtOnce, full_house: Evening, table_14: Touchpoint, bo: Staff, mina: Staff
) -> None:
    """One wins; the other is thanked, by name, and nobody goes twice."""
    page = full_house.press(table_14).page
    now = full_house.now
    outcomes = at_once(
        *(partial(answering.going, page=page, staff=staff, now=now) for staff in (bo, mina))
    )
    page = Page.objects.get(pk=page.pk)
    (refused,) = [said for said in outcomes if isinstance(said, Refused)]
    assert refused.code == "taken"
    assert page.taken_by in (bo, mina)
    assert refused.message.startswith(f"{page.taken_by.first_name} is already going to")
    said = Answer.objects.filter(page=page).values_list("kind", flat=True)
    assert sorted(said) == ["going", "too_late"]
    assert facts_about(page.pk).count("page.taken") == 1


def test_the_gift_is_given_once_though_tapped_twice(
    at_once: AtOnce, full_house: Evening, table_14: Touchpoint, bo: Staff
) -> None:
    guest = full_house.press(table_14)
    dessert = Gift(name="Dessert and coffee, two", worth=Money(19_00, "EUR"))
    tap = partial(
        give, about=guest.case.pk, what=dessert, by=bo, key="bo-taps-once", now=full_house.now
    )
    first, second = at_once(tap, tap)
    assert first == second == Amends.objects.get()
    assert PurseEntry.objects.filter(kind=PurseEntry.Kind.GIVEN).count() == 1
    assert left_today(staff=bo, now=full_house.now) == Money(101_00, "EUR")
    assert guest.step("amends").note == "Dessert and coffee, two, €19"
    assert facts_about(guest.case.pk).count("recover.step_done") == 1


def test_the_coupon_is_redeemed_once_at_two_tills(
    at_once: AtOnce,
    full_house: Evening,
    harbour: Site,
    table_14: Touchpoint,
    bo: Staff,
    mina: Staff,
) -> None:
    guest = full_house.press(table_14)
    coupon = add_remedy(
        site=harbour, name="A dinner for two", price=Money(40_00, "EUR"), kind=Remedy.Kind.COUPON
    )
    full_house.gives(bo, guest, Gift(remedy=coupon))
    code = Coupon.objects.get().code
    full_house.says(bo, "with_customer", guest)
    full_house.says(bo, "finish", guest)
    full_house.keeps_every_promise(bo, guest)
    full_house.later(days=30)
    now = full_house.now
    outcomes = at_once(
        *(
            partial(redeem, organisation_id=harbour.organisation_id, code=heard, by=staff, now=now)
            for heard, staff in ((code, bo), (code.lower().replace("-", " "), mina))
        )
    )
    (refused,) = [said for said in outcomes if isinstance(said, Refused)]
    assert refused.code == "already_redeemed"
    full_house.later(days=1)
    with pytest.raises(Refused, match="took this coupon( yourself,)? on 21 December 2026 at"):
        redeem(organisation_id=harbour.organisation_id, code=code, by=bo, now=full_house.now)
