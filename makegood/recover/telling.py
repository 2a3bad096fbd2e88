"""Tells the open screens about a case: the customer's, the colleagues', the floor board's."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from django.db import connection

from makegood.ground import bulletins, topics
from makegood.ground.chronicle import together
from makegood.ground.models import Entry
from makegood.recover.models import Case

SIGNAL_PAGE_LISTENS_FOR = timedelta(minutes=30)  # later, a customer's page listens to the case

LISTENING = """
select c.id, c.site_id, s.signal_id
from recover_case c left join recover_casesignal s on s.case_id = c.id and s.joined_at >= %s
where c.id = any(%s)
"""


class AboutMatter(Protocol):
    """A fact that concerns a matter of ours."""

    @property
    def matter(self) -> UUID: ...


@together
def tell_customer(told: Sequence[tuple[Entry, AboutMatter]]) -> None:
    """Reaction: whoever looks at these cases sees what just happened, the customers included."""
    listening = _who_listens({fact.matter for _, fact in told}, told[0][0].at)
    bulletins.post_all(
        (
            _news(
                fact.matter,
                listening[fact.matter].site_id,
                what=entry.name,
                organisation_id=entry.organisation_id,
                signals=listening[fact.matter].signals,
            )
            for entry, fact in told
            if fact.matter in listening  # else it is about no case: a step, a request
        ),
        at=told[0][0].at,
    )


@dataclass(frozen=True)
class Listening:
    """Who looks at a case: its site, and the pages of its latest signals."""

    site_id: UUID
    signals: list[UUID]


def _who_listens(cases: Set[UUID], now: datetime) -> dict[UUID, Listening]:
    with connection.cursor() as cursor:
        cursor.execute(LISTENING, [now - SIGNAL_PAGE_LISTENS_FOR, list(cases)])
        rows = cursor.fetchall()
    listening: dict[UUID, Listening] = {}
    for case_id, site_id, signal_id in rows:
        found = listening.setdefault(case_id, Listening(site_id, []))
        if signal_id:
            found.signals.append(signal_id)
    return listening


@dataclass(frozen=True)
class CaseNews:
    """Something that happened to a case, for its screens and those of `signals`."""

    case: Case
    what: str
    signals: list[UUID]


def tell_all(news: Iterable[CaseNews], *, at: datetime) -> None:
    """Posts what happened to cases, once the caller's transaction commits."""
    bulletins.post_all(
        (
            _news(
                one.case.pk,
                one.case.site_id,
                what=one.what,
                organisation_id=one.case.organisation_id,
                signals=one.signals,
            )
            for one in news
        ),
        at=at,
    )


def tell(case: Case, *, what: str, at: datetime, signals: Iterable[UUID] = ()) -> None:
    """Posts that `what` happened to `case`, once the caller's transaction commits."""
    tell_all([CaseNews(case, what, list(signals))], at=at)


def _news(
    case_id: UUID, site_id: UUID, *, what: str, organisation_id: UUID, signals: Iterable[UUID]
) -> bulletins.News:
    """For all who listen: the case's page, the site's board, the signals' pages."""
    heard = [topics.matter(case_id), topics.site(site_id), *map(topics.signal, signals)]
    return bulletins.News(heard, {"fact": what, "case": str(case_id)}, organisation_id)
