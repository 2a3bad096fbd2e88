"""What a customer writes back is kept once."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from makegood.ground.refusals import Refused
from makegood.people.models import Customer, Organisation
from makegood.words import access
from makegood.words.models import Letter, Reply
from makegood.words.replying import receive_reply
from tests.cast import facts_about

pytestmark = pytest.mark.django_db
WORDS = "Thank you for coming so fast.\r\nBut we lost the first hour."


def test_ana_writes_back(ana: Customer, letter: Letter, matter: UUID, now: datetime) -> None:
    reply = receive_reply(about=matter, words=WORDS, letter=letter, now=now)
    assert (reply.customer, reply.letter) == (ana, letter)
    assert reply.words == "Thank you for coming so fast.\nBut we lost the first hour."
    assert facts_about(reply.pk) == ["words.reply_received"]
    Letter.objects.filter(pk=letter.pk).update(sent_at=now - timedelta(hours=1))
    assert access.thread_about(matter) == [letter, reply]


def test_a_double_tap_is_one_reply(ana: Customer, matter: UUID, now: datetime) -> None:
    for minute in (0, 1, 2):
        at = now + timedelta(minutes=minute)
        receive_reply(about=matter, words=WORDS, customer=ana, now=at)
    assert Reply.objects.count() == 1
    receive_reply(about=matter, words=WORDS, customer=ana, now=now + timedelta(hours=1))
    assert Reply.objects.count() == 2


def test_somebody_whose_name_we_do_not_know_may_write(
    fairline: Organisation, matter: UUID, now: datetime
) -> None:
    reply = receive_reply(about=matter, words="Hello.", organisation_id=fairline.pk, now=now)
    assert reply.customer is None
    with pytest.raises(TypeError):
        receive_reply(about=matter, words="Hello.", now=now)


@pytest.mark.parametrize("words", ["", " \n ", "x" * 5001])
def test_no_words_and_too_many_are_refused(
    ana: Customer, matter: UUID, now: datetime, words: str
) -> None:
    with pytest.raises(Refused) as refused:
        receive_reply(about=matter, words=words, customer=ana, now=now)
    assert refused.value.field == "words"
