"""Opens pages, and rings for those that found nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from makegood.ground.models import Entry
from makegood.page import ladder
from makegood.page.climbing import Reason, carry_out, look_around, place_of, step_on
from makegood.page.facts import PageOpened
from makegood.page.fitting import fitting
from makegood.page.holding import hold_those_free
from makegood.page.models import Page
from makegood.people.facts import DutyBegan

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


def open_page(summons: Summons, *, now: datetime) -> Page:
    """Opens a page and rings its first rung at once; the same cause opens only one.

    With nobody on duty the page waits for the next who comes, and the story is told so.
    """
    with transaction.atomic():
        already = Page.objects.filter(caused_by=summons.caused_by)
        if already.exists():
            return already.get()
        page = _page(summons, now)
        view = look_around(page, now=now)
        move = ladder.next_move(
            view.rungs, view.lines, place=place_of(page), passed=view.passed, now=now
        )
        fact = PageOpened(matter=page.about, purpose=page.purpose)
        carry_out(page, move, view, now=now, reason=Reason(fact, caused_by=summons.caused_by))
        return page


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
    for page in sorted(hold_those_free(unheard), key=_threshold):
        step_on(page, now=entry.at, reason=Reason(caused_by=entry.pk))


def _threshold(page: Page) -> tuple[datetime, datetime]:
    return page.leaves_at or NEVER, page.opened_at
