"""The door for a mail provider: a mail that came back makes the next device due at once."""

import base64
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest
from click.testing import CliRunner
from django.conf import settings as house_settings
from django.test import Client

from makegood.console.commands.mail import command
from makegood.ground.ids import new_id
from makegood.ground.waiting import treat_all_waiting
from makegood.page.channels.mail.sending import read_address
from makegood.page.delivery import carrying
from makegood.page.duty.selftesting import ring_for_test
from makegood.page.equipment.equipping import add_device, wish
from makegood.page.hands import answering
from makegood.page.jobs import RINGS, TESTS
from makegood.page.models import Attempt, Device, Page, SelfTest
from makegood.people.models import Customer, Staff
from makegood.words import jobs
from makegood.words.models import Letter
from makegood.words.writing import draft_letter, send_letter
from tests.cast import facts_about
from tests.doors.colleagues import body, felt, rung
from tests.mail_provider import APIS, KEY, MailService

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]

DOOR = "/hooks/mail/"
NO_SUCH_USER = "550 5.1.1 no such user"
Post = Callable[..., Any]


def _postmark(metadata: dict[str, str], back: bool) -> Any:
    told = {"MessageID": "m", "Metadata": metadata, "Recipient": "bo@home.example"}
    if not back:
        return told | {"RecordType": "Delivery", "DeliveredAt": "2026-11-21T19:12:09Z"}
    words = {"Description": "The mailbox does not exist.", "Details": NO_SUCH_USER}
    return told | words | {"RecordType": "Bounce", "Type": "HardBounce", "ID": 7}


def _mailgun(metadata: dict[str, str], back: bool) -> Any:
    about = {"user-variables": metadata, "recipient": "bo@home.example", "timestamp": 1763752329.5}
    if not back:
        return {"event-data": about | {"event": "delivered"}}
    failed = {"event": "failed", "severity": "permanent", "reason": "bounce"}
    status = {"delivery-status": {"code": 550, "message": NO_SUCH_USER}}
    return {"event-data": about | failed | status}


def _brevo(metadata: dict[str, str], back: bool) -> Any:
    told = {"email": "bo@home.example", "X-Mailin-custom": json.dumps(metadata), "message-id": "m"}
    return told | (
        {"event": "hard_bounce", "reason": NO_SUCH_USER} if back else {"event": "delivered"}
    )


def _resend(metadata: dict[str, str], back: bool) -> Any:
    headers = [{"name": "X-Metadata", "value": json.dumps(metadata)}]
    data: dict[str, Any] = {"email_id": "m", "to": ["bo@home.example"], "headers": headers}
    if not back:
        return {"type": "email.delivered", "data": data}
    return {"type": "email.bounced", "data": data | {"bounce": {"message": NO_SUCH_USER}}}


def _sparkpost(metadata: dict[str, str], back: bool) -> Any:
    told = {"rcpt_meta": metadata, "raw_rcpt_to": "bo@home.example", "timestamp": "1763752329"}
    bounce = {"type": "bounce", "bounce_class": "30", "raw_reason": NO_SUCH_USER}
    return [{"msys": {"message_event": told | (bounce if back else {"type": "delivery"})}}]


TELLS = {
    "brevo": _brevo, "mailgun": _mailgun, "postmark": _postmark, "resend": _resend,
    "sparkpost": _sparkpost,
}  # fmt: skip


@pytest.fixture
def through(
    mail_through: Callable[[str], MailService], monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], MailService]:
    """The house's mail leaves through this provider, which may tell what came of it."""

    def to(name: str) -> MailService:
        service = mail_through(name)
        house = msgspec.structs.replace(
            house_settings.HOUSE, mail_provider_name=name, mail_key=KEY, mail_api=service.url(name)
        )
        monkeypatch.setattr(house_settings, "HOUSE", house)
        return service

    return to


@pytest.fixture
def postmark(through: Callable[[str], MailService]) -> MailService:
    """All of the house's mail leaves through Postmark."""
    return through("postmark")


@pytest.fixture
def mailbox(bo: Staff, now: datetime) -> Device:
    """Bo's mailbox; a spare one waits for five minutes."""
    first, spare = (
        add_device(staff=bo, channel="mail", name=name, address=read_address(to), now=now)
        for name, to in (("first", "bo@home.example"), ("spare", "bo@work.example"))
    )
    wish(staff=bo, delays={spare.pk: timedelta(minutes=5)}, quiet=None)
    return first


