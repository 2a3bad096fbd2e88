"""An e-mail rings too: through the house's own mail server, with its refusals typed."""

import socket
from datetime import timedelta

import pytest

from makegood.ground.refusals import Invalid
from makegood.page.channels.mail import sending
from makegood.page.channels.mail.sending import read_address
from makegood.page.equipment.equipping import add_device
from makegood.page.hands import answering
from makegood.page.tests.provider import attempt_at, carry_all


@pytest.fixture
def mailbox(bo, now):
    address = read_address(" bo@home.example ")
    return add_device(staff=bo, channel="mail", name="Bo's mail", address=address, now=now)


def test_the_page_arrives_as_a_mail(ring, bo, on_duty, mailbox, postbox, now):
    on_duty(bo)
    page = ring()
    carry_all(now)
    (mail,) = postbox.taken
    assert (mail["Subject"], mail["To"]) == ("Table 14", "bo@home.example")
    assert f"/pager/{page.pk}/" in mail.get_content()
    assert mail["Message-ID"] == f"<{attempt_at(mailbox).pk}.ring@fairline.example>"
    answering.going(page=page, staff=bo, now=now)
    carry_all(now)
    assert len(postbox.taken) == 1  # a letter cannot be called back


def test_a_busy_server_is_asked_again(ring, bo, on_duty, mailbox, postbox, now):
    postbox.answers = ["451 try later"]
    on_duty(bo)
    ring()
    carry_all(now)
    assert attempt_at(mailbox).said == "The mail server said: try later"
    carry_all(now + timedelta(seconds=5))
    assert len(postbox.taken) == 1


def test_a_closed_server_is_asked_again(ring, bo, on_duty, mailbox, postbox, now):
    postbox.close()
    on_duty(bo)
    ring()
    carry_all(now)
    postbox.open()
    carry_all(now + timedelta(seconds=5))
    assert len(postbox.taken) == 1


def test_a_server_that_says_nothing_is_left_in_time(
    ring, bo, on_duty, mailbox, postbox, settings, now, monkeypatch
):
    monkeypatch.setattr(sending, "PATIENCE", 0.1)
    on_duty(bo)
    ring()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_PORT = silent.getsockname()[1]
        carry_all(now)
    assert "timed out" in attempt_at(mailbox).said
    assert attempt_at(mailbox).hand_over_at > now


def test_nobody_there_puts_the_mailbox_away(ring, bo, on_duty, mailbox, postbox, now):
    postbox.refuses_recipients_with = "550 no such user"
    on_duty(bo)
    ring()
    carry_all(now)
    mailbox.refresh_from_db()
    assert "no such user" in mailbox.retired_because
    assert attempt_at(mailbox).failed_at


def test_a_server_that_lets_us_in_no_more_is_no_fault_of_the_mailbox(
    ring, bo, on_duty, mailbox, postbox, now
):
    postbox.lets_nobody_in_with = "554 no service for you"
    on_duty(bo)
    ring()
    carry_all(now)
    assert attempt_at(mailbox).failed_at  # so that the next device rings
    assert attempt_at(mailbox).said == "The mail server said: no service for you"
    mailbox.refresh_from_db()
    assert mailbox.retired_at is None


def test_only_a_whole_address():
    for typed in ("", "bo", "bo@", "bo@home\nBcc: x@y.example"):
        with pytest.raises(Invalid):
            read_address(typed)
