"""Any fact may begin a case: the policy in force says which, and when."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from makegood.ground.chronicle import Fact
from makegood.ground.models import Entry
from makegood.people.access import first_site
from makegood.people.facts import MessagesDeclined
from makegood.people.models import Customer, Site
from makegood.recover.access import case_about
from makegood.recover.followed import FACTS as TRIGGERS
from makegood.recover.models import Case, Step
from makegood.recover.publishing import current_policy
from makegood.sense.facts import VisitBegan
from makegood.sense.models import Echo, Signal
from makegood.sense.noticing import Failure, note_failure

__all__ = ["TRIGGERS", "hear_any"]


@dataclass(frozen=True)
class Concerned:
    """Whom a fact is about, and where their case is, or would be."""

    customer: Customer
    site: Site
    case: Case | None = None

    @property
    def place(self) -> str:
        """As the case calls it."""
        return self.case.place if self.case else self.site.name[:60]


def hear_any(entry: Entry, fact: Fact) -> None:
    """Reaction: a fact that the policy follows becomes a signal, which triage and policy judge.

    Only where we know the customer. What the opening of a case itself brings about is not heard,
    and of one case each kind of fact once: nothing goes round in circles.
    """
    policy = current_policy(entry.organisation_id)
    following = [one for one in policy.triggers if one.on == fact.name] if policy else []
    if not following:
        return
    whom = _concerned(entry, fact)
    if whom is None or _is_its_own_echo(entry, fact, whom):
        return
    note_failure(
        failure=Failure(
            kind=Signal.Kind.INCIDENT,
            fact=fact.name,
            matter=entry.pk,
            site=whom.site,
            customer=whom.customer,
            place=whom.place,
            words=f"{following[0].says.rstrip('.')}.",
            caused_by=entry.pk,
        ),
        now=entry.at,
    )


def _concerned(entry: Entry, fact: Fact) -> Concerned | None:
    if isinstance(fact, MessagesDeclined):
        customer = Customer.objects.select_related("organisation").get(pk=entry.about)
        return Concerned(customer, first_site(customer.organisation))
    if isinstance(fact, VisitBegan):
        site = Site.objects.get(pk=fact.site_id)
        return Concerned(Customer.objects.get(pk=fact.customer_id), site)
    matter: UUID = getattr(fact, "matter", entry.about)
    case = case_about(matter) or _case_of_step(matter)
    if case is None or case.customer is None:
        return None
    return Concerned(case.customer, case.site, case)


def _case_of_step(matter: UUID) -> Case | None:
    step = Step.objects.filter(pk=matter).values_list("case_id", flat=True).first()
    return case_about(step) if step else None


def _is_its_own_echo(entry: Entry, fact: Fact, whom: Concerned) -> bool:
    if whom.case is None:
        return False
    same = Echo.objects.filter(fact=fact.name, signal__customer=whom.customer)
    still_on_its_way = Q(signal__state=Signal.State.WAITING)
    heard = same.filter(still_on_its_way | Q(signal__case_signal__case=whom.case))
    return whom.case.opened_at == entry.at or heard.exists()
