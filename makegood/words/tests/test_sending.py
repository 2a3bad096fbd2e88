"""A letter reaches a real mail server once, whatever happens on the way."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.conf import settings as house_settings

from makegood.ground import chronicle, waiting
from makegood.ground.models import Entry
from makegood.ground.waiting import treat_all_waiting
from makegood.people.models import Customer, Staff
from makegood.words import jobs
from makegood.words.facts import LetterSent
from makegood.words.models import Letter
from makegood.words.writing import draft_letter, send_letter
from tests.cast import facts_about
from tests.mail_provider import MailService, Refusal
from tests.postbox import Postbox

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def send(letter: Letter, now: datetime) -> Letter:
    return send_letter(letter=letter, now=now, send_at=now)


def state(letter: Letter) -> str:
    letter.refresh_from_db()
    return letter.state


def test_it_comes_from_a_named_person_who_gets_the_answer(
    postbox: Postbox, letter: Letter, bo: Staff, matter: UUID, now: datetime
) -> None:
    send(letter, now)
    assert treat_all_waiting(jobs.LETTERS, now=now) == 1
    (mail,) = postbox.taken
    assert mail["From"] == '"Bo Lindqvist, The Fairline Hotel" <letters@fairline.example>'
    assert mail["Reply-To"] == "Bo Lindqvist <bo@fairline.example>"
    assert mail["To"] == "Ana Ruiz <ana.ruiz@guest.example>"
    assert mail["Subject"] == "About your dinner"
    assert mail["Message-ID"] == f"<{letter.pk}@fairline.example>"
    assert postbox.envelopes[0].mail_from == "letters@fairline.example"
    assert postbox.envelopes[0].rcpt_tos == ["ana.ruiz@guest.example"]
    assert state(letter) == "sent"
    assert letter.sent_at == now
    assert facts_about(letter.pk) == ["words.letter_queued", "words.letter_sent"]
    fact = Entry.objects.get(name="words.letter_sent")
    assert fact.data == {"matter": str(matter), "kind": "apology", "staff_id": str(bo.pk)}


def test_both_bodies_hold_the_words_the_signature_and_the_link(
    postbox: Postbox, letter: Letter, now: datetime
) -> None:
    Letter.objects.filter(pk=letter.pk).update(body="Fish & <chips>\n\nfor “Ana”")
    send(letter, now)
    treat_all_waiting(jobs.LETTERS, now=now)
    plain, rich = (part.get_content() for part in postbox.taken[0].iter_parts())
    url = f"{house_settings.HOUSE.url}/m/a-token"
    assert plain.replace("\r\n", "\n").startswith(
        "Fish & <chips>\n\nfor “Ana”\n\nBo Lindqvist\nDuty manager, Harbour\nThe Fairline Hotel\n"
    )
    assert url in plain
    assert "<p>Fish &amp; &lt;chips&gt;</p>" in rich
    assert f'href="{url}"' in rich


def test_once_sent_it_is_not_sent_again(postbox: Postbox, letter: Letter, now: datetime) -> None:
    send(letter, now)
    send(letter, now)
    treat_all_waiting(jobs.LETTERS, now=now)
    send(letter, now)
    assert treat_all_waiting(jobs.LETTERS, now=now + timedelta(days=2)) == 0
    assert len(postbox.taken) == 1


def test_it_waits_for_its_time(postbox: Postbox, letter: Letter, now: datetime) -> None:
    send_letter(letter=letter, now=now)
    assert jobs.LETTERS.next_due is not None
    nine = jobs.LETTERS.next_due(now)
    assert nine == datetime.fromisoformat("2026-11-22T09:00+01:00")
    assert treat_all_waiting(jobs.LETTERS, now=nine - MINUTE) == 0
    assert treat_all_waiting(jobs.LETTERS, now=nine) == 1


def test_a_passing_refusal_is_tried_again_under_the_same_id(
    postbox: Postbox, letter: Letter, now: datetime
) -> None:
    postbox.answers = ["451 try later"]
    send(letter, now)
    treat_all_waiting(jobs.LETTERS, now=now)
    assert state(letter) == "waiting"
    assert letter.try_after == now + MINUTE
    assert letter.error == "The mail server said: try later"
    treat_all_waiting(jobs.LETTERS, now=now + MINUTE)
    assert state(letter) == "sent"
    assert letter.error == ""
    assert [mail["Message-ID"] for mail in postbox.taken] == [letter.message_id]


@pytest.mark.parametrize("where", ["recipient", "data"])
def test_a_refusal_for_good_fails_and_says_why(
    postbox: Postbox, letter: Letter, now: datetime, where: str
) -> None:
    if where == "recipient":
        postbox.refuses_recipients_with = "550 no such mailbox"
    else:
        postbox.answers = ["550 no such mailbox"]
    send(letter, now)
    treat_all_waiting(jobs.LETTERS, now=now)
    assert state(letter) == "failed"
    assert facts_about(letter.pk) == ["words.letter_queued", "words.letter_failed"]
    reason = Entry.objects.get(name="words.letter_failed").data["reason"]
    assert reason == "The mail server said: no such mailbox"
    assert treat_all_waiting(jobs.LETTERS, now=now + timedelta(days=9)) == 0


def test_a_letter_through_a_provider(postmark: MailService, letter: Letter, now: datetime) -> None:
    send(letter, now)
    treat_all_waiting(jobs.LETTERS, now=now)
    assert state(letter) == "sent"
    (mail,) = postmark.taken
    assert (mail.to, mail.message_id) == (
        "Ana Ruiz <ana.ruiz@guest.example>",
        f"<{letter.pk}@fairline.example>",
    )


def test_a_provider_refuses_a_letter_for_good(
    postmark: MailService, letter: Letter, now: datetime
) -> None:
    said = "Invalid 'To' address: 'ana.ruiz@guest.example'."
    postmark.answers = [Refusal(422, {"ErrorCode": 300, "Message": said})]
    send(letter, now)
    treat_all_waiting(jobs.LETTERS, now=now)
    assert state(letter) == "failed"
    assert letter.error == f"Postmark said: {said}"


@pytest.mark.parametrize("code", [401, 403, 429, 503])
def test_a_letter_waits_while_the_provider_is_busy_or_the_house_has_to_mend_its_key(
    postmark: MailService, letter: Letter, now: datetime, code: int
) -> None:
    postmark.answers = [Refusal(code, {"Message": "not now"})]
    send(letter, now)
    treat_all_waiting(jobs.LETTERS, now=now)
    assert state(letter) == "waiting"
    assert letter.error == f"Postmark said: {code} not now"
    treat_all_waiting(jobs.LETTERS, now=now + 2 * MINUTE)
    assert state(letter) == "sent"


def test_a_failed_letter_can_be_sent_again(postbox: Postbox, letter: Letter, now: datetime) -> None:
    postbox.answers = ["550 no such mailbox"]
    send(letter, now)
    treat_all_waiting(jobs.LETTERS, now=now)
    send(letter, now + MINUTE)
    treat_all_waiting(jobs.LETTERS, now=now + MINUTE)
    assert state(letter) == "sent"


def test_the_mail_server_is_down_and_comes_back(
    postbox: Postbox, letter: Letter, now: datetime
) -> None:
    postbox.close()
    send(letter, now)
    for tries in range(1, 4):
        assert treat_all_waiting(jobs.LETTERS, now=now) == 1
        assert state(letter) == "waiting"
        assert letter.tries == tries
        assert letter.error.startswith("The mail server is out of reach")
        assert letter.try_after is not None
        now = letter.try_after
    postbox.open()
    treat_all_waiting(jobs.LETTERS, now=now)
    assert state(letter) == "sent"
    assert len(postbox.taken) == 1


def test_after_three_days_out_of_reach_it_fails(
    postbox: Postbox, letter: Letter, now: datetime
) -> None:
    postbox.close()
    send(letter, now)
    began = now
    while state(letter) != "failed":
        assert letter.try_after is not None
        now = letter.try_after
        treat_all_waiting(jobs.LETTERS, now=now)
    assert timedelta(days=2, hours=12) < now - began <= timedelta(days=3)
    assert letter.tries < 25
    assert facts_about(letter.pk)[-1] == "words.letter_failed"


def test_a_sender_that_died_before_the_call_is_made_good_when_the_lease_ends(
    postbox: Postbox, letter: Letter, now: datetime
) -> None:
    send(letter, now)
    jobs.LETTERS.claim(now)  # and there it dies
    assert treat_all_waiting(jobs.LETTERS, now=now + MINUTE) == 0
    assert treat_all_waiting(jobs.LETTERS, now=now + jobs.LEASE) == 1
    assert state(letter) == "sent"
    assert [mail["Message-ID"] for mail in postbox.taken] == [letter.message_id]


def test_a_sender_that_died_after_the_call_does_not_send_it_again(
    postbox: Postbox, letter: Letter, now: datetime
) -> None:
    send(letter, now)
    claimed = jobs.LETTERS.claim(now)
    jobs.LETTERS.deliver(claimed, now)  # the mail server has it, and there it dies
    assert treat_all_waiting(jobs.LETTERS, now=now + jobs.LEASE) == 1
    assert state(letter) == "sent"
    assert letter.sent_at == now
    assert len(postbox.taken) == 1


def test_a_fault_of_the_story_does_not_send_it_again(
    postbox: Postbox, letter: Letter, now: datetime
) -> None:
    def stumble(entry: Entry, fact: LetterSent) -> None:
        raise RuntimeError("a bug in some other room")

    chronicle.listen({LetterSent: [stumble]})
    send(letter, now)
    waiting.treat_waiting(jobs.LETTERS, now=now)
    assert state(letter) == "waiting"
    chronicle.listen({})
    treat_all_waiting(jobs.LETTERS, now=now + 10 * MINUTE)
    assert state(letter) == "sent"
    assert len(postbox.taken) == 1
    assert facts_about(letter.pk) == ["words.letter_queued", "words.letter_sent"]


def test_two_senders_take_different_letters(
    postbox: Postbox, letter: Letter, ana: Customer, bo: Staff, matter: UUID, now: datetime
) -> None:
    other = draft_letter(
        about=matter, customer=ana, sender=bo, kind="news", subject="News", body="Done.", now=now
    )
    send(letter, now)
    send(other, now + MINUTE)
    first, second = jobs.LETTERS.claim(now + MINUTE), jobs.LETTERS.claim(now + MINUTE)
    assert {first, second} == {letter, other}
    assert jobs.LETTERS.claim(now + MINUTE) is None


def test_names_cannot_smuggle_headers_in(
    postbox: Postbox, letter: Letter, ana: Customer, bo: Staff, now: datetime
) -> None:
    Staff.objects.filter(pk=bo.pk).update(
        first_name="Bo\r\nBcc: all@guest.example", last_name="“Ø”"
    )
    Customer.objects.filter(pk=ana.pk).update(name="Ana\nBcc: all@guest.example")
    send(letter, now)
    treat_all_waiting(jobs.LETTERS, now=now)
    (mail,) = postbox.taken
    assert mail["Bcc"] is None
    assert postbox.envelopes[0].rcpt_tos == ["ana.ruiz@guest.example"]
    assert mail["From"].addresses[0].display_name == (
        "Bo Bcc: all@guest.example “Ø”, The Fairline Hotel"
    )


def test_who_asked_for_silence_meanwhile_is_not_written_to(
    postbox: Postbox, letter: Letter, ana: Customer, now: datetime
) -> None:
    send(letter, now)
    Customer.objects.filter(pk=ana.pk).update(no_messages_at=now)
    treat_all_waiting(jobs.LETTERS, now=now)
    assert state(letter) == "failed"
    assert not postbox.taken
