"""How many open cases stand on which version of the policy."""

from django.db.models import Count

from makegood.people.access import sites_within_reach
from makegood.people.models import Staff
from makegood.recover.models import Case, CaseQuerySet


def open_cases_by_version(staff: Staff) -> dict[int, int]:
    """Open cases within a colleague's reach, counted by the number of their version."""
    counted = _within_reach(staff).order_by().values("policy__number").annotate(of=Count("pk"))
    return {row["policy__number"]: row["of"] for row in counted}


def open_cases_on(staff: Staff, number: int) -> CaseQuerySet:
    """Open cases within a colleague's reach that began on version `number`, the latest first."""
    cases = _within_reach(staff).filter(policy__number=number)
    named = cases.select_related("organisation", "site", "customer", "owner", "policy")
    return named.order_by("-opened_at")


def _within_reach(staff: Staff) -> CaseQuerySet:
    return Case.objects.open().filter(site__in=sites_within_reach(staff))
