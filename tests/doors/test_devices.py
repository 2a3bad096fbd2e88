"""My devices: everybody adds, names, rings and puts away their own, and nobody another's."""

from datetime import datetime, time
from typing import Any
from uuid import uuid4

import pytest

from makegood.page.equipment.equipping import add_device
from makegood.page.models import Device, SelfTest, Wishes
from makegood.people import duty
from makegood.people.models import Staff
from tests.doors.colleagues import SIGN_IN, body, browser_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]

TOPIC = "ntfys://ntfy.example/Secret-topic-of-Bo"


@pytest.fixture
def mail(bo: Staff, now: datetime) -> Device:
    return add_device(
        staff=bo, channel="mail", name="My mail", address={"to": "bo@home.example"}, now=now
    )


def test_so_far_only_the_pager(bo: Staff) -> None:
    said = body(browser_of(bo).get("/devices/"))
    assert "So far only the open pager." in said
    assert "Quiet from" in said


def test_a_device_is_added_and_its_secret_shown_to_nobody(bo: Staff) -> None:
    phone = browser_of(bo)
    form = {"channel": "message", "address": TOPIC, "name": "Bo’s phone"}
    said = body(phone.post("/devices/", form, follow=True))
    assert "Bo’s phone is added. Ring it once." in said
    assert "2 ways that do not fail together" in said
    assert "ntfy" in said
    assert "Secret-topic-of-Bo" not in said
    assert Device.objects.get().address["url"] == TOPIC


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"channel": "message", "address": "file:///etc/passwd"}, "Write the address"),
        ({"channel": "mail", "address": "bo"}, "Write the whole e-mail address."),
        ({"channel": "wrist", "address": "x"}, "Choose one from the list."),
        ({}, "Choose one from the list."),
        ({"channel": "mail", "address": "a@b.example", "name": "n" * 61}, "longer than we can"),
    ],
)
def test_what_cannot_be_right_is_refused_in_words(
    bo: Staff, form: dict[str, str], words: str
) -> None:
    answer = browser_of(bo).post("/devices/", form)
    assert answer.status_code == 422
    assert words in body(answer)
    assert not Device.objects.exists()


def test_ringing_it_proves_it_and_puts_nobody_on_duty(bo: Staff, mail: Device) -> None:
    phone = browser_of(bo)
    test = str(phone.post(f"/devices/{mail.pk}/ring/")["Location"])
    assert SelfTest.objects.get().hand_over_at
    assert phone.post(test, {"felt": "yes"})["Location"] == "/devices/"
    assert duty.running_duty(bo) is None
    assert "felt 0" in body(phone.get("/devices/"))


def test_named_otherwise_and_put_away(bo: Staff, mail: Device) -> None:
    phone = browser_of(bo)
    assert "Call it otherwise" in body(phone.get("/devices/"))
    assert phone.post(f"/devices/{mail.pk}/name/", {"name": "Home"}).status_code == 302
    assert phone.post(f"/devices/{mail.pk}/name/", {"name": " "}).status_code == 422
    said = body(phone.post(f"/devices/{mail.pk}/retire/", follow=True))
    assert "Home is put away. It rings no more." in said
    assert phone.post(f"/devices/{mail.pk}/ring/").status_code == 404


def test_wishes_are_kept_and_shown(bo: Staff, mail: Device) -> None:
    phone = browser_of(bo)
    form = {
        f"after-{mail.pk}": "20", "quiet_from": "22:00", "quiet_until": "07:00", "quiet_below": "5",
    }  # fmt: skip
    assert "Noted." in body(phone.post("/devices/wishes/", form, follow=True))
    kept = Wishes.objects.get()
    assert kept.delays == {str(mail.pk): 20}
    assert (kept.quiet_from, kept.quiet_below) == (time(22), 5)
    assert '<option value="20" selected>' in phone.get("/devices/").content.decode()


@pytest.mark.parametrize(
    "form",
    [
        {"after": "601"},
        {"after": "x"},
        {"quiet_from": "22:00"},
        {"quiet_from": "7", "quiet_until": "noon"},
        {"quiet_from": "07:00", "quiet_until": "07:00", "quiet_below": "4"},
        {"quiet_from": "07:00", "quiet_until": "08:00", "quiet_below": "9"},
    ],
)
def test_wishes_that_cannot_be_are_refused(bo: Staff, mail: Device, form: dict[str, Any]) -> None:
    if "after" in form:
        form = {f"after-{mail.pk}": form["after"]}
    assert browser_of(bo).post("/devices/wishes/", form).status_code == 422
    assert not Wishes.objects.exists()


def test_quiet_hours_need_no_device(bo: Staff) -> None:
    form = {"quiet_from": "22:00", "quiet_until": "07:00", "quiet_below": "4"}
    assert browser_of(bo).post("/devices/wishes/", form).status_code == 302
    assert Wishes.objects.get().quiet_until == time(7)


def test_nobody_touches_the_devices_of_another_not_even_the_owner(
    mina: Staff, di: Staff, mail: Device
) -> None:
    for staff in (mina, di):
        browser = browser_of(staff)
        assert "My mail" not in body(browser.get("/devices/"))
        for act in ("name", "ring", "retire"):
            assert browser.post(f"/devices/{mail.pk}/{act}/", {"name": "x"}).status_code == 404
    assert browser.post(f"/devices/{uuid4()}/ring/").status_code == 404
    mail.refresh_from_db()
    assert (mail.name, mail.retired_at) == ("My mail", None)


def test_strangers_are_asked_to_sign_in(client: Any, mail: Device) -> None:
    assert client.get("/devices/")["Location"].startswith(SIGN_IN)
    assert client.post(f"/devices/{mail.pk}/retire/")["Location"].startswith(SIGN_IN)


def test_looking_changes_nothing(bo: Staff, mail: Device, now: datetime) -> None:
    phone = browser_of(bo)
    for address in (f"/devices/{mail.pk}/retire/", "/devices/wishes/"):
        assert phone.get(address).status_code == 405
    assert mail.added_at == now
