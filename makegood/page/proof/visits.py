"""The visits of a stretch of time, for the reach report: one question, whatever their number."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import connection

from makegood.page.proof.reaching import Visit
from makegood.people.models import Site

# One row for each time somebody was asked to go to a customer. What the customer took back was no
# failure to reach them. What rang for whoever went is the try they answered, else the open pager.
VISITS: Final = """
select p.site_id,
    extract(hour from p.happened_at at time zone t.timezone)::int,
    case when p.going_at is null and p.with_at is null then ''
        else coalesce((
            select a.channel from page_attempt a
            where a.page_id = p.id and a.answered_at is not null and a.staff_id = p.taken_by_id
            order by a.answered_at desc limit 1
        ), 'screen') end,
    extract(epoch from p.with_at - p.happened_at)::float8,
    case when p.leaves_at is null then null
        when p.with_at is not null then p.with_at <= p.leaves_at
        when p.ended_at is not null or p.leaves_at < %(now)s then false end
from unnest(%(sites)s::uuid[], %(since)s::timestamptz[], %(until)s::timestamptz[])
        as asked (site_id, since, until)
    join people_site t on t.id = asked.site_id
    join page_page p on p.site_id = asked.site_id
        and p.opened_at >= asked.since and p.opened_at < asked.until
where p.purpose = 'reach' and p.state <> 'cancelled'
"""


def visits_of(sites: Iterable[Site], *, since: date, until: date, now: datetime) -> list[Visit]:
    """The visits of `sites` on the days from `since` to `until`, both within, by their clocks."""
    spans = [(site.pk, _begins(since, site), _begins(_after(until), site)) for site in sites]
    ids, begins, ends = [list(column) for column in zip(*spans, strict=True)] or [[], [], []]
    asked: dict[str, Any] = {"sites": ids, "since": begins, "until": ends, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(VISITS, asked)
        return [Visit(*row) for row in cursor.fetchall()]


def _begins(day: date, site: Site) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(site.timezone))


def _after(day: date) -> date:
    return day + timedelta(days=1)
