"""The rota: who is planned to be on duty. Planning rings nobody; only `duty` does."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from makegood.ground import chronicle
from makegood.ground.ids import new_id
from makegood.ground.refusals import Invalid, NotAllowed, Refused
from makegood.people.facts import ShiftDropped, ShiftPlanned, ShiftSwapped
from makegood.people.models import Shift, Site, Staff


def plan_shift(
    *,
    site: Site,
    staff: Staff,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
    by: Staff | None = None,
    pk: UUID | None = None,
) -> Shift:
    """Plans a shift; `pk`: the name a draft gave it.

    Refuses one that ends before it starts or overlaps another of that person.
    """
    if ends_at <= starts_at:
        raise Invalid("The shift has to end after it starts.", field="ends_at")
    if staff.organisation_id != site.organisation_id:
        raise NotAllowed("That colleague works for another house.")
    with transaction.atomic():
        Staff.objects.select_for_update(no_key=True).get(pk=staff.pk)
        _refuse_overlap(staff, starts_at, ends_at)
        shift = Shift.objects.create(
            pk=pk or new_id(),
            organisation_id=site.organisation_id,
            site=site,
            staff=staff,
            starts_at=starts_at,
            ends_at=ends_at,
        )
        _tell(ShiftPlanned(staff_id=staff.pk), shift, now, by)
    return shift


def drop_shift(*, shift: Shift, now: datetime, by: Staff | None = None) -> None:
    """Takes a shift out of the rota; the chronicle remembers it. Doing so again changes nothing."""
    with transaction.atomic():
        found = Shift.objects.select_for_update().filter(pk=shift.pk).first()
        if found:
            _tell(ShiftDropped(staff_id=found.staff_id), found, now, by)
            found.delete()


def swap_shift(*, shift: Shift, staff: Staff, now: datetime, by: Staff | None = None) -> Shift:
    """`staff` has the shift instead; who has it already keeps it.

    Refuses a shift that is gone, and a colleague of another house or with a shift at that time.
    """
    if staff.organisation_id != shift.organisation_id:
        raise NotAllowed("That colleague works for another house.")
    with transaction.atomic():
        Staff.objects.select_for_update(no_key=True).get(pk=staff.pk)
        found = Shift.objects.select_for_update().filter(pk=shift.pk).first()
        if found is None:
            raise Refused("That shift is not in the rota any more.", code="shift_gone")
        if found.staff_id == staff.pk:
            return found
        _refuse_overlap(staff, found.starts_at, found.ends_at)
        former, found.staff = found.staff_id, staff
        found.save(update_fields=["staff"])
        _tell(ShiftSwapped(staff_id=staff.pk, instead_of_id=former), found, now, by)
    return found


def planned(site: Site, starts_at: datetime, ends_at: datetime) -> list[Shift]:
    """The shifts at `site` that touch the time between, earliest first, with their staff."""
    overlapping = site.shifts.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)
    return list(overlapping.select_related("staff").order_by("starts_at", "pk"))


def _refuse_overlap(staff: Staff, starts_at: datetime, ends_at: datetime) -> None:
    overlapping = staff.shifts.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).first()
    if overlapping is None:
        return
    starts_inside = overlapping.starts_at <= starts_at < overlapping.ends_at
    raise Refused(
        f"{staff.first_name} already has a shift at that time.",
        code="shift_overlaps",
        field="starts_at" if starts_inside else "ends_at",
    )


def _tell(fact: chronicle.Fact, shift: Shift, now: datetime, by: Staff | None) -> None:
    chronicle.record(
        fact,
        organisation_id=shift.organisation_id,
        at=now,
        by=chronicle.staff_actor(by.pk) if by else chronicle.SYSTEM,
        about=shift.pk,
    )
