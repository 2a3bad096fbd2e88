"""Opening hours and holidays of a site: everybody reads them, seniors change them."""

from datetime import date, time, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from makegood.ground import clock
from makegood.ground.refusals import Invalid, NotAllowed, Refused
from makegood.people import access, opening, planning
from makegood.people.gaps import Stretch
from makegood.people.models import Site
from makegood.web.context import in_site_time
from makegood.web.door import StaffRequest, senior_door, staff_door
from makegood.web.hours.lines import days_of, every_day, lines_in, lines_of, periods_in, time_in

AHEAD = timedelta(weeks=4)
SPANS = (("opens", "closes"), ("opens_again", "closes_again"))


@require_http_methods(["GET", "POST"])
@staff_door
@in_site_time
def hours(request: StaffRequest) -> HttpResponse:
    """Shows the week and the holidays; POST replaces the week (seniors)."""
    if request.method == "GET":
        return _show(request)
    if not request.user.is_senior:
        raise NotAllowed(_("Only a manager or the owner changes the hours. Ask one of them."))
    try:
        opening.set_opening_hours(
            site=request.user.site,
            periods=periods_in(request.POST),
            by=request.user,
            now=clock.now(),
        )
    except Refused as refusal:
        return _show(request, week_refusal=refusal)
    messages.success(request, _("The hours are kept. They count from now on."))
    return redirect("hours")


@require_POST
@senior_door
@in_site_time
def holidays(request: StaffRequest) -> HttpResponse:
    """Closes the site on some dates, or gives them hours of their own."""
    try:
        added = opening.set_holidays(
            site=request.user.site,
            first=_date(request.POST, "first"),
            last=_date(request.POST, "last") if request.POST.get("last") else None,
            spans=_spans(request.POST),
            name=request.POST.get("name", ""),
            by=request.user,
            now=clock.now(),
        )
    except Refused as refusal:
        return _show(request, holiday_refusal=refusal)
    first = date_format(added[0].on, "l j F")
    if len(added) == 1:
        messages.success(request, _("%(day)s is noted.") % {"day": first})
    else:
        said = {"count": len(added), "day": first}
        messages.success(request, _("%(count)s days from %(day)s on are noted.") % said)
    return redirect("hours")


@require_POST
@senior_door
def drop(request: StaffRequest, holiday_id: UUID) -> HttpResponse:
    """That date is like every week again."""
    holiday = access.holiday_for(request.user, holiday_id)
    opening.drop_holiday(holiday=holiday, by=request.user, now=clock.now())
    day = date_format(holiday.on, "l j F")
    messages.success(request, _("%(day)s is like every week again.") % {"day": day})
    return redirect("hours")


def _show(
    request: StaffRequest,
    *,
    week_refusal: Refused | None = None,
    holiday_refusal: Refused | None = None,
) -> HttpResponse:
    site: Site = request.user.site
    periods = opening.hours_of(site).periods
    refusal = week_refusal or holiday_refusal
    context = {
        "site": site,
        "said": bool(site.opening_periods.all()),
        "days": days_of(periods),
        "lines": lines_in(request.POST) if week_refusal else lines_of(periods or every_day()),
        "holidays": opening.coming_holidays(site, clock.now()),
        "gaps": _gaps_ahead(site),
        "today": timezone.localdate(clock.now()),
        "refusal": week_refusal,
        "holiday_refusal": holiday_refusal,
        "written": request.POST if holiday_refusal else {},
    }
    return render(request, "hours/hours.html", context, status=refusal.status if refusal else 200)


def _gaps_ahead(site: Site) -> list[Stretch]:
    """When the next weeks are open and nobody is planned; a house without a rota is told none."""
    window = Stretch(clock.now(), clock.now() + AHEAD)
    planned = planning.plan_of(site, window.starts_at, window.ends_at)
    return planning.gaps_of(site, window, planned) if planned else []


def _date(form: QueryDict, field: str) -> date:
    try:
        return date.fromisoformat(form.get(field, ""))
    except ValueError as error:
        raise Invalid(_("Choose a day."), field=field) from error


def _spans(form: QueryDict) -> list[tuple[time, time]]:
    """The hours of that date; a pair of empty fields is none."""
    return [
        (
            time_in(form.get(opens, ""), field=opens),
            time_in(form.get(closes, ""), field=closes),
        )
        for opens, closes in SPANS
        if form.get(opens) or form.get(closes)
    ]
