"""By which ways somebody was felt at the start of this shift, and by which they may be rung."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy

from makegood.page import access
from makegood.page.duty import selftesting
from makegood.page.models import Device, SelfTest
from makegood.people.models import Staff

ICONS: Final = {"webpush": "mobile", "wrist": "watch", "message": "phone", "mail": "letter"}
THINGS: Final = {
    "webpush": gettext_lazy("phone"), "wrist": gettext_lazy("wrist"),
    "message": gettext_lazy("messenger"), "mail": gettext_lazy("mailbox"),
}  # fmt: skip
ANSWERS: Final = ("webpush", "wrist")  # "felt it" can be said on the device itself


def icon_of(device: Device | None) -> str:
    """The drawing of a kind of device; of the open pager, if none."""
    return ICONS.get(device.channel, "bell") if device else "mobile"


def thing_of(device: Device) -> str:
    """What kind of device it is, in a word within a sentence."""
    return str(THINGS[device.channel])


@dataclass(frozen=True)
class Way:
    """This phone (no device), or one of the person's devices."""

    device: Device | None
    felt: bool
    test: SelfTest | None = None  # the ring that may still be felt there

    @property
    def icon(self) -> str:
        """The drawing of this kind of device."""
        return icon_of(self.device)


def ways_of(staff: Staff, *, now: datetime) -> list[Way]:
    """The open pager first, then the devices in use."""
    felt = {test.device_id for test in selftesting.rings_felt(staff, now=now)}
    asked = {test.device_id: test for test in selftesting.rings_asked(staff, now=now)}
    devices: list[Device | None] = [None, *access.devices_of(staff)]
    found = []
    for one in devices:
        key = one.pk if one else None
        found.append(Way(one, key in felt, asked.get(key) if one else None))
    return found
