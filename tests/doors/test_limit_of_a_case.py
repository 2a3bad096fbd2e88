"""What the policy lets one colleague give on one case: said where they give, and kept."""

from datetime import timedelta

import pytest
from django.test import Client

from makegood.amends.catalogue import add_remedy
from makegood.amends.models import Amends, AmendsRequest
from makegood.amends.purses import open_purse
from makegood.ground.money import Money
from makegood.page.access import latest_page
from makegood.page.hands.answering import going, with_customer
from makegood.people.models import Staff
from makegood.recover.models import Case
from tests.doors.guests import on_duty, page_of, pressed, triaged

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]
LIMIT = "€60"


@pytest.fixture
def case(bo, cy, di, table_14, now) -> Case:
    """Bo stands before the guest, with more in his purse than one case may get."""
    for staff in (bo, cy, di):
        open_purse(staff=staff, daily=Money(90_000, "EUR"))
    on_duty(bo, now - timedelta(hours=1))
    case = triaged(pressed(table_14, now), now)
    with_customer(page=going(page=page_of(case), staff=bo, now=now), staff=bo, now=now)
    return case


def signed_in(staff: Staff) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(staff)
    return client


def own(name: str, amount: str, **more: str) -> dict[str, str]:
    return {"name": name, "amount": amount, "key": f"key-of-{name}", **more}


def test_the_pager_says_what_the_policy_suggests_and_keeps_to_the_limit(case, bo) -> None:
    phone = signed_in(bo)
    shown = phone.get("/pager/", follow=True).content.decode()
    assert "The policy suggests €10 to €30." in shown
    assert f"Up to {LIMIT} is yours on one case." in shown
    page = page_of(case)
    answer = phone.post(f"/pager/{page.pk}/give/", own("A-feast", "75", do="give"))
    assert answer.status_code == 409
    assert "€15 over what you may give on one case. A senior can say yes." in (
        answer.content.decode()
    )
    assert not Amends.objects.filter(about=case.pk).exists()
    assert phone.post(f"/pager/{page.pk}/give/", own("A-feast", "75", do="ask")).status_code == 302
    assert AmendsRequest.objects.get(about=case.pk).worth == Money(7_500, "EUR")


def test_the_case_offers_to_ask_for_what_is_over_the_limit(case, bo, harbour) -> None:
    add_remedy(site=harbour, name="A night", price=Money(15_000, "EUR"))
    desk = signed_in(bo)
    shown = desk.get(f"/cases/{case.pk}/", follow=True).content.decode()
    assert "The policy suggests €10 to €30." in shown
    answer = desk.post(f"/cases/{case.pk}/give/", own("A-feast", "75", do="give"))
    assert answer.status_code in (409, 422)
    assert "over what you may give on one case" in answer.content.decode()


def test_a_manager_says_yes_up_to_their_limit_and_the_owner_to_anything(case, bo, cy, di) -> None:
    page = page_of(case)
    signed_in(bo).post(f"/pager/{page.pk}/give/", own("A-suite", "450", do="ask"))
    request = AmendsRequest.objects.get(about=case.pk)
    form = {"answer": "grant", "reason": ""}
    where = f"/cases/{case.pk}/requests/{request.pk}/"
    refused = signed_in(cy).post(where, form)
    assert refused.status_code == 403
    assert "for the owner to decide" in refused.content.decode()
    assert signed_in(di).post(where, form).status_code == 302
    assert Amends.objects.get(about=case.pk).worth == Money(45_000, "EUR")


def test_a_manager_is_not_asked_past_their_limit_in_pieces(case, bo, cy, di) -> None:
    """A night, then another: the second yes is the owner's, wherever the manager says it."""
    for name in ("A-night", "A-dinner"):
        signed_in(bo).post(f"/cases/{case.pk}/give/", own(name, "150", do="ask"))
    night, dinner = AmendsRequest.objects.order_by("asked_at", "id")
    yes = {"answer": "grant", "reason": ""}
    desk, phone = signed_in(cy), signed_in(cy)
    assert desk.post(f"/cases/{case.pk}/requests/{night.pk}/", yes).status_code == 302
    refused = desk.post(f"/cases/{case.pk}/requests/{dinner.pk}/", yes)
    assert refused.status_code == 403
    said = "You may say yes to €50 on this case. More is for the owner to decide."
    assert said in refused.content.decode()
    question = latest_page(dinner.pk, "decide")
    assert question
    answer = phone.post(f"/pager/{question.pk}/decide/", yes, follow=True)
    assert said in answer.content.decode()
    assert Amends.objects.filter(about=case.pk).count() == 1
    assert signed_in(di).post(f"/cases/{case.pk}/requests/{dinner.pk}/", yes).status_code == 302
    assert Amends.objects.filter(about=case.pk).count() == 2
