"""A wrist pager under My devices: everybody adds their own, and its password is shown once."""

import json
import re
from datetime import datetime
from typing import Any

import msgspec
import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from makegood.ground import links
from makegood.ground.models import Entry
from makegood.page.equipment.equipping import add_device
from makegood.page.models import Device, SelfTest
from makegood.people.models import Staff
from tests.doors.colleagues import SIGN_IN, body, browser_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]

ADD = "/devices/wrist/"


@pytest.fixture(autouse=True)
def mqtt(settings: Settings) -> None:
    """The house listens for pagers."""
    settings.HOUSE = msgspec.structs.replace(
        settings.HOUSE, url="https://care.fairline.example", mqtt_port=8883, mqtt_cert="/etc/cert"
    )


@pytest.fixture
def wrist(bo: Staff, now: datetime) -> Device:
    """Bo's."""
    return add_device(staff=bo, channel="wrist", name="My wrist", address={}, now=now)


def settings_on(page: str) -> dict[str, Any]:
    """What can be copied."""
    found = re.search(r'id="settings"><code>(.*?)</code>', page, re.DOTALL)
    assert found
    copied: dict[str, Any] = json.loads(found[1].replace("&quot;", '"'))
    return copied


def test_a_wrist_pager_is_added_and_its_password_shown_once(bo: Staff) -> None:
    phone = browser_of(bo)
    answer = phone.post(ADD, {"name": "My wrist"})
    device = Device.objects.get()
    assert answer["Location"] == f"/devices/{device.pk}/wrist/"
    assert (device.staff, device.channel, device.name) == (bo, "wrist", "My wrist")
    password = links.close(links.PAGER, device.pk)
    first, again = (phone.get(answer["Location"]) for _ in range(2))
    assert "no-store" in first["Cache-Control"]
    assert settings_on(body(first)) == {
        "id": device.pk.hex, "secret": password, "wearer": "Bo",
        "server": {
            "host": "care.fairline.example", "port": 8883, "authority": "/authority.der",
        },
        "wifi": {"name": "", "password": ""},
    }  # fmt: skip
    assert password not in body(again)
    assert "was shown once" in body(again)
    assert f"pager-{device.pk.hex}" in body(again)
    assert f"/devices/{device.pk}/wrist/" in body(phone.get("/devices/"))


def test_two_wrists_of_one_name_are_two(bo: Staff) -> None:
    phone = browser_of(bo)
    for _ in range(2):
        phone.post(ADD, {"name": ""})
    assert [device.name for device in Device.objects.all()] == ["wrist pager", "wrist pager"]


def test_another_password_makes_the_old_one_void(bo: Staff, wrist: Device) -> None:
    phone = browser_of(bo)
    old = links.close(links.PAGER, wrist.pk)
    said = body(phone.post(f"/devices/{wrist.pk}/renew/", follow=True))
    assert settings_on(said)["secret"] == links.close(links.PAGER, wrist.pk, 1)
    assert old not in said
    assert Entry.objects.get(name="page.device_renewed").about == wrist.pk


def test_it_is_rung_named_and_put_away_as_any_other(bo: Staff, wrist: Device) -> None:
    phone = browser_of(bo)
    said = body(phone.post(f"/devices/{wrist.pk}/ring/", follow=True))
    assert "We ring My wrist. Say so on it, or here." in said
    assert SelfTest.objects.get().handed_over_at
    phone.post(f"/devices/{wrist.pk}/name/", {"name": "Left"})
    assert "Left" in body(phone.get(f"/devices/{wrist.pk}/wrist/"))
    phone.post(f"/devices/{wrist.pk}/retire/")
    for address in (f"/devices/{wrist.pk}/wrist/", f"/devices/{wrist.pk}/ring/"):
        assert phone.get(address).status_code in (404, 405)
    assert phone.post(f"/devices/{wrist.pk}/renew/").status_code == 404


def test_a_wrist_that_is_not_heard_says_so_when_it_is_tried(
    bo: Staff, wrist: Device, now: datetime
) -> None:
    Device.objects.update(lost_at=now)
    said = body(browser_of(bo).post(f"/devices/{wrist.pk}/ring/", follow=True))
    assert "My wrist has not been heard for" in said


def test_a_name_that_cannot_be_is_refused_in_words(bo: Staff) -> None:
    answer = browser_of(bo).post(ADD, {"name": "n" * 61})
    assert answer.status_code == 422
    assert "longer than we can" in body(answer)
    assert not Device.objects.exists()


def test_without_mqtt_the_screen_says_what_is_missing(
    bo: Staff, wrist: Device, settings: Settings
) -> None:
    settings.HOUSE = msgspec.structs.replace(settings.HOUSE, mqtt_port=None)
    phone = browser_of(bo)
    assert "MAKEGOOD_MQTT_PORT" in body(phone.get("/devices/"))
    assert "MAKEGOOD_MQTT_PORT" in body(phone.get(f"/devices/{wrist.pk}/wrist/"))
    answer = phone.post(ADD, {"name": "another"})
    assert answer.status_code == 409
    assert "which is off here" in body(answer)
    assert Device.objects.count() == 1


def test_through_a_broker_it_says_where_that_is(bo: Staff, settings: Settings) -> None:
    broker = "mqtts://makegood:secret@broker.example:8884"
    settings.HOUSE = msgspec.structs.replace(settings.HOUSE, mqtt_port=None, mqtt_broker=broker)
    said = body(browser_of(bo).post(ADD, {"name": "My wrist"}, follow=True))
    copied = settings_on(said)
    server = copied["server"]
    assert (server["host"], server["port"]) == ("broker.example", 8884)
    assert "makegood broker" in said
    assert "secret@" not in said


def test_without_tls_and_on_this_machine_only_it_says_so(
    bo: Staff, wrist: Device, settings: Settings
) -> None:
    settings.HOUSE = msgspec.structs.replace(
        settings.HOUSE, url="http://localhost:8000", mqtt_cert=""
    )
    said = body(browser_of(bo).get(f"/devices/{wrist.pk}/wrist/"))
    assert "type its address in your network" in said
    assert "can read the password" in said


def test_nobody_reads_or_renews_the_wrist_of_another(mina: Staff, di: Staff, wrist: Device) -> None:
    for staff in (mina, di):
        browser = browser_of(staff)
        assert browser.get(f"/devices/{wrist.pk}/wrist/").status_code == 404
        assert browser.post(f"/devices/{wrist.pk}/renew/").status_code == 404
    wrist.refresh_from_db()
    assert wrist.link_version == 0


def test_what_is_no_wrist_has_no_such_screen(bo: Staff, now: datetime) -> None:
    mail = add_device(staff=bo, channel="mail", name="", address={"to": "b@x.example"}, now=now)
    phone = browser_of(bo)
    assert phone.get(f"/devices/{mail.pk}/wrist/").status_code == 404
    assert phone.post(f"/devices/{mail.pk}/renew/").status_code == 404


def test_strangers_sign_in_and_looking_changes_nothing(
    client: Client, bo: Staff, wrist: Device
) -> None:
    assert client.post(ADD)["Location"].startswith(SIGN_IN)
    assert client.get(f"/devices/{wrist.pk}/wrist/")["Location"].startswith(SIGN_IN)
    phone = browser_of(bo)
    for address in (ADD, f"/devices/{wrist.pk}/renew/"):
        assert phone.get(address).status_code == 405
    assert Device.objects.count() == 1
