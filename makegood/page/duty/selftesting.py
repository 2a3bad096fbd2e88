"""The self-test at the start of a shift: did you feel this? No yes, no duty; and not by one way.

Whoever is on duty was rung, and felt it, in two ways that do not fail together: the open pager is
silent when the line is, a push when its service is. A senior may decide that one is enough.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from makegood.ground import chronicle, wakeup
from makegood.ground.refusals import NotAllowed, Refused
from makegood.page.channels import registry
from makegood.page.channels.screen import sending as screen
from makegood.page.facts import OneWayAllowed, SelfTestFelt
from makegood.page.models import Device, SelfTest
from makegood.page.rungs.attempting import LANE
from makegood.people import duty
from makegood.people.models import Duty, Site, Staff

WAYS: Final = 2
FELT_LASTS: Final = timedelta(minutes=30)  # a ring felt before is none of this shift


def ring_for_test(
    *,
    staff: Staff,
    site: Site,
    now: datetime,
    device: Device | None = None,
    for_duty: bool = True,
) -> SelfTest:
    """Rings this person's own pager, or a device of theirs; they have five minutes to say whether
    they felt it. `for_duty`: a yes counts towards going on duty.

    Refuses people who do not work here, and devices that are not theirs or put away.
    """
    if not staff.is_active or staff.organisation_id != site.organisation_id:
        raise NotAllowed("Only people who work here can be on duty here.")
    if device and (device.staff_id != staff.pk or device.retired_at):
        raise NotAllowed("That device is not one of yours.")
    channel = device.channel if device else registry.SCREEN.name
    told = registry.is_told(channel)
    with transaction.atomic():
        test = SelfTest.objects.create(
            organisation_id=site.organisation_id,
            site=site,
            staff=staff,
            channel=channel,
            device=device,
            for_duty=for_duty,
            sent_at=now,
            hand_over_at=None if told else now,
            handed_over_at=now if told else None,
        )
        if told:
            screen.test(test, now=now)
        else:
            wakeup.wake(LANE)
    return test


def answer_test(*, test: SelfTest, felt: bool, now: datetime) -> Duty | None:
    """Felt: on duty from now, once two ways were felt. Not felt: the test failed and may be tried
    again.

    A second tap changes nothing; a no after the yes takes it back, until duty has begun. Refuses
    `expired` after five minutes, `failed` once it had failed.
    """
    with transaction.atomic():
        rows = SelfTest.objects.select_for_update(of=("self",))
        test = rows.select_related("site", "staff", "device").get(pk=test.pk)
        running = duty.running_duty(test.staff)
        if test.felt_at and (running or (felt and not test.failed_at)):
            return running
        _refuse_stale(test, felt=felt, now=now)
        if not felt:
            _fail(test, now)
            return None
        _feel(test, now)
        if not test.for_duty or len(ways_felt(test.staff, now=now)) < WAYS:
            return None
        return duty.begin_duty(staff=test.staff, site=test.site, felt_at=now, now=now)


def ways_felt(staff: Staff, *, now: datetime) -> set[str]:
    """The ways by which this person was felt lately, and not before their last duty ended."""
    return {
        registry.way_of(test.channel, test.device.address if test.device else {})
        for test in rings_felt(staff, now=now)
    }


def rings_felt(staff: Staff, *, now: datetime) -> list[SelfTest]:
    """The rings of this shift that were felt, over what is still in use."""
    ended = Duty.objects.filter(staff=staff, ended_at__isnull=False).order_by("-ended_at")
    last = ended.values_list("ended_at", flat=True).first()
    since = max(now - FELT_LASTS, last) if last else now - FELT_LASTS
    felt = SelfTest.objects.filter(
        staff=staff, for_duty=True, felt_at__gte=since, felt_at__lte=now, failed_at=None,
        device__retired_at=None,
    )  # fmt: skip
    return list(felt.select_related("device").order_by("felt_at"))


def rings_asked(staff: Staff, *, now: datetime) -> list[SelfTest]:
    """The rings of this shift that may still be felt, the latest last."""
    asked = SelfTest.objects.filter(
        staff=staff, for_duty=True, sent_at__gte=now - SelfTest.GOOD_FOR, sent_at__lte=now,
        felt_at=None, failed_at=None,
    )  # fmt: skip
    return list(asked.order_by("sent_at", "pk"))


def allow_one_way(*, staff: Staff, site: Site, by: Staff, now: datetime) -> Duty:
    """A senior decides that one way felt is enough today; the chronicle shows who, and for whom.

    Seniors may decide it for themselves too: somebody felt something. Refuses hosts, and whoever
    felt nothing at all.
    """
    if not by.is_senior or by.organisation_id != staff.organisation_id:
        raise NotAllowed("Only a manager or the owner can decide that.")
    with transaction.atomic():
        if not ways_felt(staff, now=now):
            raise Refused("Let us ring one way first.", code="not_felt")
        chronicle.record(
            OneWayAllowed(staff_id=staff.pk),
            organisation_id=site.organisation_id,
            at=now,
            by=chronicle.staff_actor(by.pk),
            about=staff.pk,
        )
        return duty.begin_duty(staff=staff, site=site, felt_at=now, now=now)


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
    if felt and now > test.expires_at:
        raise Refused("That ring is too long ago. Please ring again.", code="expired")


def _fail(test: SelfTest, now: datetime) -> None:
    if test.failed_at is None:
        test.failed_at, test.hand_over_at = now, None
        test.save(update_fields=["failed_at", "hand_over_at"])
        if test.device and test.felt_at:
            felt = test.device.self_tests.filter(felt_at__isnull=False, failed_at=None)
            last = felt.order_by("-felt_at").values_list("felt_at", flat=True).first()
            Device.objects.filter(pk=test.device.pk).update(felt_at=last)


def _feel(test: SelfTest, now: datetime) -> None:
    test.felt_at, test.hand_over_at = now, None
    test.save(update_fields=["felt_at", "hand_over_at"])
    if test.device:
        Device.objects.filter(pk=test.device.pk).update(felt_at=now, seen_at=now, lost_at=None)
        screen.felt(test, now=now)
    chronicle.record(
        SelfTestFelt(staff_id=test.staff_id, channel=test.channel),
        organisation_id=test.organisation_id,
        at=now,
        by=chronicle.staff_actor(test.staff_id),
        about=test.pk,
    )
