"""A phone whose pager is closed is pushed: sealed for it alone, signed, no longer than it helps."""

import json
import threading
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from hypothesis import given, strategies as st

from makegood.ground import links
from makegood.ground.refusals import Invalid
from makegood.page.channels.speaking import Kind, Passing, Permanent, Taken, Words
from makegood.page.channels.webpush import sending
from makegood.page.channels.webpush.payload import LONGEST_WAIT, payload_of, time_to_live
from makegood.page.channels.webpush.sealing import LONGEST, RECORD, seal
from makegood.page.channels.webpush.sending import CHANNEL, carry, judge, topic_of
from makegood.page.channels.webpush.subscription import decoded, encoded, read_subscription
from makegood.page.channels.webpush.vapid import application_key, authorization, contact
from makegood.page.equipment.equipping import add_device
from makegood.page.hands import answering
from makegood.page.models import Attempt
from makegood.page.tests.provider import carry_all
from makegood.page.tests.push_service import Browser, is_in_force

NOW = datetime.fromisoformat("2026-11-22T20:12:00+00:00")
SECOND = timedelta(seconds=1)
PAGE = "0199"


def words(kind: Kind = Kind.RING, **more: Any) -> Words:
    usual = Words(
        kind=kind,
        key=f"{uuid4()}.ring",
        tag=PAGE,
        title="Table 14",
        body="The food, and waiting",
        url="http://localhost:8000/pager/1/",
        until=NOW + timedelta(minutes=4),
        data={"purpose": "reach"},
    )
    return replace(usual, **more)


# --- sealing and signing


def test_sealing_is_the_published_example():
    """RFC 8291, appendix A, byte for byte."""
    number = int.from_bytes(decoded("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big")
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(
        ec.SECP256R1(),
        decoded(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
        ),
    )
    body = seal(
        b"When I grow up, I want to be a watermelon",
        theirs,
        decoded("BTBZMqHH6r4Tts7J_aSIgg"),
        ours=ec.derive_private_key(number, ec.SECP256R1()),
        salt=decoded("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert encoded(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS"
        "6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qu"
        "lcy4a-fN"
    )


@given(st.binary(max_size=300))
def test_only_the_browser_it_is_for_can_open_it(plain):
    phone, other = Browser("https://push.example/1"), Browser("https://push.example/2")
    body = seal(plain, phone.key.public_key(), phone.auth)
    assert phone.open(body) == plain
    with pytest.raises(InvalidTag):
        other.open(body)


def test_the_longest_fits_the_record_and_nothing_longer_is_sealed():
    phone = Browser("https://push.example/1")
    assert len(seal(b"x" * LONGEST, phone.key.public_key(), phone.auth)) == RECORD
    with pytest.raises(ValueError, match="bytes"):
        seal(b"x" * (LONGEST + 1), phone.key.public_key(), phone.auth)


def test_one_secret_has_one_key_and_another_secret_another():
    assert application_key("a" * 40) == application_key("a" * 40)
    assert application_key("a" * 40) != application_key("b" * 40)
    assert len(decoded(application_key("a" * 40))) == 65


def test_a_token_is_signed_once_for_hours():
    def signed(at: datetime) -> str:
        return authorization("a" * 40, "https://push.example", "mailto:a@b.example", at)

    midnight = NOW.replace(hour=0, minute=0)
    assert signed(midnight) == signed(midnight + timedelta(hours=5, minutes=59))
    assert signed(midnight) != signed(midnight + timedelta(hours=6))


@pytest.mark.parametrize(
    ("url", "email_from", "who"),
    [
        ("https://care.example.org", "x@y.example", "https://care.example.org"),
        ("https://care.example.org:8443", "x@y.example", "https://care.example.org"),
        ("http://localhost:8000", "Makegood <makegood@localhost>", "mailto:makegood@localhost"),
    ],
)
def test_push_services_can_find_whoever_sends(url, email_from, who):
    assert contact(url, email_from) == who
    assert authorization("a" * 40, "https://push.example", contact(url, email_from), NOW)


# --- whom we send to


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc",
        "https://updates.push.services.mozilla.com/wpush/v2/abc",
        "https://web.push.apple.com/abc",
        "https://wns2-par02p.notify.windows.com/w/?token=abc",
        "http://127.0.0.1:9/named-by-the-house",
    ],
)
def test_push_services_of_browsers_and_of_the_house_are_known(endpoint):
    phone = Browser(endpoint)
    assert read_subscription(phone.subscription, allowed={"http://127.0.0.1:9"}) == phone.address


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/fcm/send/abc",
        "https://fcm.googleapis.com:8080/",
        "https://fcm.googleapis.com.evil.example/",
        "https://evilpush.apple.com.example/",
        "https://xfcm.googleapis.com/",
        "https://push.apple.com/",
        "https://me@fcm.googleapis.com/",
        "https://fcm.googleapis.com@10.0.0.1/",
        "https://10.0.0.1/",
        "https://[::1]/",
        "https://[fcm.googleapis.com",
        "https://localhost:8001/",
        "http://169.254.169.254/latest/",
        "http://127.0.0.1:90/",
        "file:///etc/passwd",
        "https://fcm.googleapis.com:x/",
        "https://fcm.googleapis.com\\@10.0.0.1/",
        "https://fcm.googleapis.com/\r\nHost: x",
        "https://fcm.googleapis.com/" + "a" * 1000,
        "",
    ],
)
def test_nothing_else_is_ever_called(endpoint):
    said = Browser(endpoint).subscription
    with pytest.raises(Invalid):
        read_subscription(said, allowed={"http://127.0.0.1:9"})


