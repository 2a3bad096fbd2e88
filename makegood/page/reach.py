"""Who can be reached at a site at this moment: one query, then plain values for the ladder."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from makegood.page.ladder import STAFF_PREFIX, Person, Rung
from makegood.page.models import Attempt, Page
from makegood.people.models import Duty, Role, Staff

BUSY_AT_MOST = timedelta(minutes=30)  # who forgets to say "done" is not spared for ever


def people_within_reach(
    *, organisation_id: UUID, site_id: UUID, rungs: Iterable[Rung], now: datetime
) -> list[Person]:
    """Everybody a ladder may name: on duty here, managers of the site, owners, and who is named.

    Longest without a page first, then longest on duty.
    """
    duties = Duty.objects.running().filter(site_id=site_id)
    last_rung = Attempt.objects.filter(staff=OuterRef("pk")).order_by("-made_at")
    staff = (
        Staff.objects.filter(organisation_id=organisation_id, is_active=True)
        .filter(
            Q(pk__in=duties.values("staff"))
            | Q(role=Role.MANAGER, site_id=site_id)
            | Q(role=Role.OWNER)
            | Q(pk__in=_named_in(rungs))
        )
        .annotate(
            on_duty_since=Subquery(duties.filter(staff=OuterRef("pk")).values("began_at")[:1]),
            busy=Exists(_in_hand_of(OuterRef("pk"), now)),
            last_rung_at=Subquery(last_rung.values("made_at")[:1]),
        )
        .order_by(F("last_rung_at").asc(nulls_first=True), "on_duty_since", "pk")
        .values_list("pk", "first_name", "role", "on_duty_since", "busy")
    )
    return [
        Person(pk, name, role, on_duty=since is not None, busy=busy)
        for pk, name, role, since, busy in staff
    ]


def _in_hand_of(staff: OuterRef, now: datetime) -> QuerySet[Page]:
    recently = Q(state=Page.State.GOING) | Q(with_at__gt=now - BUSY_AT_MOST)
    return Page.objects.in_hand().filter(recently, taken_by=staff)


def _named_in(rungs: Iterable[Rung]) -> list[UUID]:
    named = (rung.who.removeprefix(STAFF_PREFIX) for rung in rungs if STAFF_PREFIX in rung.who)
    return [pk for text in named if (pk := _as_id(text))]


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
