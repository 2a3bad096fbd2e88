"""My devices: what rings me, proof that it does, and when it may. Everybody sees only their own."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from makegood.ground import clock
from makegood.ground.refusals import Invalid, Refused
from makegood.page import access
from makegood.page.channels.registry import CHANNELS
from makegood.page.duty import selftesting
from makegood.page.equipment import equipping
from makegood.web.context import in_site_time
from makegood.web.devices import reading, wished
from makegood.web.door import StaffRequest, staff_door


@require_http_methods(["GET", "POST"])
@staff_door
@in_site_time
def devices(request: StaffRequest) -> HttpResponse:
    """Lists them; POST adds one that is known by its address."""
    refusal = _add(request) if request.method == "POST" else None
    if request.method == "POST" and refusal is None:
        return redirect("devices")
    return show_devices(request, refusal)


@require_POST
@staff_door
@in_site_time
def wishes(request: StaffRequest) -> HttpResponse:
    """Says which device rings when, and when only what is grave."""
    owned = access.devices_of(request.user)
    try:
        delays, quiet = wished.read(request.POST, owned)
        equipping.wish(staff=request.user, delays=delays, quiet=quiet)
    except Refused as refusal:
        return show_devices(request, refusal)
    messages.success(request, _("Noted. It holds from the next ring."))
    return redirect("devices")


@require_POST
@staff_door
@in_site_time
def rename(request: StaffRequest, device_id: UUID) -> HttpResponse:
    """Calls a device otherwise."""
    device = access.device_for(request.user, device_id)
    try:
        equipping.rename_device(device=device, name=request.POST.get("name", ""))
    except Refused as refusal:
        return show_devices(request, refusal)
    return redirect("devices")


@require_POST
@staff_door
def ring(request: StaffRequest, device_id: UUID) -> HttpResponse:
    """Rings a device to see that it does; that alone puts nobody on duty."""
    test = selftesting.ring_for_test(
        staff=request.user,
        site=request.user.site,
        device=access.device_for(request.user, device_id),
        for_duty=False,
        now=clock.now(),
    )
    return redirect("duty_test", test_id=test.pk)


@require_POST
@staff_door
def retire(request: StaffRequest, device_id: UUID) -> HttpResponse:
    """Puts a device away."""
    device = access.device_for(request.user, device_id)
    equipping.retire_device(device=device, by=request.user, now=clock.now())
    messages.success(request, _("%(name)s is put away. It rings no more.") % {"name": device.name})
    return redirect("devices")


def show_devices(request: StaffRequest, refusal: Refused | None, *, part: str = "") -> HttpResponse:
    """The screen, with what was refused in which part of it, and what had been written."""
    context = reading.screen_of(request.user, now=clock.now())
    written = request.POST if refusal else {}
    context |= {"refusal": refusal, "written": written, "part": part}
    return render(
        request, "devices/devices.html", context, status=refusal.status if refusal else 200
    )


def _add(request: StaffRequest) -> Refused | None:
    channel = CHANNELS.get(request.POST.get("channel", ""))
    try:
        if channel is None or channel.read_address is None:
            raise Invalid(_("Choose one from the list."), field="channel")
        device = equipping.add_device(
            staff=request.user,
            channel=channel.name,
            name=request.POST.get("name", ""),
            address=channel.read_address(request.POST.get("address", "")),
            now=clock.now(),
        )
    except Refused as refusal:
        return refusal
    messages.success(request, _("%(name)s is added. Ring it once.") % {"name": device.name})
    return None
