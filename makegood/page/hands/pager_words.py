"""Does what people said on their wrist pagers; the words wait as rows until somebody does it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog

from makegood.ground.refusals import Refused
from makegood.page.hands import answering
from makegood.page.models import PagerWord

PUT_OFF_FOR: Final = timedelta(seconds=5)

log = structlog.get_logger()


def claim_words(now: datetime, limit: int) -> list[PagerWord]:
    """Words nobody has acted on, the first first, locked."""
    due = PagerWord.objects.filter(treat_at__lte=now).order_by("said_at", "pk")
    locked = due.select_for_update(skip_locked=True, of=("self",))
    return list(locked.select_related("page__site", "device__staff")[:limit])


def act_on_words(words: Sequence[PagerWord], now: datetime) -> None:
    """Each as if it were said on the screen. What comes too late is kept, with why."""
    for word in words:
        word.treat_at = None
        try:
            _act(word, now)
        except Refused as refusal:
            word.refused = refusal.code[:24]
            log.info("a pager's word came too late", word=str(word.pk), code=refusal.code)
        word.save(update_fields=["treat_at", "refused"])


def put_off_word(word: PagerWord, error: Exception, now: datetime) -> None:
    """Again in a few seconds."""
    PagerWord.objects.filter(pk=word.pk, treat_at__lte=now).update(treat_at=now + PUT_OFF_FOR)


def next_word(now: datetime) -> datetime | None:
    """When the next word is to be acted on."""
    waiting = PagerWord.objects.filter(treat_at__isnull=False).order_by("treat_at")
    return waiting.values_list("treat_at", flat=True).first()


def _act(word: PagerWord, now: datetime) -> None:
    page, device, staff = word.page, word.device, word.device.staff
    match word.kind:
        case PagerWord.Kind.GOING:
            answering.going(page=page, staff=staff, device=device, now=now)
        case PagerWord.Kind.CANT:
            answering.cant(page=page, staff=staff, device=device, now=now)
        case PagerWord.Kind.WITH:
            answering.with_customer(page=page, staff=staff, now=now)