def tell(said: Any, *, password: str | None = None, **more: Any) -> Any:
    """What the provider posts, at the address that `makegood mail` prints."""
    if password is None:
        password = urlsplit(house_settings.HOUSE.mail_hook).netloc.rpartition("@")[0]
    shown = f"Basic {base64.b64encode(password.encode()).decode()}" if password else ""
    text = said if isinstance(said, str) else json.dumps(said)
    headers = {"Authorization": shown, **more}
    return Client().post(DOOR, text, content_type="application/json", headers=headers)


def ring_by_mail(bo: Staff, now: datetime) -> Page:
    page = rung(felt(bo, now).site, now)
    treat_all_waiting(RINGS, now=now)
    return page


def news_of_ring(service: MailService, bo: Staff, now: datetime, name: str, *, back: bool) -> Any:
    """Bo is rung by mail; what the provider tells of it."""
    ring_by_mail(bo, now)
    (mail,) = service.taken
    return TELLS[name](mail.metadata, back=back)


@pytest.mark.parametrize("name", APIS)
def test_a_mail_in_the_mailbox_is_a_receipt(
    through: Callable[[str], MailService], bo: Staff, mailbox: Device, now: datetime, name: str
) -> None:
    service = through(name)
    assert tell(news_of_ring(service, bo, now, name, back=False)).status_code == 204
    attempt = Attempt.objects.get(device=mailbox)
    assert (attempt.received_at, attempt.failed_at) == (now, None)
    assert len(service.taken) == 1


@pytest.mark.parametrize("name", APIS)
def test_a_mail_that_comes_back_makes_the_next_device_due_at_once(
    through: Callable[[str], MailService], bo: Staff, mailbox: Device, now: datetime, name: str
) -> None:
    service = through(name)
    told = news_of_ring(service, bo, now, name, back=True)
    assert tell(told).status_code == 204
    attempt = Attempt.objects.get(device=mailbox)
    assert attempt.failed_at == now
    assert attempt.said.startswith("It came back:")
    assert NO_SUCH_USER in attempt.said
    treat_all_waiting(RINGS, now=now)
    assert [one.to for one in service.taken] == ["bo@home.example", "bo@work.example"]
    assert tell(told).status_code == 204
    assert Attempt.objects.get(device=mailbox).failed_at == now


def test_nobody_else_is_rung_once_somebody_goes(
    postmark: MailService, bo: Staff, mailbox: Device, now: datetime
) -> None:
    page = ring_by_mail(bo, now)
    answering.going(page=page, staff=bo, now=now)
    tell(_postmark(postmark.taken[0].metadata, back=True))
    treat_all_waiting(RINGS, now=now)
    assert len(postmark.taken) == 1
    assert Attempt.objects.get(device=mailbox).failed_at == now


def test_an_address_that_is_none_is_put_away(
    postmark: MailService, bo: Staff, mailbox: Device, now: datetime
) -> None:
    ring_by_mail(bo, now)
    told = _postmark(postmark.taken[0].metadata, back=True)
    tell(told | {"Type": "Transient"})  # it will try again by itself
    assert Attempt.objects.get(device=mailbox).failed_at is None
    tell(told | {"Type": "BadEmailAddress"})
    mailbox.refresh_from_db()
    assert "does not exist" in mailbox.retired_because


def test_a_self_test_that_comes_back_was_not_felt(
    postmark: MailService, bo: Staff, mailbox: Device, now: datetime
) -> None:
    test = ring_for_test(staff=bo, site=bo.site, device=mailbox, now=now)
    treat_all_waiting(TESTS, now=now)
    tell(_postmark(postmark.taken[0].metadata, back=False))
    assert SelfTest.objects.get(pk=test.pk).failed_at is None
    tell(_postmark(postmark.taken[0].metadata, back=True))
    test.refresh_from_db()
    assert test.failed_at == now
    assert NO_SUCH_USER in test.said


def test_a_letter_that_comes_back_has_failed_and_can_be_sent_again(
    postmark: MailService, bo: Staff, ana: Customer, now: datetime
) -> None:
    letter = draft_letter(
        about=new_id(), customer=ana, sender=bo, kind=Letter.Kind.APOLOGY, subject="Sorry",
        body="Dear Ana", now=now,
    )  # fmt: skip
    for number in (1, 2):
        at = now + number * timedelta(minutes=1)
        send_letter(letter=letter, now=at, send_at=at)
        treat_all_waiting(jobs.LETTERS, now=at)
        letter.refresh_from_db()
        assert (letter.state, len(postmark.taken)) == ("sent", number)
        if number == 1:
            tell(_postmark(postmark.taken[0].metadata, back=True))
            letter.refresh_from_db()
            assert (letter.state, letter.sent_at) == ("failed", None)
            assert NO_SUCH_USER in letter.error
            assert facts_about(letter.pk)[-1] == "words.letter_failed"
    tell(_postmark(postmark.taken[0].metadata, back=True))  # once more, of the first try
    letter.refresh_from_db()
    assert letter.state == "sent"


