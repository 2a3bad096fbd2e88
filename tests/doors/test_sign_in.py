"""Signing in: the right person, the wrong one, and nobody at all."""

import re
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from makegood.people.models import Staff
from tests.cast import PASSWORD
from tests.doors.colleagues import SIGN_IN, body, browser_of
from tests.mail_provider import MailService, Refusal

pytestmark = pytest.mark.django_db

CODE = "/account/code/"
OUR_PAGES = ("/account/login/", CODE, "/account/inactive/")


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


def _tries(client: Client, login: str, password: str = PASSWORD) -> Any:
    return client.post(SIGN_IN, {"login": login, "password": password})


def test_the_right_password_leads_in_whatever_the_capitals(client: Client, bo: Staff) -> None:
    answer = _tries(client, bo.email.upper())
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/pager/").status_code == 200


@pytest.mark.parametrize("login", ["bo@fairline.example", "stranger@guest.example"])
def test_stranger_and_wrong_password_read_the_same(client: Client, bo: Staff, login: str) -> None:
    answer = _tries(client, login, "not this one")
    assert answer.status_code == 200
    assert "This e-mail and password do not belong together." in body(answer)
    assert client.get("/pager/").status_code == 302


def test_whoever_no_longer_works_here_stays_outside(client: Client, bo: Staff) -> None:
    Staff.objects.filter(pk=bo.pk).update(is_active=False)
    answer = client.post(SIGN_IN, {"login": bo.email, "password": PASSWORD}, follow=True)
    assert "This account has been put to rest." in body(answer)
    assert client.get("/pager/").status_code == 302


def test_guessing_ends_after_a_few_tries(client: Client, bo: Staff) -> None:
    for _ in range(6):
        answer = _tries(client, bo.email, "not this one")
    assert "That was tried too often." in body(answer)
    assert "That was tried too often." in body(_tries(client, bo.email))


def test_a_code_comes_in_the_houses_voice_and_works_once(client: Client, bo: Staff) -> None:
    client.post(CODE, {"email": bo.email})
    [sent] = mail.outbox
    assert sent.subject == "Your code to sign in at The Fairline Hotel"
    assert sent.to == [bo.email]
    assert "!" not in sent.body
    code = re.search(r"^ {4}(\S+)$", str(sent.body), re.MULTILINE)
    assert code
    confirm = f"{CODE}confirm/"
    assert "This is not the code." in body(client.post(confirm, {"code": "AAAAAA"}))
    assert client.post(confirm, {"code": code[1]}).status_code == 302
    assert client.get("/pager/").status_code == 200
    other = Client()
    other.post(confirm, {"code": code[1]})
    assert other.get("/pager/").status_code == 302


def test_a_code_leaves_through_a_provider_too(
    client: Client, bo: Staff, postmark: MailService
) -> None:
    client.post(CODE, {"email": bo.email})
    (sent,) = postmark.taken
    assert (sent.to, sent.subject) == (bo.email, "Your code to sign in at The Fairline Hotel")


def test_a_code_that_cannot_leave_is_said_in_words(
    client: Client, bo: Staff, postmark: MailService
) -> None:
    postmark.answers = [Refusal(503)]
    answer = client.post(CODE, {"email": bo.email})
    assert answer.status_code == 503
    assert "The mail could not leave just now." in body(answer)


def test_a_stranger_gets_no_mail_and_learns_nothing(client: Client, bo: Staff) -> None:
    theirs = body(client.post(CODE, {"email": bo.email}, follow=True))
    mail.outbox.clear()
    strangers = body(Client().post(CODE, {"email": "stranger@guest.example"}, follow=True))
    assert not mail.outbox
    told = "If {} is one of us, a code is on its way there."
    assert told.format(bo.email) in theirs
    assert told.format("stranger@guest.example") in strangers


@pytest.mark.parametrize("address", OUR_PAGES)
def test_every_page_of_the_way_in_is_ours(client: Client, address: str) -> None:
    said = body(client.get(address))
    assert "css/signin.css" in said or 'class="guest' in said
    assert "Menu:" not in said  # allauth's own frame


@pytest.mark.parametrize("name", ["logout/", "passkeys/", "passkeys/add/", "reauthenticate/"])
def test_so_are_those_behind_it(client: Client, bo: Staff, name: str) -> None:
    _tries(client, bo.email)
    said = body(client.get(f"/account/{name}", follow=True))
    assert "css/signin.css" in said
    assert "Menu:" not in said


def test_nobody_signs_up(client: Client) -> None:
    assert client.get("/account/signup/").status_code == 404


def test_another_colleagues_device_is_not_there(bo: Staff) -> None:
    assert browser_of(bo).get("/account/passkeys/4711/remove/").status_code in (302, 404)
