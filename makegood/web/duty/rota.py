"""The rota: who is planned when, and where nobody is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from makegood.ground import clock
from makegood.ground.refusals import Invalid, NotAllowed, NotFound, Refused
from makegood.people import access as people, rota as shifts
from makegood.people.models import Shift, Site
from makegood.web.context import in_site_time
from makegood.web.door import StaffRequest, senior_door, staff_door
from makegood.web.duty.reading import posted_id
from makegood.web.floor.cover import Window
from makegood.web.floor.planned import Cover, cover_within, open_hours_of

DAYS = 7
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Day:
    """One day of the rota."""

    date: date
    shifts: Sequence[Shift]
    cover: Cover


@require_http_methods(["GET", "POST"])
@staff_door
@in_site_time
def rota(request: StaffRequest) -> HttpResponse:
    """The coming week; seniors plan shifts here."""
    site, refusal = request.user.site, None
    if request.method == "POST":
        try:
            _plan(request, site)
            return redirect("rota")
        except Refused as refused:
            if refused.status == 403:
                raise
            refusal = refused
    context = {
        "current": "floor",
        "site": site,
        "days": week_of(site, now=clock.now()),
        "colleagues": people.colleagues_of(request.user, site),
        "refusal": refusal,
        "written": {
            "staff": request.POST.get("staff", ""),
            "on": request.POST.get("on", timezone.localtime(clock.now()).date().isoformat()),
            "from": request.POST.get("from", "17:00"),
            "until": request.POST.get("until", "23:00"),
        },
    }
    return render(request, "duty/rota.html", context, status=refusal.status if refusal else 200)


@require_POST
@senior_door
@in_site_time
def drop(request: StaffRequest, shift_id: UUID) -> HttpResponse:
    """Takes a coming shift out of the rota."""
    now = clock.now()
    coming = shifts.planned(request.user.site, now, now + timedelta(days=366))
    shift = next((one for one in coming if one.pk == shift_id), None)
    if shift is None:
        raise NotFound(_("We cannot find that shift."))
    shifts.drop_shift(shift=shift, now=now, by=request.user)
    messages.info(request, _("%(name)s’s shift is taken out.") % {"name": shift.staff.first_name})
    return redirect("rota")


def week_of(site: Site, *, now: datetime) -> list[Day]:
    """The coming days with their shifts and gaps; a day runs from midnight to midnight, local."""
    today = timezone.localtime(now).date()
    edges = [_at(site, today + DAY * number, time()) for number in range(DAYS + 1)]
    planned = shifts.planned(site, edges[0], edges[-1])
    is_open = open_hours_of(site)
    return [
        Day(
            date=begins.date(),
            shifts=[one for one in planned if begins <= max(one.starts_at, edges[0]) < ends],
            cover=cover_within(Window(begins, ends), planned, is_open, every=6),
        )
        for begins, ends in pairwise(edges)
    ]


def _plan(request: StaffRequest, site: Site) -> None:
    if not request.user.is_senior:
        raise NotAllowed(_("Only a manager or the owner plans shifts. Ask one of them."))
    form = request.POST
    colleague = people.colleague_for(request.user, posted_id(form, "staff"))
    on, begins, ends = _date(form), _time(form, "from"), _time(form, "until")
    starts_at, ends_at = _at(site, on, begins), _at(site, on, ends)
    if ends <= begins:  # past midnight
        ends_at = _at(site, on + DAY, ends)
    shifts.plan_shift(
        site=site,
        staff=colleague,
        starts_at=starts_at,
        ends_at=ends_at,
        now=clock.now(),
        by=request.user,
    )
    messages.info(request, _("%(name)s is planned.") % {"name": colleague.first_name})


def _at(site: Site, on: date, moment: time) -> datetime:
    return datetime.combine(on, moment, ZoneInfo(site.timezone))


def _date(form: QueryDict) -> date:
    try:
        return date.fromisoformat(form.get("on", ""))
    except ValueError as error:
        raise Invalid(_("Choose a day."), field="on") from error


def _time(form: QueryDict, field: str) -> time:
    try:
        return time.fromisoformat(form.get(field, ""))
    except ValueError as error:
        raise Invalid(_("Write the time like 17:00."), field=field) from error
