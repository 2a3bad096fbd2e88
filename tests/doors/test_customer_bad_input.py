"""Every customers' door: malformed, oversized, wrong-token, replayed and wrong-method requests."""

import pytest

from makegood.ground import chronicle, links
from makegood.ground.models import Entry
from makegood.sense.inviting import invite
from makegood.web.customer.limits import WRITINGS_PER_MINUTE
from tests.doors.guests import press_link, triaged

pytestmark = pytest.mark.django_db

PRESS = ("remark", "contact", "callback", "came", "nobody-came", "cancel")
PROMISE = ("reply", "confirm", "rating")
READ = ("p", "r", "m")


@pytest.fixture
def case(bo, press, now):
    return triaged(press, now)


@pytest.fixture
def invitation(ana, harbour, now):
    return invite(customer=ana, site=harbour, occasion="dinner, Saturday 21 November", now=now)


@pytest.fixture
def doors(press, case, invitation):
    promise = links.close(links.PROMISE, case.pk, case.link_version)
    return {
        "p": press_link(press),
        "r": f"/r/{links.close(links.RATING, invitation.pk)}",
        "m": f"/m/{promise}",
    }


def writes(doors):
    paths = [f"{doors['p']}/{action}" for action in (*PRESS, "not-right")]
    paths += [f"{doors['m']}/{action}" for action in (*PROMISE, "not-right", "no-more")]
    return [*paths, doors["r"], f"{doors['r']}/no-more"]


def facts():
    return Entry.objects.count()


@pytest.mark.parametrize(
    "token",
    ["x", "ä", "A" * 40, "A" * 5000, "../../etc/passwd", "%00", "' or 1=1 --", "=" * 40],
)
@pytest.mark.parametrize("letter", READ)
def test_a_token_that_is_not_ours(guest, letter, token):
    answer = guest.get(f"/{letter}/{token}")
    assert answer.status_code == 404
    assert not answer.cookies


def test_a_token_for_another_purpose_opens_nothing(guest, press, case, invitation):
    tokens = {
        "p": links.close(links.PRESS, press.pk),
        "r": links.close(links.RATING, invitation.pk),
        "m": links.close(links.PROMISE, case.pk),
        "live": links.close("stream:case", case.pk),
        "button": links.close(links.TOUCHPOINT, press.touchpoint_id),
    }
    for letter in READ:
        for purpose, token in tokens.items():
            expected = 200 if purpose == letter else 404
            assert guest.get(f"/{letter}/{token}").status_code == expected, (letter, purpose)


def test_a_promise_link_ends_when_it_is_renewed(guest, case):
    assert guest.get(f"/m/{links.close(links.PROMISE, case.pk, 7)}").status_code == 404


def test_a_token_of_something_that_never_was(guest, fairline):
    token = links.close(links.PRESS, fairline.pk)
    answer = guest.get(f"/p/{token}")
    assert answer.status_code == 404
    assert "not one of ours" in answer.text


def test_the_wrong_method_is_refused_in_words(guest, doors):
    before = facts()
    for path in writes(doors):
        for method in ("PUT", "DELETE", "PATCH"):
            answer = guest.send(method, path)
            assert answer.status_code == 405
            assert "POST" in answer.headers["Allow"]
            assert "Nothing has been changed." in answer.text
    for action in PRESS:
        assert guest.get(f"{doors['p']}/{action}").status_code == 405
    for action in PROMISE:
        assert guest.get(f"{doors['m']}/{action}").status_code == 405
    assert guest.post(doors["p"]).status_code == 405
    assert facts() == before


def test_too_large_a_body_is_refused(guest, doors):
    before = facts()
    for path in writes(doors):
        answer = guest.post(path, "words=" + "a" * 70_000)
        assert answer.status_code == 413
        assert "Shorten your words" in answer.text
    assert facts() == before


@pytest.mark.parametrize(
    ("type", "body"),
    [
        ("application/json", "{}"),
        ("text/xml", "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"),
        ("multipart/form-data", "--"),
        ("multipart/form-data; boundary=x", "--x\r\nbroken"),
    ],
)
def test_what_is_not_our_form_is_refused(guest, doors, type, body):
    before = facts()
    for path in writes(doors):
        assert guest.post(path, body, type=type).status_code == 415
    assert facts() == before


def test_a_form_that_cannot_be_read_is_refused(guest, doors):
    before = facts()
    for path in writes(doors):
        assert guest.post(path, "a&" * 2000).status_code == 400
        wrong_letters = "application/x-www-form-urlencoded; charset=utf-16"
        assert guest.post(path, "words=hm", type=wrong_letters).status_code == 400
    assert facts() == before


@pytest.mark.parametrize(
    "nasty", ["%00", "%ff%fe", "%ed%a0%80", "%0d%0aSet-Cookie:+a=b", "%F0%9F%92%A9"]
)
def test_nasty_letters_break_nothing(guest, doors, nasty):
    for path in writes(doors):
        form = f"words={nasty}&name={nasty}&contact={nasty}&phone={nasty}&when={nasty}"
        answer = guest.post(path, f"{form}&other={nasty}&score={nasty}&topics={nasty}")
        assert answer.status_code in (303, 400, 409, 422), path
        assert not answer.cookies


def test_words_are_shown_as_words(guest, doors):
    guest.post(f"{doors['p']}/remark", "words=%3Cscript%3Ealert(1)%3C/script%3E")
    said = guest.get(f"{doors['p']}?call=no").text
    assert "<script>alert" not in said
    assert "&lt;script&gt;" in said


def test_more_than_a_person_can_write_is_refused(guest, doors):
    path = f"{doors['p']}/remark"
    for number in range(WRITINGS_PER_MINUTE):
        assert guest.post(path, f"words=number+{number}").status_code == 303
    before = facts()
    answer = guest.post(path, "words=one+more")
    assert answer.status_code == 429
    assert "Wait a minute" in answer.text
    assert facts() == before
    assert guest.get(doors["p"]).status_code == 200


def test_the_door_steps_inside_its_own_fence_only(guest, doors, case):
    answer = guest.post(f"{doors['m']}/reply", "words=Hello")
    assert answer.status_code == 303
    reply = Entry.objects.get(name="words.reply_received")
    assert reply.organisation_id == case.organisation_id
    assert reply.by == chronicle.CUSTOMER
