"""A self-test felt on a phone whose pager is closed."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from makegood.ground import clock, links
from makegood.ground.ids import new_id
from makegood.ground.models import Bulletin
from makegood.page.duty.selftesting import answer_test, ring_for_test
from makegood.page.equipment.equipping import retire_device
from makegood.page.models import Device, SelfTest
from makegood.page.tests.push_service import Browser
from makegood.people.duty import running_duty
from makegood.people.models import Staff
from tests.doors.colleagues import body, browser_of
from tests.doors.phones import tell

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]
SECOND = timedelta(seconds=1)


def tried(bo: Staff, phone: Browser, now: datetime, **how: Any) -> tuple[SelfTest, str]:
    """Bo's phone is rung to try it, and its notification has an address of its own."""
    tell(browser_of(bo), phone)
    device = Device.objects.get()
    test = ring_for_test(staff=bo, site=bo.site, device=device, now=now, **how)
    return test, f"/pager/said/{links.close(links.FELT, test.pk)}/felt/"


def test_felt_on_the_phone_and_on_the_screen_is_on_duty(
    bo: Staff, phone: Browser, now: datetime
) -> None:
    test, link = tried(bo, phone, now)
    nobody = Client(enforce_csrf_checks=True)
    for _ in range(2):
        answer = nobody.post(link)
        assert answer.json() == {
            "title": "Felt.", "body": "And one way more, then you are on duty.",
        }  # fmt: skip
    test.refresh_from_db()
    assert test.felt_at == now
    screen = ring_for_test(staff=bo, site=bo.site, now=now)
    answer_test(test=screen, felt=True, now=now)
    assert nobody.post(link).json()["body"] == "You are on duty at Harbour."


def test_that_it_arrived_is_shown_before_it_is_felt(
    bo: Staff, phone: Browser, now: datetime
) -> None:
    test, link = tried(bo, phone, now)
    screen = browser_of(bo)
    for address in ("/duty/", f"/duty/test/{test.pk}/"):
        assert "on its way" in body(screen.get(address))
    for _ in range(2):
        assert (
            Client(enforce_csrf_checks=True).post(link.replace("felt", "arrived")).status_code
            == 204
        )
    test.refresh_from_db()
    assert (test.received_at, test.felt_at) == (now, None)
    told = Bulletin.objects.get(topic=f"staff:{bo.pk}", data__kind="arrived")
    assert told.data["test"] == str(test.pk)
    for address in ("/duty/", f"/duty/test/{test.pk}/"):
        said = body(screen.get(address))
        assert "is-here" in said
        assert "on its way" not in said
    Client(enforce_csrf_checks=True).post(link)
    assert "is-here" not in body(screen.get("/duty/"))


def test_a_phone_that_is_only_tried_puts_nobody_on_duty(
    bo: Staff, phone: Browser, now: datetime
) -> None:
    answer_test(test=ring_for_test(staff=bo, site=bo.site, now=now), felt=True, now=now)
    _, link = tried(bo, phone, now, for_duty=False)
    assert Client().post(link).json()["body"] == "This way reaches you."
    assert running_duty(bo) is None


def test_felt_too_late_is_said_so(bo: Staff, phone: Browser, now: datetime) -> None:
    test, link = tried(bo, phone, now)
    with clock.standing_at(test.expires_at + SECOND):
        answer = Client().post(link)
    assert (answer.status_code, answer.json()["code"]) == (409, "expired")
    assert "too long ago" in answer.json()["body"]


def test_nobody_feels_by_looking_by_a_forged_address_or_on_a_phone_put_away(
    bo: Staff, phone: Browser, now: datetime
) -> None:
    test, link = tried(bo, phone, now)
    assert Client().get(link).status_code == 405
    screen = ring_for_test(staff=bo, site=bo.site, now=now)
    token = links.close(links.FELT, test.pk)
    forged = [
        f"{links.close(links.ANSWER, test.pk)}/felt",
        f"{links.close(links.FELT, new_id())}/felt",
        f"{links.close(links.FELT, screen.pk)}/felt",
        f"{token[:-1]}{'A' if token[-1] != 'A' else 'B'}/felt",
        f"{token}/going",
    ]
    for one in forged:
        assert Client().post(f"/pager/said/{one}/").status_code == 404
    retire_device(device=Device.objects.get(), now=now)
    assert Client().post(link).status_code == 404
    assert not SelfTest.objects.filter(felt_at__isnull=False).exists()


def test_who_has_left_the_house_feels_nothing(bo: Staff, phone: Browser, now: datetime) -> None:
    _, link = tried(bo, phone, now)
    Staff.objects.filter(pk=bo.pk).update(is_active=False)
    assert Client().post(link).status_code == 404


# --- installing
