"""Two gifts on one case at the same moment: each counts the other, and no refusal hides one."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import pytest

from makegood.amends.asking import ask_senior
from makegood.amends.gifts import Gift
from makegood.amends.granting import OverLimit
from makegood.amends.models import Amends, AmendsRequest
from makegood.amends.purses import open_purse
from makegood.ground.money import Money
from makegood.ground.refusals import NotAllowed, Refused
from makegood.page.access import latest_page
from makegood.page.hands import answering
from makegood.page.models import Page
from makegood.people.models import Staff
from makegood.recover.life.giving import decide, give, give_and_finish
from makegood.recover.models import Case

pytestmark = pytest.mark.django_db(transaction=True)
AtOnce = Callable[..., list[Any]]
ROUNDS = 4


def a_gift(name: str, major: int) -> Gift:
    return Gift(name=name, worth=Money(major * 100, "EUR"))


def page_of(case: Case) -> Page:
    page = latest_page(case.pk)
    assert page
    return page


@pytest.fixture
def purses(bo: Staff, cy: Staff) -> None:
    """More in both purses than one case may get."""
    for staff in (bo, cy):
        open_purse(staff=staff, daily=Money(90_000, "EUR"))


def test_a_manager_who_says_yes_three_times_at_once_says_it_once(
    at_once: AtOnce, case: Case, bo: Staff, cy: Staff, now: datetime
) -> None:
    asked = [
        ask_senior(about=case.pk, what=a_gift(name, 150), by=bo, key=name, now=now)
        for name in ("A night", "A dinner", "A treatment")
    ]
    yes = [partial(decide, request=one, granted=True, reason="", by=cy, now=now) for one in asked]
    outcomes = at_once(*yes)
    assert sum(isinstance(outcome, AmendsRequest) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, NotAllowed) for outcome in outcomes) == 2
    assert Amends.objects.get().minor == 15_000


def test_a_yes_and_a_gift_of_ones_own_count_each_other(
    at_once: AtOnce, case: Case, bo: Staff, cy: Staff, purses: None, now: datetime
) -> None:
    asked = ask_senior(about=case.pk, what=a_gift("A night", 150), by=bo, key="ask", now=now)
    outcomes = at_once(
        partial(decide, request=asked, granted=True, reason="", by=cy, now=now),
        partial(give, about=case.pk, gifts=[a_gift("Dinner", 90)], by=cy, key="tap", now=now),
    )
    assert sum(isinstance(outcome, NotAllowed | OverLimit) for outcome in outcomes) == 1
    assert Amends.objects.count() == 1


def test_a_gift_while_the_guest_says_that_nobody_came(
    at_once: AtOnce, case: Case, bo: Staff, purses: None, now: datetime
) -> None:
    """Whoever was first: a gift stands where its visit was ended, and else nowhere."""
    for number in range(ROUNDS):
        page = answering.with_customer(page=page_of(case), staff=bo, now=now)
        tap = partial(
            give_and_finish, page=page, gifts=[a_gift("Wine", 10)], by=bo, key=f"tap {number}",
            now=now,
        )  # fmt: skip
        told = at_once(tap, partial(answering.customer_says_nobody_came, page=page, now=now))
        errors = [one for one in told if isinstance(one, Exception)]
        assert all(isinstance(error, Refused) for error in errors)
        given = Amends.objects.filter(key=f"tap {number}").exists()
        assert given is not isinstance(told[0], Refused)
        assert page_of(case).is_open is True, "the guest waits: somebody is rung in either case"


def test_the_same_tap_twice_at_once_gives_and_ends_once(
    at_once: AtOnce, case: Case, bo: Staff, purses: None, now: datetime
) -> None:
    page = answering.with_customer(page=page_of(case), staff=bo, now=now)
    tap = partial(give_and_finish, page=page, gifts=[a_gift("Wine", 10)], by=bo, key="tap", now=now)
    assert at_once(tap, tap, tap) == [None, None, None]
    assert Amends.objects.count() == 1
    assert page_of(case).state == Page.State.DONE
