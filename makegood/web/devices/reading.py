"""What My devices shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from makegood.page import access
from makegood.page.channels.registry import CHANNELS, way_of
from makegood.page.models import Device
from makegood.people.models import Staff
from makegood.web.duty.ways import icon_of

DELAYS: Final = (
    (0, _("at once")), (10, _("after 10 s")), (20, _("after 20 s")), (45, _("after 45 s")),
    (60, _("after a minute")), (120, _("after 2 minutes")), (300, _("after 5 minutes")),
)  # fmt: skip
GRAVITIES: Final = ((3, _("3, it matters")), (4, _("4, grave")), (5, _("5, the gravest")))


@dataclass(frozen=True)
class Line:
    """One device on the screen."""

    device: Device
    channel: str
    icon: str
    after: int
    delays: list[tuple[int, Any]]


def screen_of(staff: Staff, *, now: datetime) -> dict[str, Any]:
    """The devices in use, what can be added by hand, and what was wished."""
    wishes = access.wishes_of(staff)
    delays = wishes.delays if wishes else {}
    devices = access.devices_of(staff)
    return {
        "lines": [_line(device, int(delays.get(str(device.pk), 0))) for device in devices],
        "ways": 1 + len({way_of(device.channel, device.address) for device in devices}),
        "channels": [(one.name, one.title) for one in CHANNELS.values() if one.read_address],
        "wishes": wishes,
        "has_mqtt": has_mqtt(),
        "gravities": GRAVITIES,
        "staff": staff,
        "now": now,
    }


def has_mqtt() -> bool:
    """Whether a wrist pager can connect: to us, or to a broker."""
    return bool(settings.HOUSE.mqtt_port or settings.HOUSE.broker)


def _line(device: Device, after: int) -> Line:
    delays: list[tuple[int, Any]] = list(DELAYS)
    if after not in dict(DELAYS):
        delays = sorted([*delays, (after, _("after %(n)d s") % {"n": after})], key=lambda d: d[0])
    title = CHANNELS[device.channel].title
    return Line(device, title, icon_of(device), after, delays)
