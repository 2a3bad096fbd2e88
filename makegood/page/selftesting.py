"""The self-test at the start of a shift: did you feel this? No yes, no duty."""

from datetime import datetime

from django.db import transaction

from makegood.ground import chronicle
from makegood.ground.refusals import NotAllowed, Refused
from makegood.page.channels.screen import sending as screen
from makegood.page.facts import SelfTestFelt
from makegood.page.models import SelfTest
from makegood.people import duty
from makegood.people.models import Duty, Site, Staff


def ring_for_test(*, staff: Staff, site: Site, now: datetime) -> SelfTest:
    """Rings this person's own pager; they have five minutes to say whether they felt it.

    Refuses people who do not work here.
    """
    if not staff.is_active or staff.organisation_id != site.organisation_id:
        raise NotAllowed("Only people who work here can be on duty here.")
    with transaction.atomic():
        test = SelfTest.objects.create(
            organisation_id=site.organisation_id,
            site=site,
            staff=staff,
            channel=screen.CHANNEL,
            sent_at=now,
        )
        screen.test(test, now=now)
    return test


def answer_test(*, test: SelfTest, felt: bool, now: datetime) -> Duty | None:
    """Felt: on duty from now. Not felt: the test failed and may be tried again.

    A second tap changes nothing. Refuses `expired` after five minutes, `failed` once it had failed.
    """
    with transaction.atomic():
        rows = SelfTest.objects.select_for_update(of=("self",)).select_related("site", "staff")
        test = rows.get(pk=test.pk)
        running = duty.running_duty(test.staff)
        if test.felt_at and running:
            return running
        _refuse_stale(test, felt=felt, now=now)
        if not felt:
            _fail(test, now)
            return None
        _feel(test, now)
        return duty.begin_duty(staff=test.staff, site=test.site, felt_at=now, now=now)


def override(*, staff: Staff, site: Site, by: Staff, reason: str, now: datetime) -> Duty:
    """A senior puts a colleague on duty whose pager did not ring; the chronicle shows who and why.

    Refuses people who are not senior, seniors for themselves, and no reason.
    """
    if by.pk == staff.pk:
        raise NotAllowed("Somebody else has to decide that for you.")
    return duty.begin_duty(
        staff=staff, site=site, felt_at=None, now=now, override=duty.Override(by, reason)
    )


def _refuse_stale(test: SelfTest, *, felt: bool, now: datetime) -> None:
    if test.failed_at and felt:
        raise Refused("You did not feel that one. Please ring again.", code="failed")
    if felt and (test.felt_at or now > test.expires_at):
        raise Refused("That ring is too long ago. Please ring again.", code="expired")


def _fail(test: SelfTest, now: datetime) -> None:
    if test.failed_at is None:
        test.failed_at = now
        test.save(update_fields=["failed_at"])


def _feel(test: SelfTest, now: datetime) -> None:
    test.felt_at = now
    test.save(update_fields=["felt_at"])
    chronicle.record(
        SelfTestFelt(staff_id=test.staff_id, channel=test.channel),
        organisation_id=test.organisation_id,
        at=now,
        by=chronicle.staff_actor(test.staff_id),
        about=test.pk,
    )
