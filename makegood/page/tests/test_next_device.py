"""A permanent failure moves to the person's next device at once, whatever channel gave up."""

from datetime import timedelta

import pytest

from makegood.page.channels.mail import sending as mail
from makegood.page.channels.message import sending as message
from makegood.page.duty.selftesting import ring_for_test
from makegood.page.equipment.equipping import add_device, wish
from makegood.page.tests.provider import attempt_at, carry_all
from tests.mail_provider import Refusal

SPARE_RINGS_AFTER = timedelta(minutes=5)


@pytest.fixture
def spare(bo, pigeon):
    """What Bo would be rung on five minutes later."""
    device = pigeon(bo, "spare")
    wish(staff=bo, delays={device.pk: SPARE_RINGS_AFTER}, quiet=None)
    return device


@pytest.fixture
def rings(ring, bo, on_duty, spare, provider, now):
    """Rings Bo on a device, and says whether the spare was rung in the same moment."""

    def spare_rung_after(channel: str, address) -> bool:
        device = add_device(staff=bo, channel=channel, name="first", address=address, now=now)
        on_duty(bo)
        ring()
        carry_all(now)
        assert bool(attempt_at(device).failed_at) == bool(provider.heard("spare"))
        return bool(provider.heard("spare"))

    return spare_rung_after


@pytest.mark.parametrize("code", [400, 403, 404, 410])
def test_the_push_service_gave_the_phone_up(rings, push_service, code):
    push_service.answers = [code]
    assert rings("webpush", push_service.subscribe().address)


def test_every_page_that_was_to_ring_a_phone_that_is_gone_moves_on(
    ring, bo, on_duty, spare, provider, push_service, now
):
    address = push_service.subscribe().address
    phone = add_device(staff=bo, channel="webpush", name="first", address=address, now=now)
    push_service.answers = [410, 410, 410]
    on_duty(bo)
    pages = [ring(), ring(), ring()]
    carry_all(now)
    assert phone.attempts.exclude(failed_at=None).count() == len(pages)
    assert {words.tag for words in provider.heard("spare")} == {str(page.pk) for page in pages}


def test_a_self_test_that_finds_a_phone_gone_moves_its_pages_on(
    ring, bo, harbour, on_duty, spare, provider, push_service, now
):
    address = push_service.subscribe().address
    phone = add_device(staff=bo, channel="webpush", name="first", address=address, now=now)
    push_service.answers = [503, 410]
    on_duty(bo)
    ring()
    carry_all(now)
    assert not provider.heard("spare")
    ring_for_test(staff=bo, site=harbour, device=phone, now=now)
    carry_all(now)
    carry_all(now + timedelta(seconds=1))
    assert provider.heard("spare")


@pytest.mark.parametrize("code", [429, 503])
def test_a_push_service_that_is_busy_keeps_the_spare_waiting(rings, push_service, code):
    push_service.answers = [code]
    assert not rings("webpush", push_service.subscribe().address)


@pytest.mark.parametrize("code", [400, 401, 410])
def test_a_messenger_refused_for_good(rings, gotify, code):
    gotify.answers = [code]
    assert rings("message", message.read_address(gotify.url))


def test_a_messenger_that_is_busy_keeps_the_spare_waiting(rings, gotify):
    gotify.answers = [503]
    assert not rings("message", message.read_address(gotify.url))


def test_the_mail_server_knows_nobody_there(rings, postbox):
    postbox.refuses_recipients_with = "550 no such user"
    assert rings("mail", mail.read_address("bo@home.example"))


def test_the_mail_server_refuses_the_mail(rings, postbox):
    postbox.answers = ["554 not that"]
    assert rings("mail", mail.read_address("bo@home.example"))


def test_the_mail_server_lets_the_house_in_no_more(rings, postbox):
    postbox.lets_nobody_in_with = "554 no service for you"
    assert rings("mail", mail.read_address("bo@home.example"))


def test_a_mail_server_that_is_busy_keeps_the_spare_waiting(rings, postbox):
    postbox.answers = ["451 try later"]
    assert not rings("mail", mail.read_address("bo@home.example"))


@pytest.mark.parametrize("code", [400, 401, 403, 422])
def test_the_mail_provider_refuses_the_mail(rings, postmark, code):
    postmark.answers = [Refusal(code, {"ErrorCode": 300, "Message": "no"})]
    assert rings("mail", mail.read_address("bo@home.example"))


@pytest.mark.parametrize("code", [429, 503])
def test_a_mail_provider_that_is_busy_keeps_the_spare_waiting(rings, postmark, code):
    postmark.answers = [Refusal(code)]
    assert not rings("mail", mail.read_address("bo@home.example"))
