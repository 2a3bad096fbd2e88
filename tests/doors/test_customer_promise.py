"""The promise page: what was promised, kept and pending, and the customer's answers."""

import gzip
from datetime import timedelta

import pytest

from makegood.amends.gifts import Gift
from makegood.amends.granting import give
from makegood.amends.models import Remedy
from makegood.ground import chronicle, links
from makegood.ground.models import Entry
from makegood.page.hands.answering import going, with_customer
from makegood.people.models import Customer
from makegood.recover.facts import CustomerNotContent
from makegood.recover.life.answering import handling_score
from makegood.recover.models import Case, Closure, Step
from makegood.recover.steps.asking import promise_path
from makegood.sense.adding import add_remark, leave_contact
from makegood.words.facts import ReplyReceived
from makegood.words.models import Letter, Reply
from tests.doors.guests import Guest, on_duty, page_of, pressed, triaged

pytestmark = pytest.mark.django_db


@pytest.fixture
def guest(now):
    return Guest(now + timedelta(hours=1))


@pytest.fixture
def case(bo, cy, table_14, now):
    on_duty(bo, now - timedelta(hours=1))
    press = pressed(table_14, now)
    case = triaged(press, now)
    with_customer(page=going(page=page_of(case), staff=bo, now=now), staff=bo, now=now)
    add_remark(signal=press, topics=["food"], words="Cold", name="Ana Ruiz", now=now)
    leave_contact(signal=press, contact="ana@guest.example", now=now)
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def here(case):
    return promise_path(case)


def asked(case, now):
    """The house has asked whether it kept its word."""
    Step.objects.filter(case=case, kind="prove").update(asked_at=now)


def test_what_we_promised_is_said(guest, here):
    said = guest.get(here).text
    assert "<bdi>Ana</bdi>, this is what we promised you." in said
    assert "About <bdi>table 14</bdi> on 21 November. Up to date today, 21 November." in said
    assert "A written apology from Bo" in said
    assert "By 22 November" in said


def test_a_gift_is_kept_and_a_coupon_has_its_code(guest, here, case, bo, harbour, now):
    remedy = Remedy.objects.filter(site=harbour, kind=Remedy.Kind.COUPON).first()
    given = give(about=case.pk, what=Gift(remedy=remedy), by=bo, key="one-tap-0001", now=now)
    said = guest.get(here).text
    assert "Kept on the spot, 21 November" in said
    assert given.coupon.code in said
    assert "to any of us, until 21 November 2027." in said, "its last day, not the midnight after"


def test_letters_are_read_on_the_page(guest, here, case, bo, now):
    Letter.objects.create(
        organisation_id=case.organisation_id, about=case.pk, kind=Letter.Kind.APOLOGY,
        customer=case.customer, sender=bo, subject="Your dinner", state=Letter.State.SENT,
        to="ana@guest.example",
        body="I am sorry your dinner came cold.\n\nThat was <b>our</b> doing.",
        drafted_at=now, sent_at=now,
    )  # fmt: skip
    said = guest.get(here).text
    assert "<p>I am sorry your dinner came cold.</p>" in said
    assert "&lt;b&gt;our&lt;/b&gt;" in said
    assert "Bo Lindqvist" in said


def test_they_write_back_once(guest, here):
    for _ in range(2):
        answer = guest.post(f"{here}/reply", "words=Thank+you,+Bo.")
        assert answer.headers["Location"] == f"{here}?said=reply"
    assert Reply.objects.get().words == "Thank you, Bo."
    assert Entry.objects.filter(name=ReplyReceived.name).count() == 1
    said = guest.get(f"{here}?said=reply").text
    assert "Thank you. It is with us" in said
    assert "You wrote on 21 November" in said


@pytest.mark.parametrize("form", ["", "words=+", "words=" + "a" * 5001])
def test_a_reply_that_cannot_be_right(guest, here, form):
    answer = guest.post(f"{here}/reply", form)
    assert answer.status_code == 422
    assert 'id="words-wrong"' in answer.text
    assert not Reply.objects.exists()


def test_nobody_signs_off_promises_that_are_still_ahead(guest, here):
    assert "Did we keep our word?" not in guest.get(here).text
    assert guest.post(f"{here}/confirm").status_code == 409
    assert not Closure.objects.exists()


def test_they_confirm_once(guest, here, case, now):
    asked(case, now)
    assert "Did we keep our word?" in guest.get(here).text
    for _ in range(2):
        assert guest.post(f"{here}/confirm").status_code == 303
    assert Closure.objects.get().outcome == Closure.Outcome.CONFIRMED
    assert "You told us that we kept our word." in guest.get(here).text


def test_it_is_still_not_right_after_all(guest, here, case, now):
    asked(case, now)
    guest.post(f"{here}/confirm")
    answer = guest.later(minutes=1).post(f"{here}/not-right", "words=Cold+again")
    assert answer.headers["Location"] == f"{here}?said=not-right"
    assert case.standing_closure is None
    heard = Entry.objects.get(name=CustomerNotContent.name)
    assert heard.by == chronicle.CUSTOMER


def test_not_right_needs_words(guest, here):
    assert "Cy" in guest.get(f"{here}/not-right").text
    assert guest.post(f"{here}/not-right", "words=").status_code == 422


def test_how_we_handled_it(guest, here, case):
    assert guest.post(f"{here}/rating", "score=9").status_code == 422
    assert handling_score(case) is None
    assert guest.post(f"{here}/rating", "score=4").status_code == 303
    assert guest.post(f"{here}/rating", "score=5").status_code == 303
    assert handling_score(case) == 5
    assert 'value="5" checked' in guest.get(here).text


def test_no_more_messages(guest, here):
    assert "No more messages" in guest.get(here).text
    assert guest.post(f"{here}/no-more").status_code == 303
    assert Customer.objects.get(name="Ana Ruiz").no_messages_at
    assert "We do not write to you any more." in guest.get(here).text
    assert "You may write to me again" in guest.get(f"{here}/no-more").text
    assert guest.post(f"{here}/no-more", "again=1").status_code == 303
    assert Customer.objects.get(name="Ana Ruiz").no_messages_at is None
    assert "Shall we stop writing to you?" in guest.get(f"{here}/no-more").text


def test_without_a_customer_there_is_nobody_to_write_to(guest, bo, cy, table_14, now):
    on_duty(bo, now - timedelta(hours=1))
    here = promise_path(triaged(pressed(table_14, now), now))
    said = guest.get(here).text
    assert "This is what we promised you." in said
    assert "No more messages" not in said
    assert guest.post(f"{here}/no-more").status_code == 409


def test_the_page_is_light_and_leaves_no_cookie(guest, here):
    answer = guest.get(here)
    assert len(gzip.compress(answer.content)) < 30_000
    assert not answer.cookies
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_get_changes_nothing(guest, here, case):
    before = Entry.objects.count()
    guest.get(f"{here}?said=not-right")
    guest.get(f"{here}/not-right")
    guest.get(f"{here}/no-more")
    assert Entry.objects.count() == before
    assert links.open_link(links.PROMISE, here.removeprefix("/m/")).id == case.pk
