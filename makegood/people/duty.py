"""Who is on duty right now. Nobody is, with a pager that did not ring."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from makegood.ground import chronicle
from makegood.ground.refusals import Invalid, NotAllowed, Refused
from makegood.people.facts import DutyBegan, DutyEnded
from makegood.people.models import Duty, Site, Staff
from makegood.people.plain_text import one_line

LONGEST_REASON = 200


@dataclass(frozen=True)
class Override:
    """A senior lets somebody be on duty whose pager did not ring, and says why."""

    by: Staff
    reason: str


def begin_duty(
    *,
    staff: Staff,
    site: Site,
    felt_at: datetime | None,
    now: datetime,
    override: Override | None = None,
) -> Duty:
    """Puts `staff` on duty at `site`; already there, it stays the same duty.

    Refuses a pager that was not felt, unless a senior overrides with a reason, which stands beside
    them while they are on duty, and somebody who is on duty at another site.
    """
    if not staff.is_active or staff.organisation_id != site.organisation_id:
        raise NotAllowed("Only people who work here can be on duty here.")
    override = None if felt_at else override
    _refuse_unfelt(felt_at, now, staff, override)
    reason = _reason_of(override)
    with transaction.atomic():
        _lock(staff)
        running = running_duty(staff)
        if running:
            return _same_site(running, site)
        duty = Duty.objects.create(
            organisation_id=site.organisation_id,
            site=site,
            staff=staff,
            began_at=now,
            felt_at=felt_at,
            override_by=override.by if override else None,
            override_reason=reason,
        )
        chronicle.record(
            DutyBegan(
                site_id=site.pk, staff_id=staff.pk, overridden=felt_at is None, reason=reason
            ),
            organisation_id=site.organisation_id,
            at=now,
            by=chronicle.staff_actor((duty.override_by or staff).pk),
            about=duty.pk,
        )
    return duty


def end_duty(*, staff: Staff, now: datetime, handed_to: Staff | None = None) -> Duty:
    """Takes `staff` off duty; the last one may go too.

    Refuses somebody who is not on duty, and a hand-over to anyone who is not on duty there.
    """
    if handed_to and handed_to.pk == staff.pk:
        raise Invalid("Please hand over to a colleague.", field="handed_to")
    with transaction.atomic():
        _lock(staff, handed_to)
        duty = running_duty(staff)
        if duty is None:
            raise Refused(f"{staff.first_name} is not on duty.", code="not_on_duty")
        if handed_to:
            _refuse_absent(handed_to, duty.site)
        duty.ended_at, duty.handed_to = now, handed_to
        duty.save(update_fields=["ended_at", "handed_to"])
        chronicle.record(
            DutyEnded(
                site_id=duty.site_id,
                staff_id=staff.pk,
                handed_to_id=handed_to.pk if handed_to else None,
            ),
            organisation_id=duty.organisation_id,
            at=now,
            by=chronicle.staff_actor(staff.pk),
            about=duty.pk,
        )
    return duty


def running_duty(staff: Staff) -> Duty | None:
    """The duty `staff` is on, if any."""
    running = Duty.objects.running().filter(staff=staff)
    return running.select_related("site", "override_by").first()


def running_duties(site: Site) -> list[Duty]:
    """The duties running at `site`, the longest first, with their staff."""
    running = Duty.objects.running().at_site(site).filter(staff__is_active=True)
    return list(running.select_related("staff", "override_by").order_by("began_at", "pk"))


def on_duty(site: Site) -> list[Staff]:
    """Everyone on duty at `site`, whatever their role; who is there longest comes first."""
    return [duty.staff for duty in running_duties(site)]


def _refuse_unfelt(
    felt_at: datetime | None, now: datetime, staff: Staff, override: Override | None
) -> None:
    if felt_at:
        if felt_at > now:
            raise Invalid("A ring cannot be felt before it rang.", field="felt_at")
    elif override is None:
        raise Refused(
            "Nobody goes on duty with a pager that did not ring. Ring it again, or ask a manager.",
            code="not_felt",
            field="felt_at",
        )
    elif not override.by.is_senior or override.by.organisation_id != staff.organisation_id:
        raise NotAllowed("Only a manager or the owner can decide that.")


def _reason_of(override: Override | None) -> str:
    if override is None:
        return ""
    reason = one_line(override.reason, field="reason", longest=LONGEST_REASON)
    if not reason:
        raise Invalid("Say why, in a few words; it is kept with the duty.", field="reason")
    return reason


def _same_site(running: Duty, site: Site) -> Duty:
    if running.site_id != site.pk:
        raise Refused(
            f"They are still on duty at {running.site.name}. End that duty first.",
            code="on_duty_elsewhere",
            field="site",
        )
    return running


def _refuse_absent(colleague: Staff, site: Site) -> None:
    theirs = running_duty(colleague)
    if theirs is None or theirs.site_id != site.pk:
        raise Refused(
            f"{colleague.first_name} is not on duty here yet. Let them feel their pager first.",
            code="not_on_duty",
            field="handed_to",
        )


def _lock(*people: Staff | None) -> None:
    ids = [person.pk for person in people if person]
    locked = Staff.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    len(locked)  # runs it: both of a hand-over, always in the same order