@pytest.mark.parametrize(
    "broken",
    [
        None,
        [],
        "x",
        {},
        {"endpoint": "https://web.push.apple.com/a"},
        {"endpoint": "https://web.push.apple.com/a", "keys": None},
        {"endpoint": "https://web.push.apple.com/a", "keys": {"p256dh": 7, "auth": "x"}},
        {"endpoint": "https://web.push.apple.com/a", "keys": {"p256dh": "é", "auth": "x"}},
        {"endpoint": "https://web.push.apple.com/a", "keys": {"p256dh": "AAAA", "auth": "AAAA"}},
        {
            "endpoint": "https://web.push.apple.com/a",
            "keys": {"p256dh": encoded(b"\x04" + b"\x01" * 64), "auth": encoded(b"a" * 16)},
        },
        {
            "endpoint": "https://web.push.apple.com/a",
            "keys": Browser("").subscription["keys"] | {"auth": encoded(b"a" * 15)},
        },
    ],
)
def test_what_is_no_subscription_is_refused_in_words(broken):
    with pytest.raises(Invalid):
        read_subscription(broken, allowed=())


def test_rows_written_before_a_service_was_forbidden_are_not_called():
    phone = Browser("http://10.0.0.1/push")
    assert carry(words(), phone.address, NOW) == Permanent("We do not know that push service.")


# --- the service


def test_a_ring_arrives_sealed_signed_and_urgent(push_service):
    phone = push_service.subscribe()
    outcome = carry(words(), phone.address, NOW)
    assert outcome == Taken("201"), push_service.refused
    [push] = push_service.pushes
    assert (push.said["title"], push.said["tag"]) == ("Table 14", PAGE)
    assert push.headers["urgency"] == "high"
    assert push.headers["ttl"] == "240"
    assert push.headers["topic"] == topic_of(PAGE)
    assert len(push.headers["topic"]) == 32
    assert push.claims["k"] == application_key(settings.HOUSE.secret)
    assert is_in_force(push.claims, NOW.timestamp())


def test_a_browser_that_is_gone_is_retired(push_service):
    phone = push_service.subscribe()
    push_service.forget()
    assert carry(words(), phone.address, NOW) == Permanent("410", retire=True)
    push_service.answers = [404]
    assert carry(words(), phone.address, NOW) == Permanent("404", retire=True)


def test_what_is_too_long_is_told_in_short(push_service):
    phone = push_service.subscribe()
    said = words(body="x" * 400, title="y" * 80)
    push_service.most = len(payload_of(said))
    assert carry(said, phone.address, NOW) == Taken("201")
    [push] = push_service.pushes
    assert (push.said["title"], push.said["body"]) == ("y" * 80, "")
    assert push.said["actions"]
    push_service.most = 10
    assert carry(said, phone.address, NOW) == Permanent("413: too long")


@pytest.mark.parametrize("code", [408, 425, 429, 500, 502, 503, 599])
def test_what_passes_is_tried_again(push_service, code):
    phone = push_service.subscribe()
    push_service.answers = [code]
    assert carry(words(), phone.address, NOW) == Passing(str(code))


@pytest.mark.parametrize("code", [301, 400, 401, 403, 405, 422])
def test_what_is_refused_otherwise_is_given_up_and_the_device_stays(push_service, code):
    phone = push_service.subscribe()
    push_service.answers = [code]
    assert carry(words(), phone.address, NOW) == Permanent(str(code))


