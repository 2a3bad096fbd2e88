"""Any fact may begin a case: the policy in force says which, and when."""

from collections.abc import Set
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from makegood.ground.chronicle import Fact, Told, together
from makegood.ground.models import Entry
from makegood.people.access import first_site
from makegood.people.facts import MessagesDeclined
from makegood.people.models import Customer, Site
from makegood.recover.access import case_about
from makegood.recover.models import Case, Step
from makegood.recover.policy.tables import Trigger
from makegood.recover.versions.followed import FACTS as TRIGGERS
from makegood.recover.versions.publishing import in_force, policy_of
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


@together
def hear_any(told: Told) -> None:
    """Reaction: a fact that the policy follows becomes a signal, which triage and policy judge.

    Only where we know the customer. What the opening of a case itself brings about is not heard,
    and of one case each kind of fact once: nothing goes round in circles.
    """
    following = _following(told[0][0].name, {entry.organisation_id for entry, _ in told})
    for entry, fact in told:
        if entry.organisation_id in following:
            _hear(entry, fact, following[entry.organisation_id])


def _following(fact: str, houses: Set[UUID]) -> dict[UUID, Trigger]:
    """The first line about the fact in the policy in force, by house; most follow nothing."""
    policies = {house: policy_of(version) for house, version in in_force(houses).items()}
    return {
        house: trigger
        for house, policy in policies.items()
        for trigger in reversed(policy.triggers)
        if trigger.on == fact
    }


def _hear(entry: Entry, fact: Fact, trigger: Trigger) -> None:
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
            words=f"{trigger.says.rstrip('.')}.",
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
