"""Who comes first while more pages want to ring than people may be rung."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import F, Max, QuerySet

from makegood.page.models import Page
from makegood.page.rungs import throttling
from makegood.page.rungs.ladder import Person


@dataclass(frozen=True)
class Line:
    """By site, how grave the gravest page is that has not been rung at all."""

    unrung: Mapping[UUID, int]

    def make_way(self, page: Page, people: list[Person], now: datetime) -> list[Person]:
        """What has been rung before waits while something as grave has not been rung once."""
        if not page.sent_at or self.unrung.get(page.site_id, 0) < page.severity:
            return people
        until = now + throttling.LOOKS_AGAIN_EVERY
        return [replace(person, has_room_at=until) for person in people]


def first_in_line(pages: Iterable[Page]) -> Line:
    """The line of the sites of `pages`; not asked for pages that are just being made."""
    sites = {page.site_id for page in pages if page.sent_at}
    if not sites:
        return Line({})
    waiting = held(Page.objects.filter(site__in=sites)).order_by().values("site")
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
