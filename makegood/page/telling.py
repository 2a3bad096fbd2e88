"""Records facts about pages."""

from datetime import datetime
from uuid import UUID

from makegood.ground import chronicle
from makegood.ground.models import Entry
from makegood.page.models import Page


def tell(
    page: Page,
    fact: chronicle.Fact,
    *,
    now: datetime,
    by: str = chronicle.SYSTEM,
    caused_by: UUID | None = None,
) -> Entry:
    """Writes `fact` about `page` into the chronicle; save the page before, as listeners read it."""
    return chronicle.record_all([telling(page, fact, now=now, by=by, caused_by=caused_by)])[0]


def telling(
    page: Page,
    fact: chronicle.Fact,
    *,
    now: datetime,
    by: str = chronicle.SYSTEM,
    caused_by: UUID | None = None,
) -> chronicle.Telling:
    """`fact` about `page`, to be recorded together with others."""
    return chronicle.Telling(
        fact=fact,
        organisation_id=page.organisation_id,
        at=now,
        by=by,
        about=page.pk,
        caused_by=caused_by,
    )
