"""Who comes first while more pages want to ring than people may be rung."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import F, Max, QuerySet

from makegood.page.models import Page
from makegood.page.rungs import throttling
from makegood.page.rungs.ladder import Person

SMALLEST: Final = min(throttling.AT_MOST)


@dataclass(frozen=True)
class Line:
    """By site, how grave the gravest page is that has not been rung at all; no reminder is."""

    unrung: Mapping[UUID, int]

    def make_way(self, page: Page, people: list[Person], now: datetime) -> list[Person]:
        """What has been rung before waits while something as grave has not been rung once."""
        if not page.sent_at or self.unrung.get(page.site_id, 0) < rank(page):
            return people
        until = now + throttling.LOOKS_AGAIN_EVERY
        return [replace(person, has_room_at=until) for person in people]


def rank(page: Page) -> int:
    """How grave it counts while there is not room for all.

    A reminder is small, whatever it reminds of: the hours of a day at which many promises fall due
    keep nobody from a customer.
    """
    return SMALLEST if page.purpose == Page.Purpose.REMIND else page.severity


def first_in_line(pages: Iterable[Page]) -> Line:
    """The line of the sites of `pages`; not asked for pages that are just being made."""
    sites = {page.site_id for page in pages if page.sent_at}
    if not sites:
        return Line({})
    customers = Page.objects.filter(site__in=sites).exclude(purpose=Page.Purpose.REMIND)
    waiting = held(customers).order_by().values("site")
    return Line(dict(waiting.annotate(gravest=Max("severity")).values_list("site", "gravest")))


def held(pages: "QuerySet[Page]") -> "QuerySet[Page]":
    """Those of `pages` that wait in the list: open, free, and not rung yet."""
    return pages.filter(state=Page.State.RINGING, sent_at=None)


def most_pressing_first(pages: "QuerySet[Page]") -> "QuerySet[Page]":
    """What was never rung first, then in the order in which the customers leave."""
    return pages.order_by(
        "next_rung_at", F("sent_at").asc(nulls_first=True), F("leaves_at").asc(nulls_last=True),
        "opened_at", "pk",
    )  # fmt: skip
