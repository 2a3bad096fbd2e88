"""What customers let us do: for now, whether we may write to them."""

from datetime import datetime

from django.db import transaction

from makegood.ground import chronicle
from makegood.people.facts import MessagesDeclined
from makegood.people.models import Customer


def stop_messages(*, customer: Customer, now: datetime, by: str = chronicle.CUSTOMER) -> Customer:
    """Keeps that the customer wants no messages from us. Asking twice changes nothing."""
    with transaction.atomic():
        kept = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
        if kept.no_messages_at is None:
            kept.no_messages_at = now
            kept.save(update_fields=["no_messages_at"])
            chronicle.record(
                MessagesDeclined(),
                organisation_id=kept.organisation_id,
                at=now,
                by=by,
                about=kept.pk,
            )
    return kept
