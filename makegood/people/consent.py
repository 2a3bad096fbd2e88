"""What customers let us do: whether we may write to them, and ask them how it was."""

from datetime import datetime

from django.db import transaction

from makegood.ground import chronicle
from makegood.ground.chronicle import Fact
from makegood.people.facts import MessagesDeclined, MessagesWelcomed, QuestionsDeclined
from makegood.people.models import Customer


def stop_messages(*, customer: Customer, now: datetime, by: str = chronicle.CUSTOMER) -> Customer:
    """Keeps that the customer wants no messages from us. Asking twice changes nothing."""
    with transaction.atomic():
        kept = _held(customer)
        if kept.no_messages_at is None:
            kept.no_messages_at = now
            _keep(kept, MessagesDeclined(), now=now, by=by)
    return kept


def stop_questions(*, customer: Customer, now: datetime, by: str = chronicle.CUSTOMER) -> Customer:
    """Keeps that the customer is not to be asked again how it was; what we promised may reach them.

    Asking twice changes nothing.
    """
    with transaction.atomic():
        kept = _held(customer)
        if kept.no_questions_at is None:
            kept.no_questions_at = now
            _keep(kept, QuestionsDeclined(), now=now, by=by)
    return kept


def welcome_messages(
    *, customer: Customer, now: datetime, by: str = chronicle.CUSTOMER
) -> Customer:
    """Keeps that the customer lets us write and ask again; nothing, if they never said no."""
    with transaction.atomic():
        kept = _held(customer)
        if kept.no_messages_at or kept.no_questions_at:
            kept.no_messages_at = kept.no_questions_at = None
            _keep(kept, MessagesWelcomed(), now=now, by=by)
    return kept


def _held(customer: Customer) -> Customer:
    return Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)


def _keep(customer: Customer, fact: Fact, *, now: datetime, by: str) -> None:
    customer.save(update_fields=["no_messages_at", "no_questions_at"])
    chronicle.record(
        fact, organisation_id=customer.organisation_id, at=now, by=by, about=customer.pk
    )
