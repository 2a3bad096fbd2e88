"""Waiting rows of this room: pages whose next rung is due."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from makegood.ground.waiting import Work
from makegood.page.climbing import climb_all
from makegood.page.models import Page

PUT_OFF_FOR = timedelta(seconds=5)


def _claim(now: datetime, limit: int) -> list[Page]:
    due = Page.objects.filter(next_rung_at__lte=now).order_by("next_rung_at")
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
