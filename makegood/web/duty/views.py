"""Going on duty with a pager that was felt, and leaving without leaving guests alone."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from makegood.ground import clock
from makegood.ground.refusals import Invalid, Refused
from makegood.page import access as pages
from makegood.page.duty import selftesting
from makegood.people import access as people, duty
from makegood.people.models import Staff
from makegood.web.context import in_site_time
from makegood.web.door import StaffRequest, senior_door, staff_door
from makegood.web.duty.reading import colleagues_on_duty, off_duty_at, posted_id, visit_of
from makegood.web.duty.ways import ANSWERS, icon_of, ways_of
from makegood.web.pager.wires import wires_of


@require_GET
@staff_door
@in_site_time
def start(request: StaffRequest) -> HttpResponse:
    """Before going on duty: hold the phone as you will carry it. On duty already: the pager."""
    if duty.running_duty(request.user):
        return redirect("pager")
    ways = ways_of(request.user, now=clock.now())
    context = {"site": request.user.site, "ways": ways, "felt": any(way.felt for way in ways)}
    return _show(request, "duty/start.html", context)


@require_POST
@staff_door
def ring(request: StaffRequest) -> HttpResponse:
    """Rings the person's own phone, or a device of theirs."""
    chosen = posted_id(request.POST, "device") if request.POST.get("device") else None
    found = selftesting.ring_for_test(
        staff=request.user,
        site=request.user.site,
        device=pages.device_for(request.user, chosen) if chosen else None,
        now=clock.now(),
    )
    return redirect("duty_test", test_id=found.pk)


@require_http_methods(["GET", "POST"])
@staff_door
@in_site_time
def test(request: StaffRequest, test_id: UUID) -> HttpResponse:
    """Did you feel this? Without a yes, nobody is on duty."""
    found = pages.self_test_for(request.user, test_id)
    if request.method == "GET":
        context = {"test": found, "site": found.site, "seniors": _seniors(request.user)}
        context["icon"] = icon_of(found.device)
        context["answers"] = bool(found.device and found.device.channel in ANSWERS)
        return _show(request, "duty/unfelt.html" if found.failed_at else "duty/test.html", context)
    try:
        begun = selftesting.answer_test(
            test=found, felt=_felt(request.POST.get("felt")), now=clock.now()
        )
    except Refused as refusal:
        if isinstance(refusal, Invalid):
            raise
        messages.warning(request, refusal.message)
        return redirect("duty")
    if begun and found.for_duty:
        return redirect("pager")
    if request.POST.get("felt") == "no":
        return redirect("duty_test", test_id=test_id)
    return redirect("duty" if found.for_duty else "devices")


@require_POST
@senior_door
def one_way(request: StaffRequest) -> HttpResponse:
    """A senior goes on duty though only one way was felt; it is noted."""
    try:
        selftesting.allow_one_way(
            staff=request.user, site=request.user.site, by=request.user, now=clock.now()
        )
    except Refused as refusal:
        messages.warning(request, refusal.message)
        return redirect("duty")
    return redirect("pager")


@require_http_methods(["GET", "POST"])
@staff_door
@in_site_time
def end(request: StaffRequest) -> HttpResponse:
    """Takes the person off duty, who is asked first: may a press find nobody, who goes instead?"""
    running = duty.running_duty(request.user)
    if running is None:
        return redirect("pager")
    colleagues, held = colleagues_on_duty(running), visit_of(request.user)
    alone_or_busy = not colleagues or held
    if request.method == "GET" or (alone_or_busy and "sure" not in request.POST):
        context = {"site": running.site, "since": running.began_at, "colleagues": colleagues}
        return _show(request, "duty/end.html", context | {"held": held})
    duty.end_duty(staff=request.user, now=clock.now())
    messages.info(request, _("You are off duty. This phone is silent now."))
    return redirect("pager")


@require_http_methods(["GET", "POST"])
@staff_door
@in_site_time
def hand_over(request: StaffRequest) -> HttpResponse:
    """Gives the duty to a colleague who has felt their own pager."""
    running = duty.running_duty(request.user)
    if running is None:
        return redirect("pager")
    if request.method == "GET":
        context = {"site": running.site, "colleagues": colleagues_on_duty(running)}
        return _show(request, "duty/hand_over.html", context | {"held": visit_of(request.user)})
    to = people.colleague_for(request.user, posted_id(request.POST, "to"))
    try:
        duty.end_duty(staff=request.user, now=clock.now(), handed_to=to)
    except Refused as refusal:
        messages.warning(request, refusal.message)
        return redirect("duty_hand_over")
    messages.info(request, _("%(name)s has your duty now.") % {"name": to.first_name})
    return redirect("pager")


@require_http_methods(["GET", "POST"])
@senior_door
@in_site_time
def override(request: StaffRequest) -> HttpResponse:
    """A senior puts a colleague on duty whose phone did not ring, and says why."""
    site = request.user.site
    if request.method == "GET":
        context = {"site": site, "colleagues": off_duty_at(request.user, site)}
        return _show(request, "duty/override.html", context)
    colleague = people.colleague_for(request.user, posted_id(request.POST, "staff"))
    selftesting.override(
        staff=colleague,
        site=colleague.site,
        by=request.user,
        reason=request.POST.get("reason", ""),
        now=clock.now(),
    )
    messages.info(
        request, _("%(name)s is on duty. Call them by voice.") % {"name": colleague.first_name}
    )
    return redirect("pager")


def _show(request: StaffRequest, template: str, context: dict[str, object]) -> HttpResponse:
    return render(request, template, context | {"now": clock.now(), **wires_of(request.user)})


def _felt(answer: str | None) -> bool:
    if answer not in ("yes", "no"):
        raise Invalid(_("Answer yes or no."), field="felt")
    return answer == "yes"


def _seniors(staff: Staff) -> list[Staff]:
    colleagues = people.colleagues_of(staff, staff.site)
    return [person for person in colleagues if person.is_senior and person.pk != staff.pk]
