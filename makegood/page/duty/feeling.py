"""Felt, said on the device itself: on a wrist pager, or on the notification of a phone."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import transaction

from makegood.ground import links, tenancy
from makegood.ground.refusals import NotFound, Refused
from makegood.page.channels.screen import sending as screen
from makegood.page.duty import selftesting
from makegood.page.models import SelfTest
from makegood.people.models import Duty

PUT_OFF_FOR: Final = timedelta(seconds=5)

log = structlog.get_logger()


def test_by_token(token: str) -> SelfTest:
    """The self-test an address on a notification is for. Call it as the house: nobody is signed in.

    Refuses (404) what was not sealed here, phones that were put away and people who have left.
    """
    sealed = links.open_link(links.FELT, token)
    with tenancy.everywhere():
        rings = SelfTest.objects.select_related("site", "staff", "device")
        test = rings.filter(pk=sealed.id, device__retired_at=None).first()
    if test is None or test.device is None or not test.staff.is_active:
        raise NotFound("This phone is not rung any more.")
    return test


def note_arrived(test: SelfTest, *, now: datetime) -> None:
    """It rings there, as its notification says. The first time is kept, and shown to its person."""
    with transaction.atomic():
        first = SelfTest.objects.filter(pk=test.pk, received_at=None)
        if first.update(received_at=now):
            screen.arrived(test, now=now)


def say_felt(test: SelfTest, *, now: datetime) -> Duty | None:
    """It was felt, as its notification says: the duty it began, if any. Again changes nothing.

    Refuses what `answer_test` refuses.
    """
    return selftesting.answer_test(test=test, felt=True, now=now)


def claim_felt(now: datetime, limit: int) -> list[SelfTest]:
    """Self-tests felt on a wrist that nobody has acted on, the first first, locked."""
    due = SelfTest.objects.filter(treat_at__lte=now).order_by("treat_at", "pk")
    return list(due.select_for_update(skip_locked=True, of=("self",))[:limit])


def act_on_felt(tests: Sequence[SelfTest], now: datetime) -> None:
    """Each as if it were said on the screen. What comes too late changes nothing."""
    for test in tests:
        try:
            selftesting.answer_test(test=test, felt=True, now=now)
        except Refused as refusal:
            log.info("a pager was felt too late", test=str(test.pk), code=refusal.code)
        SelfTest.objects.filter(pk=test.pk).update(treat_at=None)


def put_off_felt(test: SelfTest, error: Exception, now: datetime) -> None:
    """Again in a few seconds."""
    SelfTest.objects.filter(pk=test.pk, treat_at__lte=now).update(treat_at=now + PUT_OFF_FOR)


def next_felt(now: datetime) -> datetime | None:
    """When the next is to be acted on."""
    waiting = SelfTest.objects.filter(treat_at__isnull=False).order_by("treat_at")
    return waiting.values_list("treat_at", flat=True).first()
