"""What a lamp's connection reads, as SQL. No Django: `devices` runs it.

The session must see every organisation: `makegood.organisation` = '*' (see `ground.tenancy`).
`version`: of the password it gave, or null when a broker has checked it. No row: let in no more.
"""

from typing import Final


def _line(statement: str) -> str:
    return " ".join(statement.split())


SITE: Final = _line("""
select site_id::text from sense_lamp
where id = %(lamp)s and retired_at is null
  and link_version = coalesce(%(version)s::int, link_version)
""")

THERE: Final = _line("""
select id::text from sense_lamp
where retired_at is null and heard_at is not null and ailment <> 'silent'
""")

# The gravest visit nobody goes to, and how many there are. Reminders do not light it: it may be
# what is reminded of.
ASKING: Final = _line("""
select coalesce(max(p.severity), 0)::text, count(p.id)::text
from sense_lamp l
left join page_page p on p.site_id = l.site_id and p.state in ('ringing', 'nobody')
  and p.purpose in ('reach', 'call')
where l.id = %(lamp)s and l.retired_at is null
  and l.link_version = coalesce(%(version)s::int, l.link_version)
group by l.id
""")
