"""What a mail provider tells later of a ring or a self-test it took: in the mailbox, or back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from makegood.ground.mailing import MailNews
from makegood.page.channels.mail.sending import CHANNEL as MAIL
from makegood.page.channels.speaking import Permanent
from makegood.page.delivery.carrying import give_up, is_wanted
from makegood.page.delivery.trying import give_up_test
from makegood.page.fitting import fitting
from makegood.page.hands.receipts import note_received
from makegood.page.models import Attempt, SelfTest


@transaction.atomic
def hear_of_ring(*, pk: UUID, news: MailNews, now: datetime) -> None:
    """A mail in the mailbox is a receipt; one that came back makes the person's next device due at
    once; so does one of which it is told before we wrote down that it left. The same told twice
    changes nothing."""
    rings = Attempt.objects.select_related("page", "staff", "device")
    left = rings.filter(pk=pk, channel=MAIL.name, tries__gt=0, failed_at=None)
    if news.arrived:
        ring = left.filter(received_at=None).first()
        if ring:
            note_received(page=ring.page, staff=ring.staff, device=ring.device, now=now)
        return
    back = left.select_for_update(of=("self",), no_key=True).first()
    if back is None:
        return
    back.failed_at, back.hand_over_at, back.silence_at = now, None, None
    back.said = fitting(Attempt, "said", news.said)
    back.save(update_fields=["failed_at", "hand_over_at", "silence_at", "said"])
    give_up(back, _outcome(news), called_back=not is_wanted(back), now=now)


@transaction.atomic
def hear_of_test(*, pk: UUID, news: MailNews, now: datetime) -> None:
    """A self-test that came back was not felt. Whoever waits for it reads why."""
    rung = SelfTest.objects.filter(pk=pk, channel=MAIL.name, failed_at=None, felt_at=None)
    test = rung.select_for_update(of=("self",), no_key=True).select_related("device").first()
    if test and not news.arrived:
        give_up_test(test, _outcome(news), now)


def _outcome(news: MailNews) -> Permanent:
    return Permanent(news.said, retire=news.nobody_there)
