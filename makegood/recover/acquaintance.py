"""What we know of customers: how often they were with us, and the cases we had with them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from makegood.recover.models import Case, Closure
from makegood.sense.models import Visit
from makegood.sense.topics import AWAY

NO_FAILURE = (Closure.Outcome.WITHDRAWN, Closure.Outcome.MERGED)


@dataclass
class Acquaintance:
    """One customer's visits, and our cases with them that stand, the latest first.

    A case that was taken back, or joined with another, does not.
    """

    visits: int = 0
    cases: list[Case] = field(default_factory=list)

    def failures(self, *, besides: UUID | None) -> list[Case]:
        """The cases in which we failed them, but for this one; who stays away was not failed."""
        return [case for case in self.cases if case.pk != besides and case.topic != AWAY]

    def failure(self, *, since: datetime, besides: UUID) -> Case | None:
        """The latest of them that was opened since then."""
        earlier = (case for case in self.failures(besides=besides) if case.opened_at >= since)
        return next(earlier, None)


def acquainted(customers: Iterable[UUID | None]) -> Mapping[UUID | None, Acquaintance]:
    """What we know of `customers`, asked for together; of anybody else, nothing."""
    known: dict[UUID | None, Acquaintance] = defaultdict(Acquaintance)
    ids = {customer for customer in customers if customer}
    if not ids:
        return known
    visits = Visit.objects.filter(customer__in=ids).values_list("customer").annotate(Count("pk"))
    for customer_id, number in visits:
        known[customer_id].visits = number
    standing = Case.objects.exclude(closures__outcome__in=NO_FAILURE)
    for case in standing.filter(customer__in=ids).order_by("-opened_at", "-pk"):
        known[case.customer_id].cases.append(case)
    return known
