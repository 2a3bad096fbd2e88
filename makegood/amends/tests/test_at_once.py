"""Several people, or one person twice, at the very same moment."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from makegood.amends import purses
from makegood.amends.asking import ask_senior, decide
from makegood.amends.gifts import Gift
from makegood.amends.granting import OverPurse, give
from makegood.amends.models import Amends, AmendsRequest, Coupon, Purse, PurseEntry, Redemption
from makegood.amends.redeeming import redeem
from makegood.amends.tests.conftest import Menu, eur
from makegood.ground.ids import new_id
from makegood.ground.models import Entry
from makegood.ground.refusals import Refused
from makegood.people.models import Staff

pytestmark = pytest.mark.django_db(transaction=True)
AtOnce = Callable[..., list[Any]]


def refused_with(outcomes: list[Any], code: str) -> int:
    return sum(isinstance(o, Refused) and o.code == code for o in outcomes)


def test_a_coupon_redeemed_by_four_at_once_is_redeemed_once(
    at_once: AtOnce, bos_purse: Purse, bo: Staff, menu: Menu, matter: UUID, now: datetime
) -> None:
    what = Gift(remedy=menu.dinner_coupon)
    coupon = Coupon.objects.get(amends=give(about=matter, what=what, by=bo, key="1", now=now))
    use = partial(redeem, organisation_id=bo.organisation_id, code=coupon.code, by=bo, now=now)
    outcomes = at_once(use, use, use, use)
    assert sum(isinstance(outcome, Redemption) for outcome in outcomes) == 1
    assert refused_with(outcomes, "already_redeemed") == 3
    assert Redemption.objects.count() == 1


def test_two_gifts_at_once_from_a_purse_that_holds_one(
    at_once: AtOnce, bos_purse: Purse, bo: Staff, menu: Menu, now: datetime
) -> None:
    mains = Gift(remedy=menu.both_mains)
    gifts = [
        partial(give, about=new_id(), what=mains, by=bo, key=key, now=now) for key in ("1", "2")
    ]
    outcomes = at_once(*gifts)
    assert sum(isinstance(outcome, Amends) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, OverPurse) for outcome in outcomes) == 1
    assert bos_purse.balance() == eur(1600)


@pytest.mark.parametrize("remedy", ["dessert", "fresh_main"])
def test_the_same_tap_twice_at_once_gives_once(
    at_once: AtOnce, bos_purse: Purse, bo: Staff, menu: Menu, matter: UUID, now: datetime,
    remedy: str,
) -> None:  # fmt: skip
    what = Gift(remedy=getattr(menu, remedy))
    tap = partial(give, about=matter, what=what, by=bo, key="tap", now=now)
    outcomes = at_once(tap, tap, tap)
    assert len({outcome.pk for outcome in outcomes}) == 1
    assert Amends.objects.count() == Entry.objects.filter(name="amends.given").count() == 1


def test_many_gifts_at_once_never_exceed_the_purse(
    at_once: AtOnce, bos_purse: Purse, bo: Staff, menu: Menu, now: datetime
) -> None:
    dessert = Gift(remedy=menu.dessert)
    gifts = [
        partial(give, about=new_id(), what=dessert, by=bo, key=str(number), now=now)
        for number in range(8)
    ]
    outcomes = at_once(*gifts)
    assert sum(isinstance(outcome, Amends) for outcome in outcomes) == 3
    assert refused_with(outcomes, "over_purse") == 5
    assert bos_purse.balance() == eur(7400 - 3 * 1900)
    assert bos_purse.entries.filter(kind=PurseEntry.Kind.FILLED).count() == 1


def test_two_seniors_decide_at_once_and_one_decision_stands(
    at_once: AtOnce, bo: Staff, cy: Staff, di: Staff, menu: Menu, matter: UUID, now: datetime
) -> None:
    mains = Gift(remedy=menu.both_mains)
    ask = partial(ask_senior, about=matter, what=mains, by=bo, key="ask", now=now)
    request = at_once(ask, ask)[0]
    assert AmendsRequest.objects.count() == 1
    outcomes = at_once(
        partial(decide, request=request, granted=True, reason="", by=cy, now=now),
        partial(decide, request=request, granted=True, reason="", by=di, now=now),
    )
    assert sum(isinstance(outcome, AmendsRequest) for outcome in outcomes) == 1
    assert refused_with(outcomes, "already_decided") == 1
    assert Amends.objects.count() == 1


def test_a_purse_held_for_long_is_refused_rather_than_waited_for(
    at_once: AtOnce, bos_purse: Purse, bo: Staff, menu: Menu, now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(purses, "LOCK_TIMEOUT", timedelta(milliseconds=1))
    dessert = Gift(remedy=menu.dessert)
    gifts = [
        partial(give, about=new_id(), what=dessert, by=bo, key=str(number), now=now)
        for number in range(6)
    ]
    outcomes = at_once(*gifts)
    given = sum(isinstance(outcome, Amends) for outcome in outcomes)
    assert given + refused_with(outcomes, "busy") + refused_with(outcomes, "over_purse") == 6
    assert 1 <= given <= 3
