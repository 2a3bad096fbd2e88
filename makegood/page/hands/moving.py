"""A matter turned out to be part of another: its open pages are about that one from now on."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from makegood.page.hands.ending import end_pages
from makegood.page.models import Page


@dataclass(frozen=True)
class Moved:
    """What became of the open pages: those that moved, and what those were for that ended."""

    pages: list[UUID]
    ended: list[str]


def move_pages(*, about: UUID, to: UUID, link: str, now: datetime) -> Moved:
    """Moves the open pages of `about`; one page is enough: where `to` has one for the same purpose,
    the page ends, unless somebody has it in hand."""
    with transaction.atomic():
        rung = set(Page.objects.open().filter(about=to).values_list("purpose", flat=True))
        pages = Page.objects.open().filter(about=about).order_by("pk")
        waiting = list(pages.select_for_update(of=("self",)))
        needless = [page for page in waiting if page.purpose in rung and not page.taken_by_id]
        moved = [page.pk for page in waiting if page not in needless]
        Page.objects.filter(pk__in=moved).update(about=to, link=link)
        for purpose in {page.purpose for page in needless}:
            end_pages(about=about, purpose=purpose, now=now)
        return Moved(moved, sorted({page.purpose for page in needless}))


def move_back(*, pages: Collection[UUID], about: UUID, to: UUID, link: str) -> None:
    """Moves pages that came from `to` back to it, also those that ended since."""
    Page.objects.filter(pk__in=pages, about=about).update(about=to, link=link)