def test_a_mail_that_comes_back_before_we_wrote_that_it_left(
    postmark: MailService, bo: Staff, mailbox: Device, now: datetime
) -> None:
    rung(felt(bo, now).site, now)
    load = carrying.claim_ring(now)
    assert load
    outcome = carrying.deliver(load, now)
    tell(_postmark(postmark.taken[0].metadata, back=True))
    carrying.settle_ring(load, outcome, now)
    attempt = Attempt.objects.get(device=mailbox)
    assert (attempt.failed_at, attempt.sent_at, attempt.hand_over_at) == (now, None, None)
    treat_all_waiting(RINGS, now=now)
    assert [one.to for one in postmark.taken] == ["bo@home.example", "bo@work.example"]


def test_a_letter_that_comes_back_while_it_leaves_has_to_be_told_again(
    postmark: MailService, bo: Staff, ana: Customer, now: datetime
) -> None:
    letter = draft_letter(
        about=new_id(), customer=ana, sender=bo, kind=Letter.Kind.APOLOGY, subject="Sorry",
        body="Dear Ana", now=now,
    )  # fmt: skip
    send_letter(letter=letter, now=now, send_at=now)
    leaving = jobs.LETTERS.claim(now)
    taken = jobs.LETTERS.deliver(leaving, now)
    told = _postmark(postmark.taken[0].metadata, back=True)
    assert tell(told).status_code == 503
    jobs.LETTERS.settle(leaving, taken, now)
    assert tell(told).status_code == 204
    letter.refresh_from_db()
    assert letter.state == "failed"


def test_the_command_prints_the_address_to_give_to_the_provider(
    postmark: MailService, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "MAIL_PROVIDER is not set" in str(CliRunner().invoke(command).exception)
    monkeypatch.setenv("MAKEGOOD_MAIL_PROVIDER", "postmark")
    monkeypatch.setenv("MAKEGOOD_MAIL_KEY", KEY)
    printed = urlsplit(CliRunner().invoke(command).output.strip())
    assert printed.path == DOOR
    user, _, password = printed.netloc.rpartition("@")[0].partition(":")
    assert (user, len(password)) == ("makegood", 64)
    assert tell([], password=f"{user}:{password}").status_code == 422  # let in, and not understood


# --- strangers, and nonsense


@pytest.mark.parametrize("password", ["", "makegood:", "makegood:guessed", "else:" + "0" * 64])
def test_a_stranger_changes_nothing(
    postmark: MailService, bo: Staff, mailbox: Device, now: datetime, password: str
) -> None:
    ring_by_mail(bo, now)
    told = _postmark(postmark.taken[0].metadata, back=True)
    answer = tell(told, password=password, Accept="application/json")
    assert answer.status_code == 401
    assert answer.json()["code"] == "password"
    assert Attempt.objects.get(device=mailbox).failed_at is None


def test_a_stranger_costs_no_query(
    postmark: MailService, django_assert_num_queries: Callable[[int], Any]
) -> None:
    with django_assert_num_queries(0):
        assert tell("x" * 5_000_000, password="guessed:too").status_code == 401


@pytest.mark.parametrize(
    "said",
    ["", "{", "[1]", "7", "null", '"x"', {"RecordType": "Delivery", "Metadata": 7},
     {"RecordType": "Bounce", "Metadata": {"makegood": "x.ring"}},
     {"RecordType": "Bounce", "Metadata": {"makegood": f"{new_id()}.ring"}},
     {"RecordType": "Bounce", "Metadata": {"makegood": f"{new_id()}.letter.x"}},
     {"RecordType": "Bounce", "Metadata": {"makegood": f"{new_id()}.what"}}, {"FromFull": {}}],
)  # fmt: skip
def test_nonsense_is_refused_or_changes_nothing(
    postmark: MailService, bo: Staff, mailbox: Device, now: datetime, said: Any
) -> None:
    ring_by_mail(bo, now)
    assert tell(said).status_code in (204, 422)
    attempt = Attempt.objects.get(device=mailbox)
    assert (attempt.received_at, attempt.failed_at) == (None, None)


def test_too_much_is_refused(postmark: MailService) -> None:
    assert tell(" " * 2_000_001).status_code == 413


def test_a_look_whether_it_is_there_and_nothing_else(postmark: MailService) -> None:
    assert Client().head(DOOR).status_code == 200
    assert Client().get(DOOR).status_code == 405


def test_a_house_without_a_provider_has_no_such_door(db: None) -> None:
    answer = tell(_postmark({}, back=True))
    assert answer.status_code == 404
    assert "password" not in body(answer)
