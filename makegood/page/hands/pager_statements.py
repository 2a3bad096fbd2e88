"""What a wrist pager's connection reads and writes, as SQL. No Django: `devices` runs it.

The session must see every organisation: `makegood.organisation` = '*' (see `ground.tenancy`). The
columns of Device, Attempt, PagerWord and SelfTest, and these statements, change together. After
`SAY` and `FELT` the caller wakes the urgent lane, which does what was said (`page.pager_words`,
`page.feeling`).
"""

from typing import Final


def _line(statement: str) -> str:
    return " ".join(statement.split())


IN_USE: Final = _line("""
select id from page_device
where id = %(device)s and channel = 'wrist' and link_version = %(version)s and retired_at is null
""")

# For whom a broker has checked the password: those it knows, and those that are there now.
KNOWN: Final = _line("""
select id from page_device where id = %(device)s and channel = 'wrist' and retired_at is null
""")

THERE: Final = _line("""
select id::text from page_device
where channel = 'wrist' and retired_at is null and seen_at is not null and lost_at is null
""")

_HAS_SAID_SO: Final = """
exists (
    select 1 from page_answer w
    where w.page_id = a.page_id and w.staff_id = a.staff_id and w.round >= a.round
      and w.kind in ('cant', 'knows', 'going')
)
"""

# What rings this device now and has not arrived, as it was told: oldest first. While a page rests
# it is counted to the round to come, and still asks whom it rang in the one before.
WAITING: Final = _line(f"""
select told.data::text
from page_attempt a
join page_page p on p.id = a.page_id
  and (p.round = a.round or p.round = a.round + 1 and p.round_began_at > makegood_now())
  and (p.state in ('ringing', 'nobody') or a.until_known and p.state in ('going', 'with'))
join lateral (
    select b.id, b.data from ground_bulletin b
    where b.topic = 'device:' || a.device_id and b.data->>'kind' = 'ring'
      and b.data->>'page' = a.page_id::text and (b.data->>'round')::int = a.round
    order by b.id desc limit 1
) told on true
where a.device_id = %(device)s and a.sent_at is not null
  and a.received_at is null and a.answered_at is null and not {_HAS_SAID_SO}
order by told.id
""")  # noqa: S608 - our own words

# What rang this device and asks it no more, unless it has said that it heard of it since the page
# last came into a hand or ended: first what arrived there, and the latest. What is free rings on.
STOPPED: Final = _line(f"""
select jsonb_build_object(
    'kind', 'stop', 'page', a.page_id, 'round', a.round, 'state', p.state,
    'because', case
        when p.state in ('done', 'cancelled') then 'over'
        when p.state in ('going', 'with') then 'taken'
        else 'cant'
    end,
    'by', coalesce(h.first_name, '')
)::text
from (
    select distinct on (r.page_id) r.*
    from page_device d
    join page_attempt r on r.staff_id = d.staff_id and r.device_id = d.id
    where d.id = %(device)s and r.sent_at is not null
      and r.made_at > makegood_now() - interval '12 hours'
    order by r.page_id, r.round desc, r.again desc
) a
join page_page p on p.id = a.page_id
left join people_staff h on h.id = p.taken_by_id
where case
        when p.state in ('done', 'cancelled') then true
        when p.state in ('going', 'with')
            then not (a.until_known and a.round = p.round) or {_HAS_SAID_SO}
        else exists (
            select 1 from page_answer c
            where c.page_id = a.page_id and c.staff_id = a.staff_id and c.round >= a.round
              and c.kind = 'cant'
        )
    end
  and (a.stopped_at is null or a.stopped_at < greatest(p.going_at, p.with_at, p.ended_at))
order by a.received_at is null, a.page_id desc
limit 16
""")  # noqa: S608 - our own words

