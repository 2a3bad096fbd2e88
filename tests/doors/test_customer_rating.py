"""One-click rating: a link pre-selects, only the button records, a second time edits."""

import gzip

import pytest

from makegood.ground import links
from makegood.people.models import Customer
from makegood.sense.inviting import invite
from makegood.sense.models import Rating, Signal
from makegood.triage.jobs import SIGNALS
from makegood.triage.judging import triage_signals

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(ana, cy, harbour, now):
    asked = invite(customer=ana, site=harbour, occasion="dinner, Saturday 21 November", now=now)
    return f"/r/{links.close(links.RATING, asked.pk)}"


@pytest.mark.parametrize("query", ["", "?score=2", "?score=0", "?score=6", "?score=-1", "?score=x"])
def test_a_get_records_nothing(guest, here, query):
    answer = guest.get(f"{here}{query}")
    assert answer.status_code == 200
    assert not Rating.objects.exists()
    assert not Signal.objects.exists()
    assert not answer.cookies


def test_the_link_pre_selects(guest, here):
    said = guest.get(f"{here}?score=2").text
    assert "You said dinner was not good. Is that right?" in said
    assert 'value="2" checked' in said
    assert "Ana Ruiz" in said
    assert "checked" not in guest.get(f"{here}?score=9").text.split("<form")[1]


def test_a_post_records_and_a_second_edits(guest, here):
    assert guest.post(here, "score=2&words=Cold").headers["Location"] == f"{here}/thanks"
    assert guest.later(minutes=1).post(here, "score=4&words=Cold").status_code == 303
    rating = Rating.objects.get()
    assert (rating.score, rating.words, rating.edits) == (4, "Cold", 1)
    assert "You told us dinner was good. Is it still so?" in guest.get(here).text


def test_the_same_answer_twice_is_one(guest, here):
    for _ in range(2):
        assert guest.post(here, "score=2&words=Cold").status_code == 303
    assert (Rating.objects.get().edits, Signal.objects.count()) == (0, 1)


@pytest.mark.parametrize("form", ["", "score=", "score=0", "score=6", "score=2.5", "words=Cold"])
def test_no_face_no_answer(guest, here, form):
    answer = guest.post(here, form)
    assert answer.status_code == 422
    assert "Choose one of the five faces first." in answer.text
    assert not Rating.objects.exists()


def test_too_many_words_come_back(guest, here):
    answer = guest.post(here, "score=2&words=" + "a" * 2001)
    assert answer.status_code == 422
    assert 'id="words-wrong"' in answer.text
    assert not Rating.objects.exists()


def test_a_low_answer_says_who_writes_until_when(guest, here, now):
    guest.post(here, "score=1&words=Cold")
    assert "one of us writes to you" in guest.get(f"{here}/thanks").text
    triage_signals(SIGNALS.claim(now, 10), now)
    said = guest.get(f"{here}/thanks").text
    assert "Thank you, Ana. That should not have happened." in said
    assert "<bdi>Cy Moreau</bdi> has your answer and writes to you by" in said
    assert "Sunday 22 November, 10:00" in said
    assert "See what we promise you" in said


def test_a_high_answer_is_thanked_for(guest, here):
    guest.post(here, "score=5")
    assert "Thank you, Ana. That is good to hear." in guest.get(f"{here}/thanks").text


def test_thanks_without_an_answer_asks(guest, here):
    assert guest.get(f"{here}/thanks").headers["Location"] == here


def test_a_question_closes(guest, here):
    late = guest.later(days=31)
    assert late.get(here).status_code == 410
    answer = late.post(here, "score=2")
    assert answer.status_code == 410
    assert "expired" in answer.text


def test_do_not_ask_me_again(guest, here, ana):
    assert "Shall we stop writing to you?" in guest.get(f"{here}/no-more").text
    assert Customer.objects.get(pk=ana.pk).no_messages_at is None
    for _ in range(2):
        assert guest.post(f"{here}/no-more").status_code == 303
    assert Customer.objects.get(pk=ana.pk).no_messages_at == guest.now
    assert "We do not write to you any more." in guest.get(f"{here}/no-more").text


def test_the_page_is_light(guest, here):
    assert len(gzip.compress(guest.get(f"{here}?score=2").content)) < 30_000
