"""Somebody is away, and who stands in for them."""

from datetime import datetime

from django.db import transaction

from makegood.ground import chronicle
from makegood.ground.refusals import Invalid, NotAllowed
from makegood.people.facts import AbsenceDropped, AbsenceNoted
from makegood.people.models import Absence, Staff


def note_absence(
    *,
    staff: Staff,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
    substitute: Staff | None = None,
    by: Staff | None = None,
) -> Absence:
    """`staff` is away; in their shifts and turns `substitute` is planned, or nobody.

    Refuses an absence that is over or ends before it starts, and a substitute who is the person
    or of another house.
    """
    if ends_at <= max(starts_at, now):
        raise Invalid("That time is over, or ends before it starts.", field="ends_at")
    if substitute and substitute.pk == staff.pk:
        raise Invalid("Somebody else has to stand in.", field="substitute")
    if substitute and substitute.organisation_id != staff.organisation_id:
        raise NotAllowed("That colleague works for another house.")
    with transaction.atomic():
        absence = Absence.objects.create(
            organisation_id=staff.organisation_id,
            staff=staff,
            substitute=substitute,
            starts_at=starts_at,
            ends_at=ends_at,
        )
        stands_in = substitute.pk if substitute else None
        _tell(AbsenceNoted(staff_id=staff.pk, substitute_id=stands_in), absence, now, by)
    return absence


def drop_absence(*, absence: Absence, now: datetime, by: Staff | None = None) -> None:
    """They are there after all. Doing so again changes nothing."""
    with transaction.atomic():
        gone, _ = Absence.objects.filter(pk=absence.pk).delete()
        if gone:
            _tell(AbsenceDropped(staff_id=absence.staff_id), absence, now, by)


def _tell(fact: chronicle.Fact, absence: Absence, now: datetime, by: Staff | None) -> None:
    chronicle.record(
        fact,
        organisation_id=absence.organisation_id,
        at=now,
        by=chronicle.staff_actor(by.pk) if by else chronicle.SYSTEM,
        about=absence.pk,
    )
