"""By which ways somebody was felt at the start of this shift, and by which they may be rung."""

from dataclasses import dataclass
from datetime import datetime

from makegood.page import access
from makegood.page.duty import selftesting
from makegood.page.models import Device
from makegood.people.models import Staff


@dataclass(frozen=True)
class Way:
    """This phone (no device), or one of the person's devices."""

    device: Device | None
    felt: bool


def ways_of(staff: Staff, *, now: datetime) -> list[Way]:
    """The open pager first, then the devices in use."""
    felt = {test.device_id for test in selftesting.rings_felt(staff, now=now)}
    devices: list[Device | None] = [None, *access.devices_of(staff)]
    return [Way(one, (one.pk if one else None) in felt) for one in devices]
