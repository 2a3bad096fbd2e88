"""More is known about a page that is open: what, who, how many, until when."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from makegood.ground import rows
from makegood.page.channels.screen import sending as screen
from makegood.page.fitting import fitting
from makegood.page.holding import rung_so_far
from makegood.page.models import Page


def update_page(
    *,
    about: UUID,
    now: datetime,
    what: str | None = None,
    who: str | None = None,
    customer_name: str | None = None,
    intensity: int | None = None,
    leaves_at: datetime | None = None,
    severity: int | None = None,
) -> list[Page]:
    """Writes what is given into the matter's open pages, and tells the screens what matters.

    A thousand presses are one page: its number is kept exactly, screens hear of 1, 10, 100...
    """
    words = {"what": what, "who": who, "customer_name": customer_name}
    news: dict[str, Any] = {
        name: fitting(Page, name, text) for name, text in words.items() if text is not None
    }
    news |= {"intensity": intensity} if intensity is not None else {}
    news |= {"leaves_at": leaves_at} if leaves_at is not None else {}
    news |= {"severity": severity} if severity is not None else {}
    with transaction.atomic():
        pages = Page.objects.open().filter(about=about).order_by("pk")
        return [_update(page, news, now) for page in pages.select_for_update(of=("self",))]


def note_intensities(intensities: Mapping[UUID, int], *, now: datetime) -> set[UUID]:
    """The same for matters of which nothing is new but their number; says which have open pages."""
    if not intensities:
        return set()
    with transaction.atomic(savepoint=False):
        found = Page.objects.open().filter(about__in=list(intensities)).order_by("pk")
        pages = list(found.select_for_update(of=("self",)))
        grown = [page for page in pages if page.intensity != intensities[page.about]]
        worth_telling = []
        for page in grown:
            intensity = intensities[page.about]
            if _worth_telling(page, {"intensity": intensity}):
                worth_telling.append(page)
            page.intensity = intensity
        rows.save_all(Page, grown, ["intensity"])
        for page in worth_telling:
            screen.update(page, rung_so_far(page), now=now)
    return {page.about for page in pages}


def _update(page: Page, news: dict[str, Any], now: datetime) -> Page:
    changed = {name: value for name, value in news.items() if getattr(page, name) != value}
    if not changed:
        return page
    worth_telling = _worth_telling(page, changed)
    for name, value in changed.items():
        setattr(page, name, value)
    page.save(update_fields=list(changed))
    if worth_telling:
        screen.update(page, rung_so_far(page), now=now)
    return page


def _worth_telling(page: Page, changed: dict[str, Any]) -> bool:
    grown = len(str(changed.get("intensity", page.intensity))) != len(str(page.intensity))
    return grown or bool(changed.keys() - {"intensity"})
