"""What a customer writes back."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from makegood.ground import chronicle
from makegood.ground.refusals import Invalid
from makegood.people.models import Customer
from makegood.words.facts import ReplyReceived
from makegood.words.models import Letter, Reply

LONGEST_REPLY = 5_000
SAME_WORDS_WITHIN = timedelta(minutes=10)


@transaction.atomic
def receive_reply(
    *,
    about: UUID,
    words: str,
    now: datetime,
    customer: Customer | None = None,
    letter: Letter | None = None,
    organisation_id: UUID | None = None,
) -> Reply:
    """Keeps what the customer wrote; the same words again within ten minutes are the same reply.

    `organisation_id` is needed where neither customer nor letter is known. Refuses no words and
    more than 5,000 characters.
    """
    text = words.replace("\r\n", "\n").replace("\x00", "").strip()
    if not text:
        raise Invalid("You have not written anything yet.", field="words")
    if len(text) > LONGEST_REPLY:
        raise Invalid(f"We can take {LONGEST_REPLY:,} characters at once.", field="words")
    house = _house(customer, letter, organisation_id)
    repeated = Reply.objects.filter(
        organisation_id=house, about=about, words=text, received_at__gt=now - SAME_WORDS_WITHIN
    ).first()
    if repeated:
        return repeated
    reply = Reply.objects.create(
        organisation_id=house,
        about=about,
        letter=letter,
        customer=customer or (letter.customer if letter else None),
        words=text,
        received_at=now,
    )
    chronicle.record(
        ReplyReceived(matter=about, reply_id=reply.pk),
        organisation_id=house,
        at=now,
        by=chronicle.CUSTOMER,
        about=reply.pk,
    )
    return reply


def _house(customer: Customer | None, letter: Letter | None, organisation_id: UUID | None) -> UUID:
    for known in (customer, letter):
        if known is not None:
            return known.organisation_id
    if organisation_id is None:
        raise TypeError("a reply needs a customer, a letter or an organisation_id")
    return organisation_id
