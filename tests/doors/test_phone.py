"""A phone rung with its pager closed: who may subscribe it, and how long it rings."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from makegood.ground import clock
from makegood.page.channels.webpush.vapid import application_key
from makegood.page.equipment.equipping import retire_device
from makegood.page.equipment.subscribing import (
    ENDED,
    MOVED,
    RENEWED,
    SIGNED_OUT,
    put_away_signed_out,
)
from makegood.page.models import Device
from makegood.page.tests.push_service import Browser
from makegood.people.models import Organisation, Site, Staff
from tests.doors.colleagues import SIGN_IN, body, browser_of, felt, of_another_house, rung
from tests.doors.phones import ANDROID, AWAY, DOOR, IPHONE, send, tell

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]
SECOND = timedelta(seconds=1)


def test_bos_phone_is_one_device_however_often_it_says_so(
    bo: Staff, phone: Browser, now: datetime
) -> None:
    answer = tell(browser_of(bo), phone)
    assert (answer.status_code, answer.json()) == (200, {"name": "Bo’s Android phone"})
    with clock.standing_at(now + SECOND):
        assert tell(browser_of(bo), phone).status_code == 200
    device = Device.objects.get()
    assert (device.staff, device.channel, device.address) == (bo, "webpush", phone.address)
    assert device.seen_at == now + SECOND


def test_strangers_subscribe_nothing(client: Client, phone: Browser) -> None:
    answer = tell(client, phone)  # a script reads nothing where it is led
    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")
    assert client.post(DOOR)["Location"].startswith(SIGN_IN)
    for path in ("/pager/phone/", "/pager/phone/key/"):
        assert client.get(path)["Location"].startswith(SIGN_IN)
    assert not Device.objects.exists()


@pytest.mark.parametrize(
    "said",
    [
        {},
        [],
        "x",
        {"subscription": None},
        {"subscription": {"endpoint": "https://10.0.0.1/", "keys": {}}},
        {"subscription": Browser("https://10.0.0.1/push").subscription},
        {"subscription": Browser("http://localhost:8001/").subscription},
        {"subscription": Browser("https://fcm.googleapis.com/\x00").subscription},
    ],
)
def test_malformed_subscriptions_are_refused_in_words(bo: Staff, said: Any) -> None:
    answer = send(browser_of(bo), DOOR, said)
    assert answer.status_code == 422
    assert answer.json()["message"]
    assert not Device.objects.exists()


def test_only_our_own_script_is_listened_to(bo: Staff, phone: Browser) -> None:
    said, client = {"subscription": phone.subscription}, browser_of(bo)
    assert client.post(DOOR, said).status_code == 415
    assert client.post(DOOR, json.dumps(said), content_type="text/plain").status_code == 415
    assert send(client, DOOR, said, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert send(client, DOOR, said | {"x": "y" * 9000}).status_code == 413
    assert client.post(DOOR, "{", content_type="application/json").status_code == 422
    assert client.get(DOOR).status_code == 405
    assert not Device.objects.exists()


def test_a_phone_rings_whoever_uses_it_now(bo: Staff, mina: Staff, phone: Browser) -> None:
    tell(browser_of(bo), phone)
    tell(browser_of(mina), phone)
    bos, minas = Device.objects.order_by("added_at", "pk")
    assert (bos.staff, bos.retired_because) == (bo, MOVED)
    assert (minas.staff, minas.retired_at) == (mina, None)
    tell(browser_of(bo), phone)
    assert Device.objects.in_use().get().staff == bo


def test_another_house_has_devices_of_its_own(
    bo: Staff, fairline: Organisation, phone: Browser, now: datetime
) -> None:
    tell(browser_of(bo), phone)
    eve = of_another_house(now)
    send(browser_of(eve), AWAY, {"endpoint": phone.endpoint})
    assert Device.objects.in_use().get().staff == bo
    assert tell(browser_of(eve), phone).status_code == 200
    assert {device.staff for device in Device.objects.in_use()} == {bo, eve}


def test_a_browser_that_subscribed_anew_takes_the_place_of_the_old(
    bo: Staff, phone: Browser
) -> None:
    client, fresh = browser_of(bo), Browser("https://fcm.googleapis.com/fcm/send/fresh")
    tell(client, phone)
    tell(client, fresh, former=phone.endpoint)
    old, new = Device.objects.order_by("added_at", "pk")
    assert (old.retired_because, new.retired_at) == (RENEWED, None)
    rekeyed = Browser(fresh.endpoint)
    tell(client, rekeyed)
    assert Device.objects.in_use().get().address == rekeyed.address


def test_nobody_takes_the_place_of_a_colleagues_phone(
    bo: Staff, mina: Staff, phone: Browser
) -> None:
    tell(browser_of(bo), phone)
    other = Browser("https://fcm.googleapis.com/fcm/send/mina")
    tell(browser_of(mina), other, former=phone.endpoint)
    assert Device.objects.in_use().count() == 2
    send(browser_of(mina), AWAY, {"endpoint": phone.endpoint})
    assert Device.objects.in_use().count() == 2


def test_what_was_put_away_comes_back_only_when_asked(bo: Staff, phone: Browser) -> None:
    client = browser_of(bo)
    tell(client, phone)
    for _ in range(2):
        assert send(client, AWAY, {"endpoint": phone.endpoint}).status_code == 204
    assert not Device.objects.in_use().exists()
    refused = tell(client, phone)
    assert (refused.status_code, refused.json()["code"]) == (409, "put_away")
    assert tell(client, phone, asked=True).status_code == 200


def test_what_the_service_gave_up_has_to_subscribe_anew(
    bo: Staff, phone: Browser, now: datetime
) -> None:
    client = browser_of(bo)
    tell(client, phone)
    retire_device(device=Device.objects.get(), because="410", now=now)
    refused = tell(client, phone, asked=True)
    assert (refused.status_code, refused.json()["code"]) == (409, "gone")
    fresh = Browser("https://fcm.googleapis.com/fcm/send/fresh")
    assert tell(client, fresh, former=phone.endpoint).status_code == 200


def test_who_signs_out_is_not_rung_there_any_more(bo: Staff, phone: Browser) -> None:
    client = browser_of(bo)
    tell(client, phone)
    for path in ("/account/logout/", "/devices/"):
        said = body(client.get(path))
        assert 'data-leaves><input type="hidden" name="csrf' in said
        assert "js/leave.js" in said
    answer = client.post("/account/logout/", {"endpoint": phone.endpoint})
    assert answer.status_code == 302
    assert Device.objects.get().retired_because == SIGNED_OUT
    assert client.get("/devices/")["Location"].startswith(SIGN_IN)
    again = browser_of(bo)  # it does not come back by itself
    assert tell(again, phone).json()["code"] == "put_away"
    assert tell(again, phone, asked=True).status_code == 200


@pytest.mark.parametrize("endpoint", ["", "\x00", "https://fcm.googleapis.com/fcm/send/mina"])
def test_signing_out_elsewhere_puts_no_phone_away(
    bo: Staff, mina: Staff, phone: Browser, endpoint: str
) -> None:
    tell(browser_of(bo), phone)
    tell(browser_of(mina), Browser("https://fcm.googleapis.com/fcm/send/mina"))
    client = browser_of(bo)
    client.get("/account/logout/", {"endpoint": phone.endpoint})
    assert client.post("/account/logout/", {"endpoint": endpoint}).status_code == 302
    assert Device.objects.in_use().count() == 2
    assert Client().post("/account/logout/", {"endpoint": phone.endpoint}).status_code == 302
    assert Device.objects.in_use().count() == 2


def sign_ins_end(client: Client, *, cleared: bool = False) -> None:
    """The session of this browser ends by itself: it expires, or was cleared away."""
    session = Session.objects.filter(session_key=client.session.session_key)
    if cleared:
        session.delete()
    else:
        session.update(expire_date=datetime.now(UTC) - SECOND)


@pytest.mark.parametrize("cleared", [False, True])
def test_a_sign_in_that_ends_by_itself_ends_the_rings_of_that_phone(
    bo: Staff, phone: Browser, now: datetime, cleared: bool
) -> None:
    client, other = browser_of(bo), Browser("https://fcm.googleapis.com/fcm/send/other")
    tell(client, phone)
    tell(browser_of(bo), other)
    assert put_away_signed_out(now=now) == 0
    sign_ins_end(client, cleared=cleared)
    assert put_away_signed_out(now=now) == 1
    assert put_away_signed_out(now=now) == 0
    assert Device.objects.get(retired_because=ENDED).address == phone.address
    page = rung(felt(bo, now).site, now)
    (attempt,) = page.attempts.filter(device__isnull=False)
    assert attempt.device
    assert attempt.device.address == other.address


def test_signing_in_again_on_the_phone_brings_it_back_and_elsewhere_does_not(
    bo: Staff, phone: Browser, now: datetime
) -> None:
    client, desk = browser_of(bo), browser_of(bo)
    tell(client, phone)
    sign_ins_end(client)
    put_away_signed_out(now=now)
    desk.get("/pager/")
    tell(desk, Browser("https://fcm.googleapis.com/fcm/send/desk"))
    in_use = Device.objects.in_use()
    assert not in_use.filter(address__endpoint=phone.endpoint).exists()
    assert tell(browser_of(bo), phone).status_code == 200
    assert in_use.filter(address__endpoint=phone.endpoint).exists()
    assert put_away_signed_out(now=now) == 0


def test_a_phone_belongs_to_the_sign_in_it_was_last_opened_in(
    bo: Staff, phone: Browser, now: datetime
) -> None:
    before = browser_of(bo)
    tell(before, phone)
    tell(browser_of(bo), phone)
    sign_ins_end(before)
    assert put_away_signed_out(now=now) == 0


def test_a_sign_in_on_a_phone_that_rings_lasts_from_each_open(bo: Staff, phone: Browser) -> None:
    client = browser_of(bo)
    session = Session.objects.filter(session_key=client.session.session_key)
    session.update(expire_date=datetime.now(UTC) + timedelta(days=1))
    tell(client, phone)
    assert session.get().expire_date > datetime.now(UTC) + timedelta(days=29)


def test_what_a_device_knows_of_its_sign_in_opens_no_door(bo: Staff, phone: Browser) -> None:
    client = browser_of(bo)
    tell(client, phone)
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = Device.objects.get().session
    assert thief.get("/pager/")["Location"].startswith(SIGN_IN)


def test_the_key_is_the_houses(bo: Staff) -> None:
    said = browser_of(bo).get("/pager/phone/key/").json()
    assert said == {"key": application_key(settings.HOUSE.secret)}


# --- answering from the notification


def test_a_computer_shows_the_code_for_the_phone_and_both_ways(bo: Staff) -> None:
    said = body(browser_of(bo).get("/pager/phone/"))
    assert 'class="qr"' in said
    assert f"{settings.HOUSE.url}/pager/phone/" in said
    assert "Add to Home Screen" in said
    assert "Android" in said
    assert f'data-push-key="{application_key(settings.HOUSE.secret)}"' in said


def test_an_iphone_is_guided_to_its_home_screen(bo: Staff) -> None:
    said = body(browser_of(bo).get("/pager/phone/", headers={"User-Agent": IPHONE}))
    assert "Add to Home Screen" in said
    assert "Android" not in said
    assert 'class="qr"' not in said


def test_an_android_phone_is_told_its_own_way(bo: Staff) -> None:
    said = body(browser_of(bo).get("/pager/phone/", headers={"User-Agent": ANDROID}))
    assert "Chrome, Firefox or Samsung Internet" in said
    assert "Safari" not in said


def test_the_worker_reaches_the_pager_only_and_the_policy_stays_strict(bo: Staff) -> None:
    served = Client().get("/pager/worker.js")
    assert served["Content-Type"].startswith("text/javascript")
    assert "Service-Worker-Allowed" not in served
    assert "no-cache" in served["Cache-Control"]
    screen = browser_of(bo).get("/pager/phone/")
    assert "script-src 'self';" in screen["Content-Security-Policy"]
    assert "<script>" not in body(screen)


def test_the_pager_leads_to_it(bo: Staff, harbour: Site, now: datetime) -> None:
    assert "/pager/phone/" in body(browser_of(bo).get("/pager/"))
    felt(bo, now)
    said = body(browser_of(bo).get("/pager/"))
    assert "/pager/phone/" in said
    assert "js/push.js" in said
