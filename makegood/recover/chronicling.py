"""Everything that was written down about a case: under which ids the chronicle keeps it."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from makegood.amends.models import Amends, AmendsRequest
from makegood.ground.models import Entry
from makegood.page.models import Page
from makegood.recover.belonging import link_to, matters_of
from makegood.recover.models import Case, CaseSignal, Step
from makegood.sense.models import Invitation, Visit
from makegood.words.models import Letter, Reply


def abouts_of(case: Case) -> list[UUID]:
    """What facts about a case are about: it, what was joined with it, its signals, pages, gifts,
    letters, replies and questions, and the customer's visits since."""
    matters = matters_of(case.pk)
    found = _made(matters)
    told = [*found, *_steps(matters), *_facts(matters), *_facts(_visits(case))]
    pages = Page.objects.filter(about__in=told).values_list("pk", flat=True)
    return [*found, *_visits(case), *pages]


def open_pages_of(case: Case) -> list[UUID]:
    """The pages that still ring for a case, whatever of it they are about. One page calls for a
    visit, however many cases wait for it: it is of the case that it names."""
    matters = matters_of(case.pk)
    told = [*_made(matters), *_steps(matters), *_facts(matters)]
    named = [link_to(matter) for matter in matters]
    is_ours = Q(about__in=told) | Q(about__in=_facts(_visits(case)), link__in=named)
    ringing = Page.objects.open().filter(is_ours, organisation_id=case.organisation_id)
    return list(ringing.values_list("pk", flat=True))


def entries_of(case: Case) -> list[Entry]:
    """All facts about a case, the first first."""
    return list(Entry.objects.filter(about__in=abouts_of(case)).order_by("at", "pk"))


def _made(matters: Collection[UUID]) -> list[UUID]:
    found: list[UUID] = [*matters]
    found += CaseSignal.objects.filter(case__in=matters).values_list("signal_id", flat=True)
    for model in (Amends, AmendsRequest, Letter, Reply, Invitation):
        found += model.objects.filter(about__in=matters).values_list("pk", flat=True)
    return found


def _steps(matters: Collection[UUID]) -> list[UUID]:
    return list(Step.objects.filter(case__in=matters).values_list("pk", flat=True))


def _facts(abouts: Collection[UUID]) -> list[UUID]:
    """Pages may be about a fact itself: a visit, a second failure seen."""
    return list(Entry.objects.filter(about__in=abouts).values_list("pk", flat=True))


def _visits(case: Case) -> list[UUID]:
    if not case.customer_id:
        return []
    since = Visit.objects.filter(customer=case.customer_id, began_at__gte=case.opened_at)
    return list(since.values_list("pk", flat=True))
