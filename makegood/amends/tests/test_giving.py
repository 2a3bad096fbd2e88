"""One tap gives, once, within the purse."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from makegood.amends import access
from makegood.amends.catalogue import retire_remedy
from makegood.amends.gifts import Gift
from makegood.amends.granting import OverLimit, OverPurse, give, give_all, give_nothing, take_back
from makegood.amends.models import Amends, Purse
from makegood.amends.purses import left_today
from makegood.amends.tests.conftest import Menu, eur
from makegood.ground.ids import new_id
from makegood.ground.models import Entry
from makegood.ground.money import Money
from makegood.ground.refusals import NotAllowed, NotFound, Refused
from makegood.people.models import Staff
from tests.cast import facts_about

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def test_bo_gives_a_fresh_main_and_a_dessert_in_one_tap(
    bos_purse: Purse, bo: Staff, menu: Menu, matter: UUID, now: datetime
) -> None:
    chosen = [Gift(remedy=menu.fresh_main), Gift(remedy=menu.dessert)]
    given = give_all(about=matter, gifts=chosen, by=bo, key="tap", now=now)
    assert [(a.name, a.worth) for a in given] == [
        ("Fresh main, now", eur(0)),
        ("Dessert and coffee, two", eur(1900)),
    ]
    assert left_today(staff=bo, now=now) == eur(5500)
    assert [facts_about(a.pk) for a in given] == [["amends.given"], ["amends.given"]]
    fact = Entry.objects.get(about=given[1].pk)
    assert fact.by == f"staff:{bo.pk}"
    assert fact.data["matter"] == str(matter)
    assert give_all(about=matter, gifts=chosen, by=bo, key="tap", now=now + SECOND) == given
    assert left_today(staff=bo, now=now) == eur(5500)


def test_something_else_has_a_name_and_a_price(
    bos_purse: Purse, bo: Staff, matter: UUID, now: datetime
) -> None:
    what = Gift(name=" A taxi  home ", worth=eur(2200))
    assert give(about=matter, what=what, by=bo, key="1", now=now).name == "A taxi home"


def test_over_the_purse_says_how_much_is_missing_and_gives_nothing(
    bos_purse: Purse, bo: Staff, menu: Menu, matter: UUID, now: datetime
) -> None:
    give(about=matter, what=Gift(remedy=menu.dessert), by=bo, key="1", now=now)
    with pytest.raises(OverPurse, match="This is €3 over your purse") as refused:
        give(about=matter, what=Gift(remedy=menu.both_mains), by=bo, key="2", now=now)
    assert (refused.value.code, refused.value.missing) == ("over_purse", eur(300))
    gifts = [Gift(remedy=menu.fresh_main), Gift(remedy=menu.both_mains)]
    with pytest.raises(OverPurse):
        give_all(about=matter, gifts=gifts, by=bo, key="3", now=now)
    assert Amends.objects.count() == 1


def test_what_costs_nothing_needs_no_purse(
    mina: Staff, menu: Menu, matter: UUID, now: datetime
) -> None:
    given = give(about=matter, what=Gift(remedy=menu.fresh_main), by=mina, key="1", now=now)
    assert given.worth == eur(0)
    with pytest.raises(OverPurse, match="€19 over"):
        give(about=matter, what=Gift(remedy=menu.dessert), by=mina, key="2", now=now)


def test_a_key_stands_for_one_gift(
    bos_purse: Purse, bo: Staff, menu: Menu, matter: UUID, now: datetime
) -> None:
    first = give(about=matter, what=Gift(remedy=menu.dessert), by=bo, key="1", now=now)
    assert give(about=matter, what=Gift(remedy=menu.dessert), by=bo, key="1", now=now) == first
    for about, gift in [(matter, menu.fresh_main), (new_id(), menu.dessert)]:
        with pytest.raises(Refused) as refused:
            give(about=about, what=Gift(remedy=gift), by=bo, key="1", now=now)
        assert refused.value.code == "key_used"


@pytest.mark.parametrize(
    ("gift", "field"),
    [
        (Gift(), "name"),
        (Gift(name="x" * 81, worth=eur(1)), "name"),
        (Gift(name="Wine"), "worth"),
        (Gift(name="Wine", worth=eur(-1)), "worth"),
        (Gift(name="Wine", worth=Money(100, "JPY")), "worth"),
    ],
)
def test_a_wrong_gift_is_refused_by_field(
    bos_purse: Purse, bo: Staff, matter: UUID, now: datetime, gift: Gift, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        give(about=matter, what=gift, by=bo, key="1", now=now)
    assert refused.value.field == field


def test_keys_numbers_and_retired_remedies_are_checked(
    bos_purse: Purse, bo: Staff, menu: Menu, matter: UUID, now: datetime, stranger: Staff
) -> None:
    dessert = Gift(remedy=menu.dessert)
    for key in ("", "x" * 61):
        with pytest.raises(Refused, match="key"):
            give(about=matter, what=dessert, by=bo, key=key, now=now)
    for gifts in ([], [dessert] * 10):
        with pytest.raises(Refused, match="Choose"):
            give_all(about=matter, gifts=gifts, by=bo, key="1", now=now)
    with pytest.raises(NotFound):
        give(about=matter, what=dessert, by=stranger, key="1", now=now)
    retired = retire_remedy(remedy=menu.dessert, now=now)
    with pytest.raises(Refused, match="no longer offered"):
        give(about=matter, what=Gift(remedy=retired), by=bo, key="1", now=now)


def test_giving_nothing_needs_a_reason(bo: Staff, matter: UUID, now: datetime) -> None:
    with pytest.raises(Refused) as refused:
        give_nothing(about=matter, reason="  ", by=bo, now=now)
    assert refused.value.field == "reason"
    give_nothing(about=matter, reason="Ana asked for nothing.", by=bo, now=now)
    assert Entry.objects.get(about=matter).data["reason"] == "Ana asked for nothing."


def test_within_a_minute_it_can_be_taken_back(
    bos_purse: Purse, bo: Staff, menu: Menu, matter: UUID, now: datetime
) -> None:
    given = give(about=matter, what=Gift(remedy=menu.dessert), by=bo, key="1", now=now)
    for _ in range(2):
        assert take_back(amends=given, by=bo, now=now + 60 * SECOND).taken_back_at
    assert left_today(staff=bo, now=now) == eur(7400)
    assert facts_about(given.pk) == ["amends.given", "amends.taken_back"]
    assert access.amends_about(matter) == []


def test_after_a_minute_it_is_given(
    bos_purse: Purse, bo: Staff, menu: Menu, matter: UUID, now: datetime
) -> None:
    given = give(about=matter, what=Gift(remedy=menu.dessert), by=bo, key="1", now=now)
    with pytest.raises(Refused) as refused:
        take_back(amends=given, by=bo, now=now + 61 * SECOND)
    assert refused.value.code == "too_late"
    assert left_today(staff=bo, now=now) == eur(5500)


def test_only_the_giver_or_a_senior_takes_it_back(
    bos_purse: Purse, bo: Staff, mina: Staff, cy: Staff, stranger: Staff, menu: Menu,
    matter: UUID, now: datetime,
) -> None:  # fmt: skip
    given = give(about=matter, what=Gift(remedy=menu.dessert), by=bo, key="1", now=now)
    with pytest.raises(NotAllowed):
        take_back(amends=given, by=mina, now=now)
    with pytest.raises(NotFound):
        take_back(amends=given, by=stranger, now=now)
    take_back(amends=given, by=cy, now=now)
    assert left_today(staff=bo, now=now) == eur(7400)


def test_on_one_matter_nobody_gives_more_than_is_left_to_them(
    menu: Menu, bo: Staff, bos_purse: Purse, matter: UUID, now: datetime
) -> None:
    dessert = Gift(remedy=menu.dessert)
    first = give(about=matter, what=dessert, by=bo, key="one", now=now, left=eur(2500))
    with pytest.raises(OverLimit) as refused:
        give(about=matter, what=dessert, by=bo, key="two", now=now, left=eur(600))
    assert refused.value.missing == eur(1300)
    assert refused.value.code == "over_limit"
    again = give(about=matter, what=dessert, by=bo, key="one", now=now, left=eur(600))
    assert first == again == Amends.objects.get(about=matter), "the same tap gives once"
    free = Gift(name="A word", worth=eur(0))
    give(about=matter, what=free, by=bo, key="four", now=now, left=eur(0))
