"""Who can be reached at this moment, at all sites asked for: one query, then plain values."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection

from makegood.page.equipment import kit
from makegood.page.models import Page
from makegood.page.rungs.ladder import STAFF_PREFIX, Person, Rung, groups_of
from makegood.page.rungs.throttling import MOST, WINDOW, has_room_at, is_counted_alone
from makegood.people.models import Role

BUSY_AT_MOST = timedelta(minutes=30)  # who forgets to say "done" is not spared for ever
NEVER = datetime.min.replace(tzinfo=UTC)

T = TypeVar("T")

# Every press and every rung asks this, a batch of them once. Each way to be within reach has an
# index of its own. A reminder taken keeps nobody from a customer. What people can be reached by
# comes along: ringing it costs no question more.
WITHIN_REACH = """
select s.id, s.first_name, s.role, s.organisation_id, s.site_id, d.site_id, d.began_at,
    (
        select a.made_at from page_attempt a where a.staff_id = s.id
        order by a.made_at desc limit 1
    ),
    (
        select json_agg(extract(epoch from r.made_at)) from (
            select a.made_at from page_attempt a
            where a.staff_id = s.id and a.channel = 'screen' and a.made_at > %(rung_since)s
            order by a.made_at desc limit %(most)s
        ) r
    ),
    exists (
        select from page_page p
        where p.taken_by_id = s.id and p.purpose = any(%(visits)s)
          and (p.state = 'going' or p.state = 'with' and p.with_at > %(busy_since)s)
    ),
    (
        select json_agg(
            json_build_array(v.id, v.channel, v.lost_at is not null) order by v.added_at, v.id
        )
        from page_device v where v.staff_id = s.id and v.retired_at is null
    ),
    (
        select json_build_array(w.delays, w.quiet_from, w.quiet_until, w.quiet_below)
        from page_wishes w where w.staff_id = s.id
    ),
    (select t.timezone from people_site t where t.id = s.site_id),
    (select t.name from people_team t where t.id = s.team_id),
    s.skills::json
