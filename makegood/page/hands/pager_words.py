"""Does what people said on their wrist pagers; the words wait as rows until somebody does it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog

from makegood.ground.refusals import Refused
from makegood.page.channels.screen import sending as screen
from makegood.page.hands import answering, patience
from makegood.page.models import Page, PagerWord

PUT_OFF_FOR: Final = timedelta(seconds=5)
IS_THERE_FOR: Final = timedelta(minutes=30)  # after that, who said so tells us nothing of now

log = structlog.get_logger()


def claim_words(now: datetime, limit: int) -> list[PagerWord]:
    """Words nobody has acted on, the first first, locked."""
    due = PagerWord.objects.filter(treat_at__lte=now).order_by("said_at", "pk")
    locked = due.select_for_update(skip_locked=True, of=("self",))
    return list(locked.select_related("page__site", "device__staff")[:limit])


def act_on_words(words: Sequence[PagerWord], now: datetime) -> None:
    """Each as if it were said on the screen. What comes too late is kept, with why, and its wrist
    is told to stop: it shows what its wearer said there."""
    for word in words:
        word.treat_at = None
        try:
            _act(word, now)
        except Refused as refusal:
            word.refused = refusal.code[:24]
            log.info("a pager's word came too late", word=str(word.pk), code=refusal.code)
            _stop(word, now)
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
    if now > _counts_until(word) and page.attempts.filter(round__gt=word.round).exists():
        raise Refused("That was said too long ago.", code="too_old")
    match word.kind:
        case PagerWord.Kind.GOING:
            answering.going(page=page, staff=staff, device=device, now=now)
        case PagerWord.Kind.CANT:
            answering.cant(page=page, staff=staff, device=device, now=now)
        case PagerWord.Kind.WITH:
            answering.with_customer(page=page, staff=staff, now=now)


def _counts_until(word: PagerWord) -> datetime:
    """Until when it stands although people were rung anew: as long as if it had come in time."""
    if word.kind == PagerWord.Kind.WITH:
        return word.said_at + IS_THERE_FOR
    page = word.page
    return patience.look_again_at(page.purpose, leaves_at=page.leaves_at, now=word.said_at)


def _stop(word: PagerWord, now: datetime) -> None:
    page = Page.objects.select_related("taken_by").get(pk=word.page_id)
    because = "taken" if page.is_in_hand_of(word.device.staff) else "too_late"
    by = page.taken_by.first_name if page.taken_by else ""
    screen.stop_device(page, word.device_id, round=word.round, because=because, by=by, now=now)