# The latest self-test, as it was told, while it may still be felt: it may have been told while the
# pager was away. It is told again with every connection until it is answered.
ASKED: Final = _line("""
select told.data::text
from page_selftest t
join lateral (
    select b.data from ground_bulletin b
    where b.topic = 'device:' || t.device_id and b.data->>'kind' = 'test'
      and b.data->>'test' = t.id::text
    order by b.id desc limit 1
) told on (told.data->>'expires_at')::timestamptz > makegood_now()
where t.id = (
    select l.id from page_selftest l
    where l.device_id = %(device)s order by l.sent_at desc, l.id desc limit 1
)
  and t.felt_at is null and t.failed_at is null and t.treat_at is null
""")

# The page first, then what hangs on it: in the order in which "I'm going" holds them.
RECEIVED: Final = _line("""
with clock as materialized (select makegood_now() as now),
held as materialized (
    select id from page_page where id = %(page)s for no key update
),
arrived as (
    update page_attempt a set received_at = c.now
    from held, clock c
    where a.page_id = held.id and a.device_id = %(device)s and a.round = %(round)s
      and a.received_at is null
    returning a.page_id
)
update page_page p set received_at = c.now
from arrived, clock c
where p.id = arrived.page_id and p.received_at is null
""")

# It has heard that nobody needs to come: of all its rings up to that round.
SILENT: Final = _line("""
with clock as materialized (select makegood_now() as now),
held as materialized (
    select id from page_page where id = %(page)s for no key update
)
update page_attempt a set stopped_at = c.now, silenced_at = coalesce(a.silenced_at, c.now)
from held, clock c
where a.page_id = held.id and a.device_id = %(device)s and a.round <= %(round)s
  and a.sent_at is not null
""")

# A self-test rings there: first noted, then its person's own screen is told, and then called.
TEST_ARRIVED: Final = _line("""
with arrived as (
    update page_selftest t set received_at = makegood_now()
    from page_device d
    where t.id = %(test)s and t.device_id = %(device)s and d.id = t.device_id
      and d.retired_at is null and t.received_at is null
    returning t.id, t.organisation_id, t.staff_id
)
insert into ground_bulletin (organisation_id, topic, at, data)
select organisation_id, 'staff:' || staff_id, makegood_now(),
    jsonb_build_object('kind', 'arrived', 'test', id)
from arrived
returning id::text
""")

CALL: Final = "select pg_notify('makegood_bulletin', %(bulletin)s)"

ALIVE: Final = _line("""
update page_device d set seen_at = makegood_now(), lost_at = null,
    battery = coalesce(g.battery, d.battery)
from unnest(%(devices)s::uuid[], %(batteries)s::smallint[]) as g (id, battery)
where d.id = g.id
""")

LOST: Final = _line("""
update page_device set lost_at = makegood_now() where id = %(device)s and lost_at is null
""")

# What is said of an earlier round without how long ago was said in that round, at the latest.
SAY: Final = _line("""
insert into page_pagerword (
    id, organisation_id, device_id, page_id, round, kind, said_at, treat_at, refused
)
select %(id)s, p.organisation_id, d.id, p.id, %(round)s, %(kind)s,
    coalesce(
        c.now - %(ago)s::interval,
        (
            select min(n.made_at) from page_attempt n
            where n.page_id = p.id and n.round > %(round)s
        ),
        c.now
    ),
    c.now, ''
from page_device d, page_page p, (select makegood_now() as now) as c
where d.id = %(device)s and d.retired_at is null
  and p.id = %(page)s and p.organisation_id = d.organisation_id
  and exists (select 1 from page_attempt a where a.page_id = p.id and a.device_id = d.id)
on conflict (device_id, page_id, round, kind) do nothing
""")

FELT: Final = _line("""
update page_selftest t set treat_at = makegood_now()
from page_device d
where t.id = %(test)s and t.device_id = %(device)s and d.id = t.device_id
  and d.retired_at is null
  and t.felt_at is null and t.failed_at is null and t.treat_at is null
""")
