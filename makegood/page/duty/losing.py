"""Ways that die while somebody is on duty: which, since when, and how many are left.

What was lost before they began their duty is none of this: they were felt without it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q

from makegood.page.channels import registry
from makegood.page.equipment.subscribing import RENEWED, WANTED_SO
from makegood.page.models import Device
from makegood.people.models import Duty
from makegood.sense.hearing_statement import LOW_BATTERY

LOST_AFTER: Final = timedelta(minutes=3)  # a wrist speaks every minute, or every keep-alive
MISSED_AFTER: Final = timedelta(minutes=1)  # who is back by then was on the stairs
NO_LOSS: Final = (*WANTED_SO, RENEWED)


@dataclass(frozen=True)
class Loss:
    """A device that rings somebody on duty no more, and since when."""

    device: Device
    since: datetime

    @property
    def is_silent(self) -> bool:
        """Whether we hear nothing of it, and it may come back; else it was put away."""
        return self.device.retired_at is None


@dataclass(frozen=True)
class Gear:
    """What rings one person on duty besides the open pager."""

    devices: Sequence[Device] = ()  # in use, also those that are lost
    losses: Sequence[Loss] = ()
    running_low: Sequence[Device] = ()  # their battery is nearly empty

    @property
    def there(self) -> list[Device]:
        """What is in use and not lost."""
        lost = {one.device.pk for one in self.losses}
        return [one for one in self.devices if one.pk not in lost]

    @property
    def ways(self) -> int:
        """How many reach them that do not fail together: the open pager's, and what was felt."""
        felt = [_way(one) for one in self.there if one.felt_at]
        return len({registry.way_of(registry.SCREEN.name, {}), *felt})


def gear_of(duties: Iterable[Duty], *, now: datetime) -> dict[UUID, Gear]:
    """The gear of everybody on duty, by who they are; in one query."""
    running = {duty.staff_id: duty for duty in duties}
    began = min((duty.began_at for duty in running.values()), default=now)
    known = Device.objects.filter(
        Q(retired_at=None) | Q(retired_at__gte=began), staff_id__in=running
    )
    owned: dict[UUID, list[Device]] = {staff: [] for staff in running}
    for device in known:
        owned[device.staff_id].append(device)
    return {staff: _gear(devices, running[staff], now) for staff, devices in owned.items()}


def _gear(devices: Sequence[Device], duty: Duty, now: datetime) -> Gear:
    in_use = [one for one in devices if one.retired_at is None]
    gone = [
        Loss(one, one.retired_at)
        for one in devices
        if one.retired_at and one.retired_at >= duty.began_at
        and one.retired_because not in NO_LOSS and not _is_replaced(one, in_use)
    ]  # fmt: skip
    silent = [
        Loss(one, one.lost_at) for one in in_use if one.lost_at and _is_missed(one, duty, now)
    ]
    low = [
        one for one in in_use
        if not one.lost_at and one.battery is not None and one.battery <= LOW_BATTERY
    ]  # fmt: skip
    return Gear(in_use, [*silent, *gone], low)


def _is_replaced(gone: Device, in_use: Sequence[Device]) -> bool:
    return any(
        _way(one) == _way(gone) or (one.channel == gone.channel and one.added_at >= gone.added_at)
        for one in in_use
    )


def _is_missed(device: Device, duty: Duty, now: datetime) -> bool:
    assert device.lost_at
    of_this_duty = device.lost_at > duty.began_at - LOST_AFTER
    return of_this_duty and device.lost_at <= now - MISSED_AFTER


def _way(device: Device) -> str:
    return registry.way_of(device.channel, device.address)
