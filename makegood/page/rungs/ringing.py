"""Opens pages, and rings for those that found nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from makegood.ground import rows
from makegood.ground.models import Entry
from makegood.page.facts import PageOpened
from makegood.page.fitting import fitting
from makegood.page.holding import hold_those_free
from makegood.page.models import Page
from makegood.page.rungs import ladder
from makegood.page.rungs.climbing import Reason, expire, move_on_all, release, step_on_all
from makegood.people.facts import DutyBegan

SAID_AGAIN = ("what", "who", "customer_name", "severity", "ladder", "rests_for")
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Summons:
    """What a page says, to whom it climbs, and the fact that made it necessary."""

    organisation_id: UUID
    site_id: UUID
    about: UUID
    place: str
    happened_at: datetime
    caused_by: UUID
    purpose: str = Page.Purpose.REACH
    hint: str = ""
    what: str = ""
    who: str = ""
    customer_name: str = ""
    link: str = ""
    intensity: int = 1
    severity: int = 3
    leaves_at: datetime | None = None
    ladder: Sequence[Mapping[str, Any]] = ladder.DEFAULT
    rests_for: timedelta = timedelta()

    @property
    def matter(self) -> tuple[UUID, str]:
        """What a page is about, and what it asks for."""
        return self.about, self.purpose


def open_page(summons: Summons, *, now: datetime) -> Page:
    """Opens a page and rings its first rung at once; the same cause opens only one.

    With nobody on duty the page waits for the next who comes, and the story is told so.
    """
    return open_pages([summons], now=now)[0]


def open_pages(summonses: Sequence[Summons], *, now: datetime) -> list[Page]:
    """The same for many matters in one go: whoever is rung for one is asked last for the next."""
    if not summonses:
        return []
    with transaction.atomic(savepoint=False):  # within a batch: all or nothing
        causes = [summons.caused_by for summons in summonses]
        pages = _opened_before(causes)
        known = set(pages)
        for summons in summonses:
            if summons.caused_by not in pages:
                pages[summons.caused_by] = _page(summons, now)
        fresh = [page for cause, page in pages.items() if cause not in known]
        step_on_all([(page, _opened(page)) for page in fresh], now=now)
        return [pages[cause] for cause in causes]


def _opened_before(causes: Sequence[UUID]) -> dict[UUID, Page]:
    pages = Page.objects.filter(caused_by__in=causes)
    if not pages.exists():  # as mostly, and asking is cheaper than reading
        return {}
    return {page.caused_by: page for page in pages}


def ring_once_more_all(summonses: Sequence[Summons], *, now: datetime) -> None:
    """Rings for matters that may have been rung for already: one page each, however often.

    An open page of the same matter and purpose takes the new words and the new ladder and rings
    from its first rung, also if somebody had said they were going. Where there is none, or somebody
    is with the customer, a page is opened.
    """
    if not summonses:
        return
    with transaction.atomic(savepoint=False):
        ringing = _still_ringing(summonses)
        again = [(ringing[one.matter], one) for one in summonses if one.matter in ringing]
        moves = [(page, _anew(page, summons, now)) for page, summons in again]
        rows.save_all(Page, [page for page, _ in moves], SAID_AGAIN)
        move_on_all(moves, now=now)
        open_pages([one for one in summonses if one.matter not in ringing], now=now)


def _still_ringing(summonses: Sequence[Summons]) -> dict[tuple[UUID, str], Page]:
    pages = Page.objects.open().exclude(state=Page.State.WITH)
    pages = pages.filter(
        about__in=[summons.about for summons in summonses],
        purpose__in={summons.purpose for summons in summonses},
    )
    held = pages.select_for_update(of=("self",)).order_by("pk")
    return {(page.about, page.purpose): page for page in held}


def _anew(page: Page, summons: Summons, now: datetime) -> Reason:
    said = _page(summons, now)
    for name in SAID_AGAIN:
        setattr(page, name, getattr(said, name))
    expired = expire(page, now=now)
    if not expired.fact:
        release(page, now=now)
    return replace(expired, caused_by=summons.caused_by)


def _opened(page: Page) -> Reason:
    fact = PageOpened(matter=page.about, purpose=page.purpose)
    return Reason(fact, caused_by=page.caused_by)


def _page(summons: Summons, now: datetime) -> Page:
    words = {
        name: fitting(Page, name, getattr(summons, name))
        for name in ("place", "hint", "what", "who", "customer_name", "link")
    }
    return Page(
        organisation_id=summons.organisation_id,
        site_id=summons.site_id,
        about=summons.about,
        purpose=summons.purpose,
        intensity=summons.intensity,
        severity=summons.severity,
        happened_at=summons.happened_at,
        leaves_at=summons.leaves_at,
        ladder=[dict(rung) for rung in summons.ladder],
        rests_for=summons.rests_for,
        round_began_at=now,
        opened_at=now,
        caused_by=summons.caused_by,
        **words,
    )


def ring_pages_nobody_heard(entry: Entry, fact: DutyBegan) -> None:
    """Reaction: the next on duty inherits the pages that found nobody, the most pressing first.

    A page that somebody else keeps busy is left out; it looks around again within a minute.
    """
    unheard = Page.objects.filter(site_id=fact.site_id, state=Page.State.NOBODY)
    pages = sorted(hold_those_free(unheard), key=_threshold)
    step_on_all([(page, Reason(caused_by=entry.pk)) for page in pages], now=entry.at)


def _threshold(page: Page) -> tuple[datetime, datetime]:
    return page.leaves_at or NEVER, page.opened_at
