"""The way in for staff, in a browser: by password, by a mailed code, by this very device."""

import re
from email import message_from_string
from email.message import Message
from pathlib import Path

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from playwright.sync_api import Page, expect

from makegood.people.models import Staff
from tests.browser.conftest import PATIENCE_MS, Meanwhile, OpenPhone
from tests.browser.house import RunningHouse
from tests.cast import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

expect.set_options(timeout=PATIENCE_MS)

SIGNED_IN = re.compile(r"/(pager|floor)/$")
VIRTUAL_DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def phone(bo: Staff, open_phone: OpenPhone, meanwhile: Meanwhile) -> Page:
    """A phone nobody has signed in on; Bo's password is hashed as the real house hashes it."""
    hashed = make_password(PASSWORD, hasher=PBKDF2PasswordHasher())
    meanwhile(lambda: Staff.objects.filter(pk=bo.pk).update(password=hashed))
    return open_phone(None)


def test_by_password(phone: Page, bo: Staff, house: RunningHouse) -> None:
    phone.goto(f"{house.url}/pager/")
    expect(phone.get_by_role("heading", name="Good to see you.")).to_be_visible()
    phone.get_by_label("E-mail").fill(bo.email)
    phone.get_by_label("Password").fill("not this one")
    phone.get_by_role("button", name="Sign in", exact=True).tap()
    expect(phone.get_by_role("alert").first).to_contain_text("do not belong together")
    phone.get_by_label("Password").fill(PASSWORD)
    phone.get_by_role("button", name="Sign in", exact=True).tap()
    expect(phone.get_by_role("heading", name="Not on duty.")).to_be_visible()
    expect(phone.get_by_role("status")).to_have_count(0)  # the screen itself says enough


def test_by_a_code_from_the_mail(phone: Page, bo: Staff, house: RunningHouse) -> None:
    phone.goto(f"{house.url}/account/login/")
    phone.get_by_role("link", name="Send me a code instead").tap()
    phone.get_by_label("E-mail").fill(bo.email)
    phone.get_by_role("button", name="Send the code").tap()
    expect(phone.get_by_role("heading", name="Look in your mail.")).to_be_visible()
    [mail] = _mails(house.data / "outbox")
    assert mail["Subject"] == "Your code to sign in at The Fairline Hotel"
    said = mail.get_payload()
    assert isinstance(said, str)
    assert said.startswith("Hello Bo,")
    assert "!" not in said
    assert "localhost" not in said
    code = re.search(r"^ {4}(\S+)$", said, re.MULTILINE)
    assert code, said
    phone.get_by_label("Code").fill(code[1])
    phone.get_by_role("button", name="Sign in").tap()
    expect(phone).to_have_url(SIGNED_IN)


def test_by_this_device(phone: Page, bo: Staff, house: RunningHouse) -> None:
    device = phone.context.new_cdp_session(phone)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": VIRTUAL_DEVICE})
    _sign_in_by_password(phone, bo, house)

    phone.goto(f"{house.url}/account/passkeys/")
    expect(phone.get_by_text("None yet.")).to_be_visible()
    phone.get_by_role("link", name="Use this device").tap()
    _show_that_it_is_still_you(phone)
    phone.get_by_label("What do you call it?").fill("Bo’s phone")
    phone.get_by_role("button", name="Use this device").tap()
    expect(phone.get_by_text("From now on this device signs you in.")).to_be_visible()
    expect(phone.get_by_text("Bo’s phone")).to_be_visible()

    _sign_out(phone, house)
    phone.goto(f"{house.url}/account/login/")
    phone.get_by_role("button", name="Sign in with this device").tap()
    expect(phone).to_have_url(SIGNED_IN)

    _sign_out(phone, house)  # the password still is a way in: a lost phone locks nobody out
    _sign_in_by_password(phone, bo, house)
    phone.goto(f"{house.url}/account/passkeys/")
    phone.get_by_role("button", name="Remove").tap()
    _show_that_it_is_still_you(phone)
    expect(phone.get_by_text("None yet.")).to_be_visible()


def test_a_device_that_does_not_answer_is_said_so(phone: Page, house: RunningHouse) -> None:
    device = phone.context.new_cdp_session(phone)
    device.send("WebAuthn.enable")
    deaf = VIRTUAL_DEVICE | {"isUserVerified": False}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": deaf})
    phone.goto(f"{house.url}/account/login/")
    phone.get_by_role("button", name="Sign in with this device").tap()
    expect(phone.get_by_text("This device did not answer.")).to_be_visible()


def _mails(outbox: Path) -> list[Message]:
    return [message_from_string(file.read_text()) for file in sorted(outbox.iterdir())]


def _sign_in_by_password(phone: Page, staff: Staff, house: RunningHouse) -> None:
    phone.goto(f"{house.url}/account/login/")
    phone.get_by_label("E-mail").fill(staff.email)
    phone.get_by_label("Password").fill(PASSWORD)
    phone.get_by_role("button", name="Sign in", exact=True).tap()
    expect(phone).to_have_url(SIGNED_IN)


def _show_that_it_is_still_you(phone: Page) -> None:
    expect(phone.get_by_role("heading", name="Is it still you?")).to_be_visible()
    phone.get_by_label("Password").fill(PASSWORD)
    phone.get_by_role("button", name="Go on").tap()


def _sign_out(phone: Page, house: RunningHouse) -> None:
    phone.goto(f"{house.url}/account/logout/")
    phone.get_by_role("button", name="Sign out").tap()
    expect(phone.get_by_role("heading", name="Good to see you.")).to_be_visible()
