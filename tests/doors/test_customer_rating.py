"""One-click rating: a link pre-selects, only the button records, a second time edits."""

import gzip
from datetime import timedelta

import pytest

from makegood.ground import links
from makegood.ground.refusals import Refused
from makegood.page.models import Page
from makegood.people.consent import stop_messages
from makegood.people.models import Customer
from makegood.recover.models import Case
from makegood.recover.record.storytelling import story_of
from makegood.sense.inviting import invite
from makegood.sense.models import Rating, Signal
from makegood.triage.jobs import SIGNALS
from makegood.triage.judging import triage_signals
from makegood.words.models import Letter
from makegood.words.writing import draft_letter, send_letter
from tests.doors.guests import on_duty

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


def test_a_face_clicked_in_the_mail_is_not_yet_what_they_told_us(guest, here):
    guest.post(here, "score=1&words=Cold")
    said = guest.get(f"{here}?score=5").text
    assert "You said dinner was wonderful. Is that right?" in said
    assert "You told us" not in said
    assert "You told us dinner was very bad. Is it still so?" in guest.get(here).text


class TestAnAnswerThatIsChanged:
    """Of a bad dinner there is a case; Ana corrects what she answered."""

    @pytest.fixture
    def case(self, guest, here, bo, now):
        on_duty(bo, now)
        guest.post(here, "score=1&words=Cold")
        return self.heard(now)

    def heard(self, at):
        triage_signals(SIGNALS.claim(at, 10), at)
        return Case.objects.get()

    def test_whoever_carries_the_case_hears_that_it_was_a_slip(self, guest, here, case, now):
        guest.later(minutes=9).post(here, "score=5&words=A+slip+of+my+thumb")
        self.heard(now + timedelta(minutes=9))
        told = Page.objects.get(purpose=Page.Purpose.REMIND)
        assert told.is_open
        assert told.what == "Ana now rates us 5 of 5. “A slip of my thumb”"
        leads = [moment.lead for moment in story_of(case)]
        assert leads.index("Ana rated us 1 of 5") < leads.index("Ana now rates us 5 of 5")

    def test_changed_twice_it_rings_once(self, guest, here, case, now):
        for minutes, score in ((2, 4), (3, 5)):
            guest.later(minutes=minutes).post(here, f"score={score}&words=Fine")
            self.heard(now + timedelta(minutes=minutes))
        told = Page.objects.get(purpose=Page.Purpose.REMIND)
        assert told.what == "Ana now rates us 5 of 5. “Fine”"

    def test_it_counts_once_however_often_it_is_changed(self, guest, here, case, now):
        for minutes in (1, 2, 3):
            guest.later(minutes=minutes).post(here, f"score=1&words=Cold+{minutes}")
            self.heard(now + timedelta(minutes=minutes))
        case.refresh_from_db()
        assert (case.intensity, case.case_signals.count()) == (1, 4)
        assert not Page.objects.filter(intensity__gt=1).exists()


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
    assert f'href="{here}/no-more"' in guest.get(here).text  # a link: one slip changes nothing
    assert "Shall we stop asking you?" in guest.get(f"{here}/no-more").text
    assert Customer.objects.get(pk=ana.pk).no_questions_at is None
    for _ in range(2):
        assert guest.post(f"{here}/no-more").status_code == 303
    ana = Customer.objects.get(pk=ana.pk)
    assert (ana.no_questions_at, ana.no_messages_at) == (guest.now, None)
    assert "We do not ask you again." in guest.get(f"{here}/no-more").text
    assert guest.post(f"{here}/no-more", "again=1").status_code == 303
    assert Customer.objects.get(pk=ana.pk).no_questions_at is None
    assert "Shall we stop asking you?" in guest.get(f"{here}/no-more").text


def test_who_is_not_asked_again_still_gets_the_apology_they_were_promised(
    guest, here, ana, cy, harbour, now
):
    guest.post(here, "score=1&words=Cold")
    triage_signals(SIGNALS.claim(now, 10), now)
    guest.post(f"{here}/no-more")
    ana = Customer.objects.get(pk=ana.pk)
    assert "writes to you" in guest.get(f"{here}/thanks").text
    case = Case.objects.get()
    letter = draft_letter(
        about=case.pk, customer=ana, sender=cy, kind="apology", subject="Our dinner",
        body="Dear Ana", now=now,
    )  # fmt: skip
    assert send_letter(letter=letter, now=now).state == Letter.State.WAITING
    with pytest.raises(Refused):
        invite(customer=ana, site=harbour, occasion="dinner", now=now)


def test_who_wants_no_letters_is_not_told_that_one_comes(guest, here, ana, now):
    guest.post(here, "score=1&words=Cold")
    triage_signals(SIGNALS.claim(now, 10), now)
    stop_messages(customer=ana, now=now)
    said = guest.get(f"{here}/thanks").text
    assert "writes to you" not in said
    assert "You asked us not to write to you, so we do not." in said
    assert "You may write to me again" in guest.get(f"{here}/no-more").text


def test_the_page_is_light(guest, here):
    assert len(gzip.compress(guest.get(f"{here}?score=2").content)) < 30_000
