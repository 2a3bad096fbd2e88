"""Receipts from a person's screen: the page arrived; they looked at it. First times are kept."""

from datetime import datetime

from django.db import transaction

from makegood.page.models import Device, Page
from makegood.people.models import Staff


def note_received(*, page: Page, staff: Staff, now: datetime, device: Device | None = None) -> None:
    """The page reached this person's screen, or this device of theirs.

    Says nothing about anybody who was not rung, and nothing about what is theirs beside.
    """
    with transaction.atomic():
        _note(page, staff, device, now, "received_at")
        _heard_of(device, now)


def note_seen(*, page: Page, staff: Staff, now: datetime, device: Device | None = None) -> None:
    """This person looked at the page there, where it must have arrived for that."""
    with transaction.atomic():
        if _note(page, staff, device, now, "seen_at"):
            _note(page, staff, device, now, "received_at")
        _heard_of(device, now)


def note_answered(page: Page, staff: Staff, device: Device | None, *, now: datetime) -> None:
    """The latest ring that reached this person there was answered."""
    rung = page.attempts.filter(staff=staff, device=device, round=page.round, answered_at=None)
    rung.update(answered_at=now)


def _note(page: Page, staff: Staff, device: Device | None, now: datetime, field: str) -> bool:
    """The page is held before its attempts: in the order in which "I'm going" holds them."""
    Page.objects.select_for_update(of=("self",), no_key=True).get(pk=page.pk)
    first_time = {f"{field}__isnull": True}
    rung = page.attempts.filter(staff=staff, device=device, **first_time)
    noted = rung.update(**{field: now})
    if noted:
        Page.objects.filter(pk=page.pk, **first_time).update(**{field: now})
    return bool(noted)


def _heard_of(device: Device | None, now: datetime) -> None:
    if device:
        Device.objects.filter(pk=device.pk).update(seen_at=now, lost_at=None)