@pytest.mark.parametrize(
    ("header", "pause"),
    [
        ("30", timedelta(seconds=30)),
        ("Sun, 22 Nov 2026 20:14:00 GMT", timedelta(minutes=2)),
        ("Sun, 22 Nov 2026 20:00:00 GMT", timedelta()),
        ("999999999999999999999", timedelta(hours=1)),
        ("86400", timedelta(hours=1)),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
def test_a_service_says_when_it_wants_to_hear_of_us_again(push_service, header, pause):
    phone = push_service.subscribe()
    push_service.answers, push_service.extra = [429], {"Retry-After": header}
    outcome = carry(words(), phone.address, NOW)
    assert outcome == Passing("429", pause)


def test_a_service_that_does_not_answer_passes(push_service, monkeypatch):
    monkeypatch.setattr(sending, "_line", lambda: httpx.Client(timeout=0.05))
    phone = push_service.subscribe()
    push_service.waits_for = threading.Event()
    assert carry(words(), phone.address, NOW) == Passing("No answer in time.")
    push_service.waits_for.set()


def test_a_service_out_of_reach_passes(push_service, monkeypatch):
    phone = push_service.subscribe()

    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route", request=request)

    line = httpx.Client(transport=httpx.MockTransport(refuse))
    monkeypatch.setattr(sending, "_line", lambda: line)
    assert carry(words(), phone.address, NOW) == Passing("Out of reach: ConnectError")


@given(st.integers(100, 599))
def test_only_what_is_gone_for_good_retires_a_device(code):
    outcome = judge(code, "", None)
    assert getattr(outcome, "retire", False) == (code in (404, 410))


# --- words


def test_it_is_never_kept_longer_than_it_is_good_for():
    assert time_to_live(words(until=NOW + 90 * SECOND), NOW) == 90
    assert time_to_live(words(until=NOW + timedelta(hours=3)), NOW) == 300
    assert time_to_live(words(until=None), NOW) == 60
    assert time_to_live(words(until=NOW - SECOND), NOW) == 60
    assert time_to_live(words(Kind.STOP, until=None), NOW) == LONGEST_WAIT.total_seconds()


def test_a_ring_brings_a_capability_for_itself_alone():
    attempt = uuid4()
    told = json.loads(payload_of(words(key=f"{attempt}.ring")))
    _, _, _, token, verb, _ = told["actions"][0]["url"].split("/")
    assert verb == "going"
    assert links.open_link(links.ANSWER, token).id == attempt
    assert told["received"] == f"/pager/said/{token}/received/"


def test_a_self_test_brings_a_capability_to_say_that_it_was_felt():
    test = uuid4()
    told = json.loads(payload_of(words(Kind.TEST, key=f"{test}.test", data={})))
    [felt] = told["actions"]
    _, _, _, token, verb, _ = felt["url"].split("/")
    assert (felt["action"], verb) == ("felt", "felt")
    assert links.open_link(links.FELT, token).id == test
    assert told["received"] == f"/pager/said/{token}/arrived/"


def test_what_is_decided_on_a_screen_has_no_answer_on_the_notification():
    assert "actions" not in json.loads(payload_of(words(data={"purpose": "decide"})))
    stop = json.loads(payload_of(words(Kind.STOP, key="no id.stop", data={})))
    assert "actions" not in stop
    assert "received" not in stop


@given(st.text(max_size=3000), st.text(max_size=3000))
def test_whatever_is_said_fits_a_push(title, body):
    assert len(payload_of(words(title=title, body=body))) < LONGEST


# --- as page uses it


@pytest.mark.django_db
def test_bos_phone_rings_and_falls_silent_when_mina_goes(
    ring, bo, mina, on_duty, push_service, now
):
    phone = push_service.subscribe()
    device = add_device(staff=bo, channel="webpush", name="", address=phone.address, now=now)
    assert device.name == CHANNEL.title
    on_duty(bo, mina)
    page = ring()
    carry_all(now)
    answering.going(page=page, staff=mina, now=now + SECOND)
    carry_all(now + SECOND)
    rang, stopped = (push.said for push in push_service.pushes)
    assert (rang["kind"], rang["title"]) == ("ring", "Table 14")
    assert (stopped["kind"], stopped["tag"]) == ("stop", rang["tag"])
    assert stopped["body"] == "Mina is going. Nobody else needs to."
    attempt = Attempt.objects.get(device=device)
    token = rang["received"].split("/")[3]
    assert links.open_link(links.ANSWER, token).id == UUID(str(attempt.pk))


@pytest.mark.django_db
def test_a_phone_that_is_gone_is_put_away(ring, bo, on_duty, push_service, now):
    phone = push_service.subscribe()
    device = add_device(staff=bo, channel="webpush", name="", address=phone.address, now=now)
    push_service.forget()
    on_duty(bo)
    ring()
    carry_all(now)
    device.refresh_from_db()
    assert device.retired_at
    assert device.retired_because == "410"


def test_phones_at_one_service_fail_together():
    google = [Browser(f"https://fcm.googleapis.com/fcm/send/{n}").address for n in "ab"]
    apple = Browser("https://web.push.apple.com/a").address
    assert CHANNEL.way(google[0]) == CHANNEL.way(google[1]) != CHANNEL.way(apple)
