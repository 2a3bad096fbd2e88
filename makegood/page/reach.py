"""Who can be reached at a site at this moment: one query, then plain values for the ladder."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from makegood.page.ladder import STAFF_PREFIX, Person, Rung
from makegood.page.models import Page

BUSY_AT_MOST = timedelta(minutes=30)  # who forgets to say "done" is not spared for ever

# Every press and every rung asks this. A reminder taken keeps nobody from a customer.
WITHIN_REACH = """
select s.id, s.first_name, s.role, d.id is not null as on_duty, exists (
    select from page_page p
    where p.taken_by_id = s.id and p.purpose = any(%(visits)s)
      and (p.state = 'going' or p.state = 'with' and p.with_at > %(busy_since)s)
) as busy
from people_staff s
left join people_duty d on d.staff_id = s.id and d.ended_at is null and d.site_id = %(site)s
where s.organisation_id = %(organisation)s and s.is_active and (
    d.id is not null
    or s.role = 'owner' or s.role = 'manager' and s.site_id = %(site)s
    or s.id = any(%(named)s::uuid[])
)
order by (select max(a.made_at) from page_attempt a where a.staff_id = s.id) nulls first,
    d.began_at, s.id
"""


def people_within_reach(
    *, organisation_id: UUID, site_id: UUID, rungs: Iterable[Rung], now: datetime
) -> list[Person]:
    """Everybody a ladder may name: on duty here, managers of the site, owners, and who is named.

    Longest without a page first, then longest on duty.
    """
    asked: dict[str, Any] = {
        "organisation": organisation_id,
        "site": site_id,
        "named": _named_in(rungs),
        "visits": list(map(str, Page.VISITS)),
        "busy_since": now - BUSY_AT_MOST,
    }
    with connection.cursor() as cursor:
        cursor.execute(WITHIN_REACH, asked)
        return [Person(*row) for row in cursor.fetchall()]


def _named_in(rungs: Iterable[Rung]) -> list[UUID]:
    named = (rung.who.removeprefix(STAFF_PREFIX) for rung in rungs if STAFF_PREFIX in rung.who)
    return [pk for text in named if (pk := _as_id(text))]


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