from (
    select staff_id as id from people_duty where site_id = any(%(sites)s) and ended_at is null
    union select id from people_staff where site_id = any(%(sites)s) and role = 'manager'
    union select id from people_staff where organisation_id = any(%(houses)s) and role = 'owner'
    union select unnest(%(named)s::uuid[])
) as near
join people_staff s on s.id = near.id and s.is_active
left join people_duty d on d.staff_id = s.id and d.ended_at is null
"""

# In one order, so that two who ring the same people never wait for each other.
RING_ALONE = """
select pg_advisory_xact_lock(k.key) from (
    select distinct hashtextextended('page.ring:' || id, 0) as key from unnest(%s::text[]) as id
    order by key
) as k
"""


@dataclass(frozen=True)
class Asked:
    """Where somebody is needed, and on which ladder."""

    organisation_id: UUID
    site_id: UUID
    rungs: Sequence[Rung]
    severity: int = 3


@dataclass
class Someone:
    """One person as the database knows them, whichever site asks for them."""

    id: UUID
    first_name: str
    role: str
    organisation_id: UUID
    site_id: UUID
    duty_at: UUID | None
    duty_since: datetime | None
    rung_at: datetime | None
    rung_lately: list[float] | None
    busy: bool
    things: list[list[Any]] | None
    wishes: list[Any] | None
    timezone: str
    team: str | None
    skills: list[str]
    rung_now: list[datetime] = field(default_factory=list)
    rung_again: int = 0  # the order in which those rung since we looked were rung

    def person_at(self, site_id: UUID, severity: int, now: datetime) -> Person:
        """As a ladder of that site sees them, for something as grave as this."""
        on_duty = self.duty_at == site_id
        owned = kit.read(self.things, self.wishes, self.timezone)
        groups = groups_of(self.team or "", self.skills)
        return Person(
            self.id,
            self.first_name,
            self.role,
            on_duty,
            self.busy,
            groups=groups,
            kit=owned,
            has_room_at=self.has_room_at(severity, now),
        )

    def has_room_at(self, severity: int, now: datetime) -> datetime | None:
        """When they may be rung again for something as grave as this; None: now."""
        lately = [datetime.fromtimestamp(at, UTC) for at in self.rung_lately or ()]
        return has_room_at([*self.rung_now, *lately], severity, now=now)

    def is_counted_alone(self, severity: int) -> bool:
        """Whether their rings are to be counted with nobody else at it."""
        return is_counted_alone(len(self.rung_lately or ()) + len(self.rung_now), severity)

    def turn_at(self, site_id: UUID) -> tuple[int, datetime, bool, datetime, UUID]:
        """Longest without a page first, then longest on duty there."""
        since = self.duty_since if self.duty_at == site_id else None
        rung_at = self.rung_at or NEVER
        return self.rung_again, rung_at, since is None, since or NEVER, self.id


@dataclass
class Reach:
    """Everybody a batch of ladders may name. Who is rung meanwhile goes to the end of the line."""

    everybody: dict[UUID, Someone]
    now: datetime
    _by_duty: dict[UUID, list[Someone]] = field(init=False)
    _managers: dict[UUID, list[Someone]] = field(init=False)
    _owners: dict[UUID, list[Someone]] = field(init=False)
    _rings: "count[int]" = field(default_factory=lambda: count(1), init=False)

    def __post_init__(self) -> None:
        self._by_duty, self._managers, self._owners = ({}, {}, {})
        for someone in self.everybody.values():
            if someone.duty_at:
                self._by_duty.setdefault(someone.duty_at, []).append(someone)
            if someone.role == Role.MANAGER:
                self._managers.setdefault(someone.site_id, []).append(someone)
            elif someone.role == Role.OWNER:
                self._owners.setdefault(someone.organisation_id, []).append(someone)

    def people_for(self, asked: Asked) -> list[Person]:
        """Everybody this ladder may name, longest without a page first, then longest on duty."""
        named = map(self.everybody.get, _named_in(asked.rungs))
        near = {
            someone.id: someone
            for group in (
                self._by_duty.get(asked.site_id, ()),
                self._managers.get(asked.site_id, ()),
                self._owners.get(asked.organisation_id, ()),
                named,
            )
            for someone in group
            if someone and someone.organisation_id == asked.organisation_id
        }
        in_turn = sorted(near.values(), key=lambda someone: someone.turn_at(asked.site_id))
        return [someone.person_at(asked.site_id, asked.severity, self.now) for someone in in_turn]

    def counted_alone(self, severity: int) -> set[UUID]:
        """Of those noted as rung, whoever has had more than half of what they may be rung."""
        rung = (someone for someone in self.everybody.values() if someone.rung_now)
        return {someone.id for someone in rung if someone.is_counted_alone(severity)}

    def note_rung(self, people: Iterable[Person]) -> None:
        """These are being rung: whoever else is asked for next comes before them."""
        for person in people:
            self.everybody[person.id].rung_again = next(self._rings)
            self.everybody[person.id].rung_now.append(self.now)


def look_for(asked: Iterable[Asked], *, now: datetime) -> Reach:
    """Everybody these ladders may name: on duty there, managers of the sites, owners, and named."""
    asked = list(asked)
    near: dict[str, Any] = {
        "sites": list({one.site_id for one in asked}),
        "houses": list({one.organisation_id for one in asked}),
        "named": list({pk for one in asked for pk in _named_in(one.rungs)}),
        "visits": list(map(str, Page.VISITS)),
        "busy_since": now - BUSY_AT_MOST,
        "rung_since": now - WINDOW,
        "most": MOST,
    }
    with connection.cursor() as cursor:
        cursor.execute(WITHIN_REACH, near)
        return Reach({row[0]: Someone(*row) for row in cursor.fetchall()}, now)


def decide_exactly(asked: Sequence[Asked], decide: Callable[[Reach], T], *, now: datetime) -> T:
    """What `decide` makes of who is near, in whose reach it notes whom it rings.

    Whoever is rung into the second half of the table is held until the transaction ends, counted
    again, and all is decided anew. To be called after the pages are held: these are locked last.
    """
    held: set[UUID] = set()
    least = min((one.severity for one in asked), default=0)
    while True:
        reach = look_for(asked, now=now)
        decided = decide(reach)
        near = reach.counted_alone(least) - held
        if not near:
            return decided
        _ring_alone(near)
        held |= near


def _ring_alone(people: Iterable[UUID]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(RING_ALONE, [sorted(map(str, people))])


def people_within_reach(
    *, organisation_id: UUID, site_id: UUID, rungs: Iterable[Rung], now: datetime
) -> list[Person]:
    """Everybody the ladders of one site may name, longest without a page first."""
    asked = Asked(organisation_id, site_id, list(rungs))
    return look_for([asked], now=now).people_for(asked)


def _named_in(rungs: Iterable[Rung]) -> list[UUID]:
    named = (rung.who.removeprefix(STAFF_PREFIX) for rung in rungs if STAFF_PREFIX in rung.who)
    return [pk for text in named if (pk := _as_id(text))]


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
