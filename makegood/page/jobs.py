"""Waiting rows of this room: pages whose next rung is due, rings and stops that are to leave.

And its errand, for phones whose sign-in ended.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection
from procrastinate.contrib.django import app

from makegood.ground import clock, tenancy
from makegood.ground.delivering import Delivery
from makegood.ground.errands import HOUSEKEEPING
from makegood.ground.waiting import Work
from makegood.page.delivery import carrying, delaying, hushing, trying
from makegood.page.duty import feeling
from makegood.page.equipment.subscribing import put_away_signed_out
from makegood.page.hands import pager_words
from makegood.page.models import Attempt, Page, SelfTest
from makegood.page.rungs import insisting
from makegood.page.rungs.climbing import climb_all
from makegood.page.rungs.queueing import most_pressing_first

PUT_OFF_FOR = timedelta(seconds=5)
CALLS_AT_ONCE = 16  # so that one provider that is slow keeps nobody of another waiting


def _claim(now: datetime, limit: int) -> list[Page]:
    due = most_pressing_first(Page.objects.filter(next_rung_at__lte=now))
    return list(due.select_for_update(skip_locked=True, of=("self",))[:limit])


def _treat(pages: Sequence[Page], now: datetime) -> None:
    climb_all(pages, now=now)


def _put_off(page: Page, error: Exception, now: datetime) -> None:
    still_due = Page.objects.filter(pk=page.pk, next_rung_at__lte=now)
    still_due.update(next_rung_at=now + PUT_OFF_FOR)


def _next_due(now: datetime) -> datetime | None:
    waiting = Page.objects.filter(next_rung_at__isnull=False).order_by("next_rung_at")
    return waiting.values_list("next_rung_at", flat=True).first()


RUNGS = Work(
    name="page.rungs", claim=_claim, treat=_treat, failed=_put_off, next_due=_next_due, batch=50
)


INSISTS = Work(
    name="page.insists",
    claim=insisting.claim,
    treat=insisting.insist_all,
    failed=insisting.put_off,
    next_due=insisting.next_due,
)


def _ring_due(now: datetime) -> datetime | None:
    waiting = Attempt.objects.filter(hand_over_at__isnull=False).order_by("hand_over_at")
    return waiting.values_list("hand_over_at", flat=True).first()


def _stop_due(now: datetime) -> datetime | None:
    waiting = Attempt.objects.filter(silence_at__isnull=False).order_by("silence_at")
    return waiting.values_list("silence_at", flat=True).first()


RINGS = Delivery(
    name="page.rings",
    claim=carrying.claim_ring,
    deliver=carrying.deliver,
    settle=carrying.settle_ring,
    failed=carrying.failed_ring,
    next_due=_ring_due,
    at_once=CALLS_AT_ONCE,
)
STOPS = Delivery(
    name="page.stops",
    claim=hushing.claim_stop,
    deliver=carrying.deliver,
    settle=hushing.settle_stop,
    failed=hushing.failed_stop,
    next_due=_stop_due,
    at_once=CALLS_AT_ONCE,
)
DELAYED = Work(
    name="page.delayed",
    claim=delaying.claim,
    treat=delaying.treat,
    failed=delaying.put_off,
    next_due=_ring_due,
)
WORDS = Work(
    name="page.words",
    claim=pager_words.claim_words,
    treat=pager_words.act_on_words,
    failed=pager_words.put_off_word,
    next_due=pager_words.next_word,
)
FELT = Work(
    name="page.felt",
    claim=feeling.claim_felt,
    treat=feeling.act_on_felt,
    failed=feeling.put_off_felt,
    next_due=feeling.next_felt,
)


def _test_due(now: datetime) -> datetime | None:
    waiting = SelfTest.objects.filter(hand_over_at__isnull=False).order_by("hand_over_at")
    return waiting.values_list("hand_over_at", flat=True).first()


TESTS = Delivery(
    name="page.self_tests",
    claim=trying.claim_test,
    deliver=carrying.deliver,
    settle=trying.settle_test,
    failed=trying.failed_test,
    next_due=_test_due,
    at_once=CALLS_AT_ONCE,
)


@app.periodic(cron="*/5 * * * *")
@app.task(queue=HOUSEKEEPING, queueing_lock="put_phones_away", name="page.put_phones_away")
def put_phones_away(timestamp: int) -> int:
    """Phones nobody is signed in on any more are rung no more; says how many."""
    try:
        with tenancy.everywhere():
            return put_away_signed_out(now=clock.now())
    finally:
        connection.close()  # the errand's thread may never be used again
