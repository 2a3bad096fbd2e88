"""Receipts from a person's screen: the page arrived; they looked at it. First times are kept."""

from datetime import datetime

from django.db import transaction

from makegood.page.models import Page
from makegood.people.models import Staff


def note_received(*, page: Page, staff: Staff, now: datetime) -> None:
    """The page reached this person's device; says nothing about anybody who was not rung."""
    with transaction.atomic():
        _note(page, staff, now, "received_at")


def note_seen(*, page: Page, staff: Staff, now: datetime) -> None:
    """This person looked at the page, which must have arrived for that."""
    with transaction.atomic():
        if _note(page, staff, now, "seen_at"):
            _note(page, staff, now, "received_at")


def _note(page: Page, staff: Staff, now: datetime, field: str) -> bool:
    first_time = {f"{field}__isnull": True}
    noted = page.attempts.filter(staff=staff, **first_time).update(**{field: now})
    if noted:
        Page.objects.filter(pk=page.pk, **first_time).update(**{field: now})
    return bool(noted)
