"""When two customers turn out to be one, what they told us belongs to the one we keep."""

from makegood.ground.models import Entry
from makegood.people.facts import CustomersJoined
from makegood.sense.models import Invitation, Signal, Visit


def follow_customer(entry: Entry, fact: CustomersJoined) -> None:
    """Reaction: signals, invitations and visits follow their customer."""
    for model in (Signal, Invitation, Visit):
        rows = model._default_manager.filter(customer_id=fact.joined_id)
        rows.update(customer_id=fact.kept_id)
