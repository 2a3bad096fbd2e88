"""What a mail provider tells later of a letter it took."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from makegood.ground import chronicle
from makegood.ground.mailing import MailNews
from makegood.ground.refusals import Refused
from makegood.words.facts import LetterFailed
from makegood.words.jobs import LONGEST_ERROR
from makegood.words.models import Letter
from makegood.words.posting import signing_of

TELL_AGAIN: Final = 503


@transaction.atomic
def hear_of_letter(*, pk: UUID, signing: int, news: MailNews, now: datetime) -> None:
    """A letter that came back has failed, and whoever gave their word is told; it can be mended and
    sent again. What is told of an earlier signing changes nothing, nor does the same told twice.

    Refuses `under_way` what is told before we wrote down that it left: told again, it is heard.
    """
    if news.arrived:
        return
    left = Letter.objects.filter(pk=pk, state__in=(Letter.State.SENDING, Letter.State.SENT))
    letter = left.select_for_update(no_key=True, of=("self",)).first()
    if letter is None or signing_of(letter) != signing:
        return
    if letter.state == Letter.State.SENDING:
        raise Refused("This letter is just leaving.", code="under_way", status=TELL_AGAIN)
    letter.state, letter.sent_at, letter.error = (
        Letter.State.FAILED,
        None,
        news.said[:LONGEST_ERROR],
    )
    letter.save(update_fields=["state", "sent_at", "error"])
    fact = LetterFailed(
        matter=letter.about, kind=letter.kind, staff_id=letter.sender_id, reason=letter.error
    )
    chronicle.record(
        fact,
        organisation_id=letter.organisation_id,
        at=now,
        by=chronicle.SYSTEM,
        about=letter.pk,
    )
