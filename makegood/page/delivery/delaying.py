"""Rings told devices whose time was not yet: after a delay, or at the end of their quiet."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from makegood.page.channels import registry
from makegood.page.channels.screen import sending as screen
from makegood.page.delivery.carrying import is_wanted
from makegood.page.models import Attempt

PUT_OFF_FOR = timedelta(seconds=5)


def claim(now: datetime, limit: int) -> list[Attempt]:
    """Attempts of told devices that are due."""
    due = Attempt.objects.filter(hand_over_at__lte=now).exclude(channel__in=registry.carried())
    locked = due.select_for_update(skip_locked=True, of=("self",), no_key=True)
    return list(locked.select_related("page__taken_by").order_by("hand_over_at")[:limit])


def treat(attempts: Sequence[Attempt], now: datetime) -> None:
    """Rings those that are still wanted; the others are dropped."""
    wanted = [attempt for attempt in attempts if is_wanted(attempt)]
    rows = Attempt.objects.filter(pk__in=[attempt.pk for attempt in attempts])
    rows.update(hand_over_at=None)
    Attempt.objects.filter(pk__in=[attempt.pk for attempt in wanted]).update(sent_at=now)
    news = [
        screen.ringing_device(one.page, one.device_id, times=one.again, now=now)
        for one in wanted
        if one.device_id
    ]
    screen.post(news, now=now)


def put_off(attempt: Attempt, error: Exception, now: datetime) -> None:
    """Looks again a little later."""
    still_due = Attempt.objects.filter(pk=attempt.pk, hand_over_at__lte=now)
    still_due.update(hand_over_at=now + PUT_OFF_FOR)
