"""A message over a service of the person's own: what it takes, and what each refusal means."""

import threading
from datetime import timedelta

import apprise
import pytest

from makegood.ground.refusals import Invalid
from makegood.page.channels.message import sending
from makegood.page.channels.message.sending import judge, read_address
from makegood.page.channels.speaking import Kind, Passing, Permanent, Taken, Words
from makegood.page.equipment.equipping import add_device
from makegood.page.hands import answering
from makegood.page.tests.provider import attempt_at, carry_all
from makegood.page.tests.services import TOKEN

WORDS = Words(
    kind=Kind.RING,
    key="k",
    tag="t",
    title="Table 14",
    body="The food, and waiting",
    url="https://house.example/pager/1/",
    severity=4,
)


def hand_over(gotify, now, words=WORDS):
    return sending.carry(words, read_address(gotify.url), now)


def test_taken_in_the_words_of_the_page(gotify, now):
    assert hand_over(gotify, now) == Taken()
    (message,) = gotify.taken
    assert message["title"] == "Table 14"
    assert message["message"] == "The food, and waiting\nhttps://house.example/pager/1/"
    assert message["token"] == TOKEN


@pytest.mark.parametrize("code", [408, 429, 500, 502, 503])
def test_busy_passes(gotify, now, code):
    gotify.answers = [code]
    outcome = hand_over(gotify, now)
    assert isinstance(outcome, Passing)
    assert f"error={code}" in outcome.said


@pytest.mark.parametrize(
    ("code", "retire"), [(400, False), (401, False), (404, False), (410, True)]
)
def test_refused_for_good(gotify, now, code, retire):
    gotify.answers = [code]
    outcome = hand_over(gotify, now)
    assert isinstance(outcome, Permanent)
    assert outcome.retire is retire
    assert TOKEN not in outcome.said


def test_out_of_reach_passes(now):
    outcome = sending.carry(WORDS, read_address(f"gotify://127.0.0.1:9/{TOKEN}"), now)
    assert isinstance(outcome, Passing)


def test_too_slow_passes_in_time(gotify, now, monkeypatch):
    gotify.waits_for = threading.Event()
    monkeypatch.setattr(sending, "SECONDS", 0.2)
    outcome = hand_over(gotify, now)
    gotify.waits_for.set()
    assert isinstance(outcome, Passing)


def test_what_it_says_keeps_the_secrets():
    outcome = judge([f"Failed at {TOKEN}: error=403."], f"gotify://host.example/{TOKEN}")
    assert outcome == Permanent("Failed at …: error=403.")


@pytest.mark.parametrize(
    "typed",
    ["", "hello", "file:///etc/passwd", "json://127.0.0.1/", "dbus://", "mailto://a:b@c.example",
     "syslog://", "exec://ls", "tgram://", "gotify://127.0.0.1"],
)  # fmt: skip
def test_only_services_that_reach_a_person(typed):
    with pytest.raises(Invalid) as refused:
        read_address(typed)
    assert refused.value.field == "address"


def test_apprise_knows_every_service_we_name():
    known = {
        schema
        for plugin in apprise.Apprise().details()["schemas"]
        for schema in (*(plugin["protocols"] or ()), *(plugin["secure_protocols"] or ()))
    }
    assert known >= sending.SERVICES


def test_two_services_are_two_ways(gotify):
    one, other = read_address(gotify.url), read_address("ntfys://ntfy.example/topic")
    assert sending.CHANNEL.way(one) != sending.CHANNEL.way(other)
    assert sending.CHANNEL.way(one) == sending.CHANNEL.way(read_address(gotify.url + "2"))


def test_from_the_page_to_the_service_and_the_walk_spared(ring, bo, mina, on_duty, gotify, now):
    phone = add_device(
        staff=bo, channel="message", name="phone", address=read_address(gotify.url), now=now
    )
    on_duty(bo, mina)
    page = ring()
    gotify.answers = [503]
    carry_all(now)
    assert attempt_at(phone).tries == 1
    carry_all(now + timedelta(seconds=5))
    assert [message["title"] for message in gotify.taken] == ["Table 14"]
    answering.going(page=page, staff=mina, now=now + timedelta(seconds=6))
    carry_all(now + timedelta(seconds=6))
    assert gotify.taken[-1]["message"].startswith("Mina is going.")


def test_who_answered_gets_no_message_more(ring, bo, on_duty, gotify, now):
    add_device(staff=bo, channel="message", name="", address=read_address(gotify.url), now=now)
    on_duty(bo)
    page = ring()
    carry_all(now)
    answering.going(page=page, staff=bo, now=now)
    carry_all(now)
    assert len(gotify.taken) == 1
