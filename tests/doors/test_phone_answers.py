"""What may be said from a phone's lock screen, and by whom."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from makegood.ground import clock, links
from makegood.ground.ids import new_id
from makegood.page.equipment.equipping import retire_device
from makegood.page.models import Answer, Device, Page
from makegood.page.tests.push_service import Browser
from makegood.people.models import Staff
from tests.doors.colleagues import browser_of, felt
from tests.doors.phones import ringing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]


def test_going_from_the_lock_screen(bo: Staff, phone: Browser, now: datetime) -> None:
    page, attempt, link = ringing(bo, phone, now)
    nobody = Client(enforce_csrf_checks=True)
    answer = nobody.post(f"{link}/going/")
    assert answer.json() == {"title": "Table 14", "body": "You are going.\nWindow, left side"}
    assert nobody.post(f"{link}/going/").status_code == 200
    page.refresh_from_db()
    attempt.refresh_from_db()
    assert (page.state, page.taken_by) == (Page.State.GOING, bo)
    assert attempt.answered_at == now


def test_cant_from_the_lock_screen(bo: Staff, mina: Staff, phone: Browser, now: datetime) -> None:
    page, attempt, link = ringing(bo, phone, now)
    assert Client().post(f"{link}/cant/").json()["body"].startswith("The next is asked.")
    assert page.answers.get(staff=bo).kind == Answer.Kind.CANT
    attempt.refresh_from_db()
    assert attempt.answered_at == now


def test_a_receipt_is_of_the_phone(bo: Staff, phone: Browser, now: datetime) -> None:
    page, attempt, link = ringing(bo, phone, now)
    for _ in range(2):
        assert Client().post(f"{link}/received/").status_code == 204
    attempt.refresh_from_db()
    assert attempt.received_at == now
    assert page.attempts.get(device=None).received_at is None


def test_looking_never_answers(bo: Staff, phone: Browser, now: datetime) -> None:
    page, _, link = ringing(bo, phone, now)
    for verb in ("going", "cant", "received"):
        assert Client().get(f"{link}/{verb}/").status_code == 405
        assert Client().head(f"{link}/{verb}/").status_code == 405
    page.refresh_from_db()
    assert (page.state, page.received_at) == (Page.State.RINGING, None)


def test_who_comes_second_reads_who_goes(
    bo: Staff, mina: Staff, phone: Browser, now: datetime
) -> None:
    page, _, link = ringing(bo, phone, now)
    felt(mina, now)
    browser_of(mina).post(f"/pager/{page.pk}/going/")
    answer = Client().post(f"{link}/going/")
    assert (answer.status_code, answer.json()["code"]) == (409, "taken")
    assert "Mina" in answer.json()["body"]


def test_a_made_up_address_answers_nothing(bo: Staff, phone: Browser, now: datetime) -> None:
    page, attempt, link = ringing(bo, phone, now)
    last = "A" if link[-1] != "A" else "B"
    forged = [
        link[:-1] + last,
        f"/pager/said/{links.close(links.PRESS, attempt.pk)}",
        f"/pager/said/{links.close(links.ANSWER, new_id())}",
        "/pager/said/x",
    ]
    for one in forged:
        assert Client().post(f"{one}/going/").status_code == 404
    page.refresh_from_db()
    assert page.state == Page.State.RINGING


def test_a_screen_has_no_such_address(bo: Staff, phone: Browser, now: datetime) -> None:
    page, _, _ = ringing(bo, phone, now)
    screen = page.attempts.get(device=None)
    token = links.close(links.ANSWER, screen.pk)
    assert Client().post(f"/pager/said/{token}/going/").status_code == 404


def test_a_lost_phone_that_was_put_away_answers_nothing(
    bo: Staff, phone: Browser, now: datetime
) -> None:
    _, _, link = ringing(bo, phone, now)
    retire_device(device=Device.objects.get(), now=now)
    assert Client().post(f"{link}/going/").status_code == 404


def test_who_has_left_the_house_answers_nothing(bo: Staff, phone: Browser, now: datetime) -> None:
    _, _, link = ringing(bo, phone, now)
    Staff.objects.filter(pk=bo.pk).update(is_active=False)
    assert Client().post(f"{link}/going/").status_code == 404


def test_a_ring_of_yesterday_is_not_answered_today(
    bo: Staff, phone: Browser, now: datetime
) -> None:
    _, _, link = ringing(bo, phone, now)
    with clock.standing_at(now + timedelta(hours=13)):
        answer = Client().post(f"{link}/going/")
    assert (answer.status_code, answer.json()["code"]) == (409, "too_old")


# --- felt, from the notification of a self-test
