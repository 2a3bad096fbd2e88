"""Mail through a provider's HTTP API rings too, with its refusals typed as a mail server's are."""

import threading
from datetime import timedelta

import pytest

from makegood.config.mail_address import KEYS
from makegood.page.channels.mail import sending
from makegood.page.channels.mail.sending import carry, read_address
from makegood.page.channels.speaking import Kind, Passing, Permanent, Taken, Words
from makegood.page.equipment.equipping import add_device
from makegood.page.tests.provider import attempt_at, carry_all
from tests.mail_provider import ID, KEY, Refusal

WORDS = Words(kind=Kind.RING, key="k.ring", tag="t", title="Table 14", body="Cold", url="https://h")
BO = {"to": "bo@home.example"}
INACTIVE = {
    "ErrorCode": 406,
    "Message": "You tried to send to a recipient that has been marked as inactive.\n"
    "Found inactive addresses: bo@home.example.\nInactive recipients are ones that have "
    "generated a hard bounce or a spam complaint.",
}


@pytest.fixture
def mailbox(bo, now):
    address = read_address("bo@home.example")
    return add_device(staff=bo, channel="mail", name="Bo's mail", address=address, now=now)


@pytest.mark.parametrize("name", KEYS)
def test_every_provider_we_name_takes_it_and_its_words_are_kept(mail_through, name, now):
    service = mail_through(name)
    outcome = carry(WORDS, BO, now)
    assert isinstance(outcome, Taken)
    assert ID in outcome.said
    (mail,) = service.taken
    assert (mail.to, mail.subject, mail.text) == (
        "bo@home.example",
        "Table 14",
        "Cold\n\nhttps://h\n",
    )
    assert mail.message_id == "<k.ring@fairline.example>"


@pytest.mark.parametrize("name", KEYS)
def test_a_wrong_key_is_no_fault_of_the_mailbox(mail_through, name, now):
    mail_through(name, key="another")
    outcome = carry(WORDS, BO, now)
    assert isinstance(outcome, Permanent)
    assert not outcome.retire
    assert "401 Unknown key" in outcome.said
    assert KEY not in outcome.said


@pytest.mark.parametrize("code", [408, 420, 429, 500, 502, 503])
def test_busy_passes(postmark, code, now):
    postmark.answers = [Refusal(code, {"Message": "later"})]
    assert carry(WORDS, BO, now) == Passing(f"Postmark said: {code} later")


@pytest.mark.parametrize("asked", ["30", "Mon, 01 Jan 2024 12:00:30 GMT"])
def test_it_is_tried_again_no_sooner_than_asked_for(postmark, asked, now):
    moment = now.replace(year=2024, month=1, day=1, hour=12, minute=0, second=0, microsecond=0)
    postmark.answers = [Refusal(429, headers={"Retry-After": asked})]
    outcome = carry(WORDS, BO, moment)
    assert isinstance(outcome, Passing)
    assert outcome.retry_after == timedelta(seconds=30)


@pytest.mark.parametrize("code", [400, 413, 422])
def test_refused_for_good(postmark, code, now):
    postmark.answers = [Refusal(code, {"ErrorCode": 300, "Message": "Invalid 'From' address"})]
    assert carry(WORDS, BO, now) == Permanent(f"Postmark said: {code} Invalid 'From' address")


def test_a_refusal_that_names_nobody_is_no_yes(postmark, now):
    said = {"ErrorCode": 300, "Message": "Invalid 'To' address: 'else@home.example'."}
    postmark.answers = [Refusal(422, said)]
    outcome = carry(WORDS, BO, now)
    assert isinstance(outcome, Permanent)
    assert "else@home.example" in outcome.said


def test_an_answer_that_is_none_passes(postmark, now):
    postmark.answers = [Refusal(200)]
    assert isinstance(carry(WORDS, BO, now), Passing)


def test_no_answer_in_time_passes(postmark, monkeypatch, now):
    monkeypatch.setattr(sending, "PATIENCE", 0.1)
    postmark.waits_for = threading.Event()
    try:
        outcome = carry(WORDS, BO, now)
    finally:
        postmark.waits_for.set()
    assert outcome == Passing("The mail provider is out of reach: ReadTimeout")


def test_out_of_reach_passes(postmark, settings, now):
    settings.ANYMAIL = settings.ANYMAIL | {"POSTMARK_API_URL": "http://127.0.0.1:9/"}
    outcome = carry(WORDS, BO, now)
    assert outcome == Passing("The mail provider is out of reach: ConnectionError")


def test_a_page_keeps_what_the_provider_said(ring, bo, on_duty, mailbox, postmark, now):
    on_duty(bo)
    ring()
    carry_all(now)
    assert attempt_at(mailbox).sent_at
    assert attempt_at(mailbox).said == f"sent: {ID}"


def test_nobody_there_puts_the_mailbox_away(ring, bo, on_duty, mailbox, postmark, now):
    postmark.answers = [Refusal(422, INACTIVE)]
    on_duty(bo)
    ring()
    carry_all(now)
    mailbox.refresh_from_db()
    assert "marked as inactive" in mailbox.retired_because
    assert attempt_at(mailbox).failed_at
