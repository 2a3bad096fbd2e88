"""Everything that was written down about a case: under which ids the chronicle keeps it."""

from collections.abc import Iterable
from uuid import UUID

from makegood.amends.models import Amends, AmendsRequest
from makegood.ground.models import Entry
from makegood.page.models import Page
from makegood.recover.belonging import matters_of
from makegood.recover.models import Case, CaseSignal, Step
from makegood.sense.models import Invitation, Visit
from makegood.words.models import Letter, Reply


def abouts_of(case: Case) -> list[UUID]:
    """What facts about a case are about: it, what was joined with it, its signals, pages, gifts,
    letters, replies and questions, and the customer's visits since."""
    matters = matters_of(case.pk)
    found: list[UUID] = [*matters]
    found += CaseSignal.objects.filter(case__in=matters).values_list("signal_id", flat=True)
    for model in (Amends, AmendsRequest, Letter, Reply, Invitation):
        found += model.objects.filter(about__in=matters).values_list("pk", flat=True)
    steps = Step.objects.filter(case__in=matters).values_list("pk", flat=True)
    told = [*found, *steps, *_seen(case, matters)]
    pages = Page.objects.filter(about__in=told).values_list("pk", flat=True)
    return [*found, *_visits(case), *pages]


def entries_of(case: Case) -> list[Entry]:
    """All facts about a case, the first first."""
    return list(Entry.objects.filter(about__in=abouts_of(case)).order_by("at", "pk"))


def _seen(case: Case, matters: Iterable[UUID]) -> list[UUID]:
    """Pages may be about a fact itself: a reply heard, a second failure seen."""
    visits = Entry.objects.filter(about__in=_visits(case))
    facts = Entry.objects.filter(about__in=list(matters))
    return [*facts.values_list("pk", flat=True), *visits.values_list("pk", flat=True)]


def _visits(case: Case) -> list[UUID]:
    if not case.customer_id:
        return []
    since = Visit.objects.filter(customer=case.customer_id, began_at__gte=case.opened_at)
    return list(since.values_list("pk", flat=True))
