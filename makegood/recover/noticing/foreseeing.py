"""What reporting something would bring about: which cases open, and which are joined."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from makegood.people.models import Site
from makegood.recover.models import Case
from makegood.recover.policy.deciding import trigger_of
from makegood.recover.policy.model import Policy
from makegood.recover.policy.situation import CustomerKnown, SignalSeen, Situation
from makegood.recover.versions.publishing import current_policy
from makegood.sense.models import Signal
from makegood.sense.reporting import Happening, Whom
from makegood.triage.vocabulary import plain


@dataclass(frozen=True)
class Reached:
    """One whom it touched, and the open case that hears of it; None: it gets one of its own."""

    whom: Whom
    joins: Case | None


@dataclass(frozen=True)
class Foresight:
    """Everybody it would reach; `trigger`: why, in the policy's words, or nothing happens."""

    trigger: str
    reached: Sequence[Reached]

    @property
    def opens(self) -> int:
        """How many cases begin."""
        return sum(one.joins is None for one in self.reached) if self.trigger else 0

    @property
    def joins(self) -> int:
        """How many hear of it in a case they have already."""
        return len(self.reached) - self.opens if self.trigger else 0

    @property
    def unwritten(self) -> int:
        """How many asked us not to write to them."""
        customers = [one.whom.customer for one in self.reached]
        return sum(bool(customer and customer.no_messages_at) for customer in customers)


def foresee(*, site: Site, happening: Happening, whom: Sequence[Whom], now: datetime) -> Foresight:
    """What `report_incident` would bring about now; nothing is written."""
    policy = current_policy(site.organisation_id)
    once = {one.id: one for one in whom}.values()
    reached = [Reached(one, _case_of(one, happening, policy)) for one in once]
    return Foresight(_trigger(policy, happening), reached)


def _trigger(policy: Policy | None, happening: Happening) -> str:
    """By what is known before anybody asks triage: what it is about, and our words."""
    if policy is None:
        return ""
    signal = SignalSeen(
        kind=Signal.Kind.INCIDENT.value, topics=(happening.topic,), words=plain(happening.what)
    )
    found = trigger_of(policy, Situation(signal=signal, customer=CustomerKnown(known=True)))
    return found.says if found else ""


def _case_of(whom: Whom, happening: Happening, policy: Policy | None) -> Case | None:
    found = Case.objects.open().select_related("organisation", "customer")
    if whom.customer:
        found = found.filter(customer=whom.id[1])
    elif policy:
        close = policy.same_place_within
        found = found.filter(
            touchpoint=whom.id[1],
            last_signal_at__gte=happening.happened_at - close,
            happened_at__lte=happening.happened_at + close,
        )
    return found.order_by("-last_signal_at").first()
