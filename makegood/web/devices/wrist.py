"""A wrist pager under My devices: added, what to type into it, another password."""

import json
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from makegood.ground import clock
from makegood.ground.refusals import NotFound, Refused
from makegood.page import access
from makegood.page.channels.registry import WRIST
from makegood.page.equipment import equipping
from makegood.page.models import Device
from makegood.web.context import in_site_time
from makegood.web.devices import reading
from makegood.web.devices.views import show_devices
from makegood.web.door import StaffRequest, staff_door

SHOWN_NEXT: Final = "password_of"  # in the session: whose password the next look shows, once
ONLY_HERE: Final = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Wiring:
    """What somebody types into a wrist pager. No password: it was shown before."""

    host: str
    port: int
    with_tls: bool
    user: str
    topic: str
    password: str
    wearer: str
    is_brokers: bool = False

    @property
    def is_only_here(self) -> bool:
        """Whether a pager cannot find us under that name."""
        return self.host in ONLY_HERE

    @property
    def as_settings(self) -> str:
        """`settings.json` of our own firmware (devices/firmware), but for the network."""
        server: dict[str, str | int] = {"host": self.host, "port": self.port}
        if self.with_tls:
            server["authority"] = "/authority.der"
        named = {
            "id": self.topic.removeprefix("p/"),
            "secret": self.password,
            "server": server,
            "wifi": {"name": "", "password": ""},
            "wearer": self.wearer,
        }
        return json.dumps(named, indent=2, ensure_ascii=False)


@require_POST
@staff_door
@in_site_time
def add(request: StaffRequest) -> HttpResponse:
    """One more wrist pager, and what to type into it."""
    try:
        _refuse_without_mqtt()
        device = equipping.add_device(
            staff=request.user,
            channel=WRIST.name,
            name=request.POST.get("name", ""),
            address={},
            now=clock.now(),
        )
    except Refused as refusal:
        return show_devices(request, refusal, part="wrist")
    request.session[SHOWN_NEXT] = str(device.pk)
    return redirect("device_wrist", device.pk)


@require_GET
@never_cache
@staff_door
@in_site_time
def show(request: StaffRequest, device_id: UUID) -> HttpResponse:
    """How one wrist pager is, and what to type into it; its password only after it was made."""
    device = _wrist_of(request, device_id)
    is_new = request.session.get(SHOWN_NEXT) == str(device.pk)
    if is_new:
        del request.session[SHOWN_NEXT]
    wiring = _wiring(device, access.password_of(device) if is_new else "")
    context = {"device": device, "wiring": wiring, "now": clock.now()}
    return render(request, "devices/wrist.html", context)


@require_POST
@staff_door
def renew(request: StaffRequest, device_id: UUID) -> HttpResponse:
    """Gives a wrist pager another password; the old one is void at once."""
    device = _wrist_of(request, device_id)
    equipping.renew_device(device=device, by=request.user, now=clock.now())
    messages.success(request, _("New password. Type it into the pager; the old one is void."))
    request.session[SHOWN_NEXT] = str(device.pk)
    return redirect("device_wrist", device.pk)


def _wrist_of(request: StaffRequest, device_id: UUID) -> Device:
    device = access.device_for(request.user, device_id)
    if device.channel != WRIST.name:
        raise NotFound
    return device


def _wiring(device: Device, password: str) -> Wiring | None:
    """None where no pager can connect. Our own listener comes before a broker."""
    house, broker = settings.HOUSE, settings.HOUSE.broker
    if house.mqtt_port:
        host, port = urlsplit(house.url).hostname or "", house.mqtt_port
        with_tls = bool(house.mqtt_cert)
    elif broker:
        host, port, with_tls = broker.host, broker.port, broker.tls
    else:
        return None
    return Wiring(
        host=host,
        port=port,
        with_tls=with_tls,
        user=f"pager-{device.pk.hex}",
        topic=f"p/{device.pk.hex}",
        password=password,
        wearer=device.staff.first_name,
        is_brokers=not house.mqtt_port,
    )


def _refuse_without_mqtt() -> None:
    if not reading.has_mqtt():
        raise Refused(_("Wrist pagers need MQTT, which is off here."), code="no_mqtt")
