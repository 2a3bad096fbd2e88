"""Tells the open screens about a case: the customer's, the colleagues', the floor board's."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from makegood.ground import bulletins, topics
from makegood.ground.models import Entry
from makegood.recover.models import Case

SIGNAL_PAGE_LISTENS_FOR = timedelta(minutes=30)  # later, a customer's page listens to the case


class AboutMatter(Protocol):
    """A fact that concerns a matter of ours."""

    @property
    def matter(self) -> UUID: ...


def tell_customer(entry: Entry, fact: AboutMatter) -> None:
    """Reaction: whoever looks at this case sees what just happened, the customer included."""
    heard_since = entry.at - SIGNAL_PAGE_LISTENS_FOR
    rows: list[tuple[UUID, UUID | None, datetime | None]] = list(
        Case.objects.filter(pk=fact.matter).values_list(
            "site_id", "case_signals__signal_id", "case_signals__joined_at"
        )
    )
    if not rows:
        return  # a page about something that is no case: a step, a request
    signals = [signal for _, signal, joined in rows if signal and joined and joined >= heard_since]
    post(
        fact.matter,
        rows[0][0],
        what=entry.name,
        organisation_id=entry.organisation_id,
        at=entry.at,
        signals=signals,
    )


def tell(case: Case, *, what: str, at: datetime, signals: Iterable[UUID] = ()) -> None:
    """Posts that `what` happened to `case`, once the caller's transaction commits."""
    post(
        case.pk,
        case.site_id,
        what=what,
        organisation_id=case.organisation_id,
        at=at,
        signals=signals,
    )


def post(
    case_id: UUID,
    site_id: UUID,
    *,
    what: str,
    organisation_id: UUID,
    at: datetime,
    signals: Iterable[UUID] = (),
) -> None:
    """One insert for all who listen: the case's page, the site's board, the signals' pages."""
    heard = [topics.matter(case_id), topics.site(site_id), *map(topics.signal, signals)]
    bulletins.post(
        heard, {"fact": what, "case": str(case_id)}, organisation_id=organisation_id, at=at
    )
