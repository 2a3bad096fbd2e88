"""A purse is filled once per site day and nobody saves up."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from makegood.amends.gifts import Gift
from makegood.amends.granting import give, take_back
from makegood.amends.models import Purse
from makegood.amends.purses import left_today, open_purse
from makegood.amends.tests.conftest import Menu, eur
from makegood.ground.money import Money
from makegood.ground.refusals import Refused
from makegood.people.models import Staff

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def lines(purse: Purse) -> list[tuple[str, int, date]]:
    return list(purse.entries.order_by("pk").values_list("kind", "minor", "day"))


def test_looking_writes_nothing(bos_purse: Purse, bo: Staff, now: datetime) -> None:
    assert left_today(staff=bo, now=now) == eur(7400)
    assert lines(bos_purse) == []


def test_without_a_purse_nothing_is_left(cy: Staff, now: datetime) -> None:
    assert left_today(staff=cy, now=now) == eur(0)


def test_first_use_of_the_day_fills_and_empties(
    bos_purse: Purse, bo: Staff, menu: Menu, matter: UUID, now: datetime
) -> None:
    today, tomorrow = date(2026, 11, 21), date(2026, 11, 22)
    dessert = Gift(remedy=menu.dessert)
    give(about=matter, what=dessert, by=bo, key="1", now=now)
    assert left_today(staff=bo, now=now) == eur(5500)
    assert left_today(staff=bo, now=now + DAY) == eur(7400)
    give(about=matter, what=dessert, by=bo, key="2", now=now + DAY)
    assert lines(bos_purse) == [
        ("filled", 7400, today),
        ("given", -1900, today),
        ("emptied", -5500, today),
        ("filled", 7400, tomorrow),
        ("given", -1900, tomorrow),
    ]
    assert left_today(staff=bo, now=now + DAY) == bos_purse.balance() == eur(5500)


def test_the_day_is_the_sites_not_utc(
    bos_purse: Purse, bo: Staff, menu: Menu, matter: UUID, now: datetime
) -> None:
    before_midnight = now.replace(hour=22, minute=59)  # 23:59 at Harbour
    give(about=matter, what=Gift(remedy=menu.dessert), by=bo, key="1", now=before_midnight)
    assert left_today(staff=bo, now=before_midnight) == eur(5500)
    assert left_today(staff=bo, now=before_midnight + timedelta(minutes=2)) == eur(7400)


def test_a_gift_taken_back_after_midnight_does_not_swell_the_new_day(
    bos_purse: Purse, bo: Staff, menu: Menu, matter: UUID, now: datetime
) -> None:
    late = now.replace(hour=22, minute=59, second=50)
    dessert = Gift(remedy=menu.dessert)
    given = give(about=matter, what=dessert, by=bo, key="1", now=late)
    give(about=matter, what=dessert, by=bo, key="2", now=late + timedelta(seconds=20))
    take_back(amends=given, by=bo, now=late + timedelta(seconds=30))
    assert left_today(staff=bo, now=late + timedelta(seconds=30)) == eur(5500)


def test_a_new_amount_counts_from_the_next_filling(
    bos_purse: Purse, bo: Staff, menu: Menu, matter: UUID, now: datetime
) -> None:
    give(about=matter, what=Gift(remedy=menu.dessert), by=bo, key="1", now=now)
    open_purse(staff=bo, daily=eur(10000))
    assert left_today(staff=bo, now=now) == eur(5500)
    assert left_today(staff=bo, now=now + DAY) == eur(10000)


@pytest.mark.parametrize("daily", [eur(-1), Money(7400, "USD"), eur(2_000_000_000)])
def test_a_wrong_purse_is_refused(bo: Staff, daily: Money) -> None:
    with pytest.raises(Refused) as refused:
        open_purse(staff=bo, daily=daily)
    assert refused.value.field == "daily"
