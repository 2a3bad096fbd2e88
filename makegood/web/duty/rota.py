"""The rota: who is planned when, and where nobody is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
from makegood.people import access as people, planning, rota as shifts
from makegood.people.models import Site
from makegood.people.planning import Planned
from makegood.web.context import in_site_time
from makegood.web.door import StaffRequest, senior_door, staff_door
from makegood.web.duty.reading import posted_id
from makegood.web.floor.cover import Window
from makegood.web.floor.planned import Cover, cover_within, open_hours_of

DAYS = 7
MEMBERS_ASKED = 6
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Day:
    """One day of the rota."""

    date: date
    shifts: Sequence[Planned]
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
    return show_rota(request, refusal=refusal, part="shift")


def show_rota(request: StaffRequest, *, refusal: Refused | None, part: str) -> HttpResponse:
    """The rota; a refusal stands beside the form of the `part` it belongs to."""
    site, now = request.user.site, clock.now()
    context = {
        "current": "floor",
        "site": site,
        "days": week_of(site, now=now),
        "rotations": planning.rotations_of(site, now),
        "absences": planning.absences_ahead(site, now),
        "colleagues": people.colleagues_of(request.user, site),
        "members": [request.POST.get(f"member_{one}", "") for one in range(MEMBERS_ASKED)],
        "refusal": refusal,
        "part": part if refusal else "",
        "now": now,
        "written": {
            "on": timezone.localtime(now).date().isoformat(),
            "from": "17:00",
            "until": "23:00",
            "every_days": "7",
            "hands_over_at": "00:00",
            **request.POST.dict(),
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
    """The coming days with who is planned and the gaps; a day runs from midnight to midnight."""
    today = timezone.localtime(now).date()
    edges = [site_moment(site, today + DAY * number, time()) for number in range(DAYS + 1)]
    planned = planning.plan_of(site, edges[0], edges[-1])
    is_open = open_hours_of(site)
    return [
        Day(
            date=begins.date(),
            shifts=_of_day(planned, begins, ends, first=begins == edges[0]),
            cover=cover_within(Window(begins, ends), planned, is_open, every=6),
        )
        for begins, ends in pairwise(edges)
    ]


def _of_day(
    planned: Sequence[Planned], begins: datetime, ends: datetime, *, first: bool
) -> list[Planned]:
    """Shifts stand at the day they begin on, turns on each of their days, cut to it."""
    return [
        replace(one, starts_at=max(one.starts_at, begins), ends_at=min(one.ends_at, ends))
        if one.rotation
        else one
        for one in planned
        if one.starts_at < ends
        and one.ends_at > begins
        and (one.rotation or first or one.starts_at >= begins)
    ]


def _plan(request: StaffRequest, site: Site) -> None:
    if not request.user.is_senior:
        raise NotAllowed(_("Only a manager or the owner plans shifts. Ask one of them."))
    form = request.POST
    colleague = people.colleague_for(request.user, posted_id(form, "staff"))
    on, begins, ends = date_in(form, "on"), time_in(form, "from"), time_in(form, "until")
    starts_at, ends_at = site_moment(site, on, begins), site_moment(site, on, ends)
    if ends <= begins:  # past midnight
        ends_at = site_moment(site, on + DAY, ends)
    shifts.plan_shift(
        site=site,
        staff=colleague,
        starts_at=starts_at,
        ends_at=ends_at,
        now=clock.now(),
        by=request.user,
    )
    messages.info(request, _("%(name)s is planned.") % {"name": colleague.first_name})


def site_moment(site: Site, on: date, moment: time) -> datetime:
    """When the clock of `site` shows `moment` on a date."""
    return datetime.combine(on, moment, ZoneInfo(site.timezone))


def date_in(form: QueryDict, field: str) -> date:
    """A date in a form; refuses anything else, naming the field."""
    try:
        return date.fromisoformat(form.get(field, ""))
    except ValueError as error:
        raise Invalid(_("Choose a day."), field=field) from error


def time_in(form: QueryDict, field: str) -> time:
    """A time of day in a form; refuses anything else, naming the field."""
    try:
        return time.fromisoformat(form.get(field, ""))
    except ValueError as error:
        raise Invalid(_("Write the time like 17:00."), field=field) from error
