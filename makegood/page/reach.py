"""Who can be reached at a site at this moment: two queries, then plain values for the ladder."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, FilteredRelation, OuterRef, Q, Subquery

from makegood.page.ladder import STAFF_PREFIX, Person, Rung
from makegood.page.models import Attempt, Page
from makegood.people.models import Role, Staff

BUSY_AT_MOST = timedelta(minutes=30)  # who forgets to say "done" is not spared for ever


def people_within_reach(
    *, organisation_id: UUID, site_id: UUID, rungs: Iterable[Rung], now: datetime
) -> list[Person]:
    """Everybody a ladder may name: on duty here, managers of the site, owners, and who is named.

    Longest without a page first, then longest on duty.
    """
    here = Q(duties__ended_at=None, duties__site_id=site_id)
    last_rung = Attempt.objects.filter(staff=OuterRef("pk")).order_by("-made_at")
    staff = (
        Staff.objects.filter(organisation_id=organisation_id, is_active=True)
        .annotate(duty=FilteredRelation("duties", condition=here))  # at most one: a constraint
        .filter(
            Q(duty__isnull=False)
            | Q(role=Role.MANAGER, site_id=site_id)
            | Q(role=Role.OWNER)
            | Q(pk__in=_named_in(rungs))
        )
        .annotate(last_rung_at=Subquery(last_rung.values("made_at")[:1]))
        .order_by(F("last_rung_at").asc(nulls_first=True), "duty__began_at", "pk")
        .values_list("pk", "first_name", "role", "duty")
    )
    busy = _busy(organisation_id, now)
    return [
        Person(pk, name, role, on_duty=on_duty is not None, busy=pk in busy)
        for pk, name, role, on_duty in staff
    ]


def _busy(organisation_id: UUID, now: datetime) -> set[UUID | None]:
    recently = Q(state=Page.State.GOING) | Q(with_at__gt=now - BUSY_AT_MOST)
    visits = Q(purpose__in=Page.VISITS)  # a reminder taken keeps nobody from a customer
    pages = Page.objects.in_hand().filter(recently, visits, organisation_id=organisation_id)
    return set(pages.values_list("taken_by_id", flat=True))


def _named_in(rungs: Iterable[Rung]) -> list[UUID]:
    named = (rung.who.removeprefix(STAFF_PREFIX) for rung in rungs if STAFF_PREFIX in rung.who)
    return [pk for text in named if (pk := _as_id(text))]


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
