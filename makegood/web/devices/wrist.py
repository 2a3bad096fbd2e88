"""A wrist pager under My devices: added, what to type into it, another password."""

from typing import Final
from uuid import UUID

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
from makegood.web.devices.wiring import Account, wire
from makegood.web.door import StaffRequest, staff_door

SHOWN_NEXT: Final = "password_of"  # in the session: whose password the next look shows, once


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
    wiring = wire(_account(device, access.password_of(device) if is_new else ""))
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


def _account(device: Device, password: str) -> Account:
    return Account(
        user=f"pager-{device.pk.hex}",
        topic=f"p/{device.pk.hex}",
        password=password,
        wearer=device.staff.first_name,
    )


def _refuse_without_mqtt() -> None:
    if not reading.has_mqtt():
        raise Refused(_("Wrist pagers need MQTT, which is off here."), code="no_mqtt")
