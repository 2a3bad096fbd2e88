"""Devices come, are named, and are put away; people say how they want to be rung."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import transaction

from makegood.ground import chronicle
from makegood.ground.refusals import Invalid, NotAllowed, Refused
from makegood.page.channels.registry import CHANNELS, is_told
from makegood.page.channels.screen import sending as screen
from makegood.page.channels.speaking import Address
from makegood.page.equipment.kit import LONGEST_DELAY
from makegood.page.facts import DeviceAdded, DeviceRenewed, DeviceRetired
from makegood.page.fitting import fitting
from makegood.page.models import Attempt, Device, SelfTest, Wishes
from makegood.people.models import Staff
from makegood.people.plain_text import one_line

LONGEST_NAME = 60
MOST_DEVICES = 10
GRAVEST = 5
LAST_VERSION = 32_767  # what the column and a sealed link can count to
BY_HAND = "put away by hand"


@dataclass(frozen=True)
class QuietHours:
    """From when to when only what is at least as grave as `below` rings this person."""

    begins: time
    ends: time
    below: int


def add_device(*, staff: Staff, channel: str, name: str, address: Address, now: datetime) -> Device:
    """Gives somebody one more device; the same address again is the same device, renamed. A device
    without an address, a wrist pager, is always another.

    Refuses a channel that is none, people who do not work here, and an eleventh device.
    """
    if channel not in CHANNELS:
        raise Invalid("We cannot reach anybody that way.", field="channel")
    if not staff.is_active:
        raise NotAllowed("Only people who work here can be rung.")
    called = one_line(name, field="name", longest=LONGEST_NAME) or CHANNELS[channel].title
    with transaction.atomic():
        owned = list(Device.objects.in_use().select_for_update().filter(staff=staff))
        for device in owned:
            if address and device.channel == channel and device.address == dict(address):
                return _renamed(device, called)
        if len(owned) >= MOST_DEVICES:
            raise Refused("That is as many as we can ring. Put one away first.", code="too_many")
        device = Device.objects.create(
            organisation_id=staff.organisation_id,
            staff=staff,
            channel=channel,
            name=called,
            address=dict(address),
            added_at=now,
        )
        _tell(DeviceAdded(staff_id=staff.pk, channel=channel), device, staff, now)
    return device


def rename_device(*, device: Device, name: str) -> Device:
    """Calls it otherwise. Refuses no name at all."""
    return _renamed(device, one_line(name, field="name", longest=LONGEST_NAME, required=True))


def renew_device(*, device: Device, now: datetime, by: Staff | None = None) -> Device:
    """Gives a device another password; whoever has the old one is neither told nor heard."""
    with transaction.atomic():
        device = Device.objects.select_for_update(of=("self",)).get(pk=device.pk)
        if device.retired_at or device.link_version >= LAST_VERSION:
            raise Refused("This device is out of use. Add it anew.", code="retired")
        device.link_version += 1
        device.save(update_fields=["link_version"])
        screen.leave(device.pk, organisation_id=device.organisation_id, now=now)
        _tell(DeviceRenewed(staff_id=device.staff_id, channel=device.channel), device, by, now)
    return device


def retire_device(
    *, device: Device, now: datetime, because: str = BY_HAND, by: Staff | None = None
) -> Device:
    """Puts a device away for good; what waited for it is given up. Twice changes nothing."""
    with transaction.atomic():
        device = Device.objects.select_for_update(of=("self",)).get(pk=device.pk)
        if device.retired_at:
            return device
        device.retired_at = now
        device.retired_because = fitting(Device, "retired_because", because)
        device.save(update_fields=["retired_at", "retired_because"])
        waiting = Attempt.objects.filter(device=device, hand_over_at__isnull=False)
        waiting.update(hand_over_at=None, failed_at=now, said=fitting(Attempt, "said", because))
        Attempt.objects.filter(device=device, silence_at__isnull=False).update(silence_at=None)
        tests = SelfTest.objects.filter(device=device, hand_over_at__isnull=False)
        tests.update(hand_over_at=None, failed_at=now)
        if is_told(device.channel):
            screen.leave(device.pk, organisation_id=device.organisation_id, now=now)
        fact = DeviceRetired(
            staff_id=device.staff_id, channel=device.channel, because=device.retired_because
        )
        _tell(fact, device, by, now)
    return device


def wish(*, staff: Staff, delays: Mapping[UUID, timedelta], quiet: QuietHours | None) -> Wishes:
    """How `staff` wants to be rung from now on: which device how long after the pager, and when
    only what is grave. The open pager rings at once, and is quiet with them.

    Refuses delays beyond ten minutes, devices of others, and quiet hours without an end.
    """
    owned = set(Device.objects.in_use().filter(staff=staff).values_list("pk", flat=True))
    for device, delay in delays.items():
        if device not in owned:
            raise Invalid("That device is not one of yours.", field="delays")
        if not timedelta() <= delay <= LONGEST_DELAY:
            raise Invalid("Choose between nothing and ten minutes.", field="delays")
    if quiet and quiet.begins == quiet.ends:
        raise Invalid("Quiet hours need an end; a whole day is no hours.", field="quiet_until")
    if quiet and not 2 <= quiet.below <= GRAVEST:
        raise Invalid("Choose how grave it must be, from 2 to 5.", field="quiet_below")
    said = {
        "delays": {str(device): delay.total_seconds() for device, delay in delays.items()},
        "quiet_from": quiet.begins if quiet else None,
        "quiet_until": quiet.ends if quiet else None,
        "organisation_id": staff.organisation_id,
    }
    below = {"quiet_below": quiet.below} if quiet else {}
    wishes, _ = Wishes.objects.update_or_create(staff=staff, defaults=said | below)
    return wishes


def _renamed(device: Device, name: str) -> Device:
    device.name = name
    device.save(update_fields=["name"])
    return device


def _tell(fact: chronicle.Fact, device: Device, by: Staff | None, now: datetime) -> None:
    chronicle.record(
        fact,
        organisation_id=device.organisation_id,
        at=now,
        by=chronicle.staff_actor(by.pk) if by else chronicle.SYSTEM,
        about=device.pk,
    )
