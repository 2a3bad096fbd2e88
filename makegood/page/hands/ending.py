"""Ends pages: done, or taken back."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from makegood.ground import chronicle
from makegood.page.channels.screen import sending as screen
from makegood.page.delivery.silencing import silence_everybody
from makegood.page.facts import PageCancelled, PageEnded
from makegood.page.holding import note_answer
from makegood.page.models import Answer, Page
from makegood.page.telling import tell
from makegood.people.models import Staff


def end_pages(
    *, about: UUID, purpose: str, now: datetime, by: str = chronicle.SYSTEM
) -> list[Page]:
    """Ends the open pages of one purpose because their matter is settled; none is fine too."""
    with transaction.atomic():
        pages = _open_pages(about).filter(purpose=purpose)
        return [_end(page, now=now, by=by) for page in pages]


def cancel_pages(*, about: UUID, now: datetime) -> list[Page]:
    """The customer took it back: every open page of the matter stops; none is fine too."""
    with transaction.atomic():
        return [_cancel(page, now) for page in _open_pages(about)]


def settle_pages(*, pages: Collection[UUID], now: datetime) -> list[Page]:
    """Ends those of `pages` that are open, because what they are about is over; but not one whose
    hand is with the customer: they say themselves how it ended."""
    with transaction.atomic():
        ringing = Page.objects.open().filter(pk__in=pages).exclude(state=Page.State.WITH)
        held = ringing.order_by("pk").select_for_update(of=("self",)).select_related("taken_by")
        return [_end(page, now=now, by=chronicle.SYSTEM) for page in held]


def close(page: Page, state: Page.State, *, hand: Staff | None, now: datetime) -> None:
    """Puts the page away and silences every screen; `hand` knows already. Records no fact."""
    page.state = state
    page.ended_at = now
    page.next_rung_at = page.asks_again_at = None
    page.save()
    by = hand.first_name if hand else ""
    silence_everybody(page, but=hand, because="over", by=by, now=now)
    screen.tell_state(page, [hand.pk] if hand else [], hand=page.taken_by, now=now)


def _open_pages(about: UUID) -> QuerySet[Page]:
    pages = Page.objects.open().filter(about=about).order_by("pk")
    return pages.select_for_update(of=("self",)).select_related("taken_by")


def _end(page: Page, *, now: datetime, by: str) -> Page:
    close(page, Page.State.DONE, hand=None, now=now)
    fact = PageEnded(matter=page.about, purpose=page.purpose, staff_id=page.taken_by_id)
    tell(page, fact, now=now, by=by)
    return page


def _cancel(page: Page, now: datetime) -> Page:
    note_answer(page, Answer.Kind.CANCELLED, staff=None, now=now, by_customer=True)
    close(page, Page.State.CANCELLED, hand=None, now=now)
    fact = PageCancelled(matter=page.about, purpose=page.purpose)
    tell(page, fact, now=now, by=chronicle.CUSTOMER)
    return page
