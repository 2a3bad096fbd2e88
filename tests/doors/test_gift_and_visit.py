"""A gift and the end of the visit are one tap: what the screen refuses was not given."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from makegood.amends.catalogue import add_remedy
from makegood.amends.models import Amends, AmendsRequest, Remedy
from makegood.amends.purses import left_today, open_purse
from makegood.ground.models import Entry
from makegood.ground.money import Money
from makegood.page.hands.answering import (
    customer_says_nobody_came,
    going,
    hand_over,
    with_customer,
)
from makegood.page.models import Page
from makegood.people.models import Site, Staff
from makegood.recover.models import Case
from makegood.sense.models import Signal
from tests.doors.colleagues import body, browser_of, felt
from tests.doors.guests import page_of, triaged

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]
PURSE = Money(7400, "EUR")


@pytest.fixture
def case(bo: Staff, mina: Staff, press: Signal, now: datetime) -> Case:
    """Bo is with the guest, a purse in his pocket; Mina is on duty as well."""
    felt(bo, now - timedelta(hours=1)), felt(mina, now - timedelta(hours=1))
    open_purse(staff=bo, daily=PURSE)
    case = triaged(press, now)
    with_customer(page=going(page=page_of(case), staff=bo, now=now), staff=bo, now=now)
    return case


@pytest.fixture
def dessert(harbour: Site) -> Remedy:
    return add_remedy(site=harbour, name="Dessert for two", price=Money(1900, "EUR"))


def gives(phone: Client, page: Page, remedy: Remedy, key: str) -> Any:
    form = {"do": "give", "remedy": str(remedy.pk), "key": key}
    return phone.post(f"/pager/{page.pk}/give/", form, follow=True)


def test_nothing_is_given_once_the_guest_said_that_nobody_came(case, dessert, bo, now) -> None:
    page, phone = page_of(case), browser_of(bo)
    customer_says_nobody_came(page=page, now=now)
    said = body(gives(phone, page, dessert, "key-one-a"))
    assert "Nobody has been with the guest yet. Nothing was given." in said
    assert "I’m going" in said, "the screen is what the page is by now"
    assert not Amends.objects.exists()
    assert left_today(staff=bo, now=now) == PURSE
    with_customer(page=page_of(case), staff=bo, now=now)
    said = body(gives(phone, page, dessert, "key-two-b"))
    assert "Dessert for two for the guest. The case goes on." in said
    assert Amends.objects.count() == 1
    assert page_of(case).state == Page.State.DONE


def test_nothing_is_given_by_who_handed_the_visit_over(case, dessert, bo, mina, now) -> None:
    page = page_of(case)
    hand_over(page=page, staff=bo, to=mina, now=now)
    with_customer(page=page_of(case), staff=mina, now=now)
    said = body(gives(browser_of(bo), page, dessert, "key-one-a"))
    assert "Mina is already with the guest. Thank you. Nothing was given." in said
    assert not Amends.objects.exists()


def test_the_same_tap_after_a_lost_answer_says_that_it_is_given(case, dessert, bo, now) -> None:
    """The answer never reached Bo's phone; meanwhile the guest says that nobody came."""
    page, phone = page_of(case), browser_of(bo)
    gives(phone, page, dessert, "key-one-a")
    customer_says_nobody_came(page=page_of(case), now=now)
    assert page_of(case).state == Page.State.RINGING
    said = body(gives(phone, page, dessert, "key-one-a"))
    assert "Dessert for two for the guest. The case goes on." in said
    assert Amends.objects.count() == 1
    assert page_of(case).state == Page.State.RINGING, "what the guest said since still counts"


def test_a_refused_tap_keeps_its_key(case, harbour, bo, now) -> None:
    """So that the tap after it, made smaller, is the same one however often it is sent."""
    feast = add_remedy(site=harbour, name="A feast", price=Money(9000, "EUR"))
    answer = gives(browser_of(bo), page_of(case), feast, "key-one-a")
    assert answer.status_code == 409
    assert 'name="key" value="key-one-a"' in body(answer)


def test_a_senior_is_asked_for_all_or_for_nothing(case, harbour, bo, now) -> None:
    """Two coupons are two questions; one is no longer offered."""
    page, phone = page_of(case), browser_of(bo)
    dinner, stay = (
        add_remedy(site=harbour, name=name, price=Money(9000, "EUR"), kind=Remedy.Kind.COUPON)
        for name in ("Dinner", "A stay")
    )
    Remedy.objects.filter(pk=stay.pk).update(retired_at=now)
    form = {"do": "ask", "remedy": [str(dinner.pk), str(stay.pk)], "key": "key-one-a"}
    assert phone.post(f"/pager/{page.pk}/give/", form).status_code == 409
    assert not AmendsRequest.objects.exists()
    form["remedy"] = [str(dinner.pk)]
    assert phone.post(f"/pager/{page.pk}/give/", form).status_code == 302
    assert AmendsRequest.objects.get().name == "Dinner"


def test_that_nothing_is_given_is_not_noted_behind_a_refusal(case, bo, now) -> None:
    page = page_of(case)
    customer_says_nobody_came(page=page, now=now)
    answer = browser_of(bo).post(f"/pager/{page.pk}/nothing/", {"reason": "A word was enough."})
    assert "Nobody has been with the guest yet." in body(answer)
    assert not Entry.objects.filter(name="amends.nothing_given").exists()
