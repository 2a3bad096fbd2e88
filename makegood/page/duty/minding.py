"""Minds the ways of those on duty, once a minute: what is lost is told before it is needed.

Its owner reads it on their pager, everybody on the floor. A senior is rung when a way has died and
fewer than two are left, once for each loss, and no more as soon as there are two again.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from makegood.ground import chronicle, locks
from makegood.page.channels import registry
from makegood.page.channels.screen import sending as screen
from makegood.page.duty.losing import LOST_AFTER, MISSED_AFTER, NO_LOSS, Gear, Loss, gear_of
from makegood.page.duty.selftesting import WAYS
from makegood.page.facts import DeviceFound, DeviceLost, FewWaysLeft
from makegood.page.hands.ending import end_pages
from makegood.page.models import Device, Page
from makegood.page.rungs.ringing import Summons, open_page
from makegood.people.models import Duty

TOLD_AFTER: Final = timedelta(minutes=5)  # its owner, who reads of it sooner, has looked by then
RESTS_FOR: Final = timedelta(hours=4)
SENIORS: Final = (
    {"who": "manager", "wait_seconds": 60},
    {"who": "owner", "wait_seconds": 60},
)
ONE_AT_A_TIME: Final = "page.minding"  # two workers tell it once


def mind(*, now: datetime) -> None:
    """Marks as lost who has said nothing for three minutes, tells of what is lost and of what is
    heard again, and rings a senior for whom one way only is left; asked where every house can be
    seen."""
    for see_to in (_mark_silent, _tell_of_devices, _see_to_ways):
        with transaction.atomic():
            if locks.is_ours_alone(ONE_AT_A_TIME):
                see_to(now)


def _mark_silent(now: datetime) -> None:
    """A gateway, or a broker, that was killed could not say who was lost with it."""
    speaking = Device.objects.in_use().filter(channel=registry.WRIST.name, lost_at=None)
    speaking.filter(seen_at__lte=now - LOST_AFTER).update(lost_at=F("seen_at"))


def _tell_of_devices(now: datetime) -> None:
    running = {duty.staff_id: duty for duty in Duty.objects.running()}
    for device in _missed_now(now):
        _note(device, DeviceLost if device.retired_at is None else None, missed_at=now, now=now)
        _tell(device, running, DeviceLost.name, now)
    back = Device.objects.in_use().filter(missed_at__isnull=False, lost_at=None)
    for device in back.select_for_update(of=("self",)).order_by("pk"):
        _note(device, DeviceFound, missed_at=None, now=now)
        _tell(device, running, DeviceFound.name, now)


def _missed_now(now: datetime) -> QuerySet[Device]:
    """What fails somebody on duty, and was not told yet: silent, or put away."""
    theirs = Duty.objects.running().filter(staff=OuterRef("staff"))
    silent = Exists(theirs.filter(began_at__lt=OuterRef("lost_at") + LOST_AFTER))
    gone = Exists(theirs.filter(began_at__lte=OuterRef("retired_at")))
    missed = Device.objects.filter(
        Q(silent, retired_at=None, lost_at__lte=now - MISSED_AFTER)
        | Q(gone, ~Q(retired_because__in=NO_LOSS)),
        missed_at=None,
    )
    return missed.select_for_update(of=("self",)).order_by("pk")


def _note(
    device: Device, kind: type[DeviceLost | DeviceFound] | None, *, missed_at: datetime | None,
    now: datetime,
) -> None:  # fmt: skip
    """Of one put away the chronicle knows already."""
    device.missed_at = missed_at
    device.save(update_fields=["missed_at"])
    if kind:
        chronicle.record(
            kind(staff_id=device.staff_id, channel=device.channel),
            organisation_id=device.organisation_id,
            at=now,
            by=chronicle.SYSTEM,
            about=device.pk,
        )


def _tell(device: Device, running: Mapping[UUID, Duty], what: str, now: datetime) -> None:
    if duty := running.get(device.staff_id):
        house = device.organisation_id
        screen.tell_cover(
            duty.site_id, [device.staff_id], what=what, organisation_id=house, now=now
        )


def _see_to_ways(now: datetime) -> None:
    running = list(Duty.objects.running().select_related("staff").order_by("pk"))
    gear = gear_of(running, now=now)
    pages = Page.objects.filter(about__in=[duty.pk for duty in running]).order_by("opened_at")
    told = {page.about: page for page in pages}  # the latest of each
    for duty in running:
        losses = _worth_a_word(duty, gear[duty.staff_id])
        page = told.get(duty.pk)
        if not losses:
            if page and page.is_open:
                end_pages(about=duty.pk, purpose=Page.Purpose.REMIND, now=now)
            continue
        latest = max(one.since for one in losses)
        if latest <= now - TOLD_AFTER and (page is None or page.opened_at < latest):
            _ring(duty, losses, now)


def _worth_a_word(duty: Duty, gear: Gear) -> Sequence[Loss]:
    """What a senior has to hear of; one on duty has read it on their own pager."""
    return gear.losses if gear.ways < WAYS and not duty.staff.is_senior else []


def _ring(duty: Duty, losses: Sequence[Loss], now: datetime) -> None:
    entry = chronicle.record(
        FewWaysLeft(staff_id=duty.staff_id),
        organisation_id=duty.organisation_id,
        at=now,
        by=chronicle.SYSTEM,
        about=duty.pk,
    )
    lost = ", ".join(one.device.name for one in losses)
    summons = Summons(
        organisation_id=duty.organisation_id,
        site_id=duty.site_id,
        about=duty.pk,
        purpose=Page.Purpose.REMIND,
        place=duty.staff.full_name,
        what=_("Only their open pager rings them now: see whether it is by them. Lost: %(lost)s.")
        % {"lost": lost},
        severity=2,
        happened_at=now,
        ladder=SENIORS,
        rests_for=RESTS_FOR,
        caused_by=entry.pk,
    )
    open_page(summons, now=now)
