"""The rota: who is planned when, and where nobody is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from makegood.ground import clock
from makegood.ground.refusals import NotAllowed, NotFound, Refused
from makegood.people import access as people, drafting, duty, planning, posts, rota as shifts
from makegood.people.gaps import Manned, Stretch, Together, together
from makegood.people.models import Rotation, Shift, Site, Staff
from makegood.people.planning import Planned
from makegood.web.context import in_site_time
from makegood.web.door import StaffRequest, senior_door, staff_door
from makegood.web.duty.changes import hours_in_words, span_in_words
from makegood.web.duty.reading import posted_id
from makegood.web.duty.typed import MEMBERS_ASKED, HoursForm, date_in, site_moment, time_in
from makegood.web.floor.cover import Window
from makegood.web.floor.planned import Cover, cover_within, open_hours_of

DAYS = 7
MOST_WEEKS = 26
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Day:
    """One day of the rota; `together`: when more than one line is planned."""

    date: date
    shifts: Sequence[Planned]
    cover: Cover
    together: Sequence[Together[str]]


@dataclass(frozen=True)
class Post:
    """Turns on a post, with its hours in words and as a form shows them."""

    rotation: Rotation
    hours: str
    asked: HoursForm

    @classmethod
    def of(cls, rotation: Rotation) -> "Post":
        """The post of these turns."""
        hours = posts.read(rotation.hours)
        return cls(rotation, hours_in_words(hours), HoursForm.for_hours(hours))


@dataclass(frozen=True)
class Week:
    """Seven days from today, or so many weeks later; a day runs from midnight to midnight."""

    number: int
    begins: datetime
    ends: datetime
    edges: Sequence[datetime]

    @property
    def last(self) -> date:
        """Its last day."""
        return self.edges[-2].date()

    @property
    def before(self) -> int | None:
        """The number of the week before; None for the first."""
        return self.number - 1 if self.number else None

    @property
    def after(self) -> int | None:
        """The number of the week after; None for the last that is shown."""
        return self.number + 1 if self.number < MOST_WEEKS else None


@require_http_methods(["GET", "POST"])
@staff_door
@in_site_time
def rota(request: StaffRequest) -> HttpResponse:
    """The coming week, or a later one to look at; seniors plan shifts here."""
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
    week = week_at(site, week_number(request), now=now)
    context = rota_context(request, week, refusal=refusal, part=part) | {
        "days": days_of(site, week, planning.plan_of(site, week.begins, week.ends)),
        "draft": drafting.draft_of(site),
        "unfelt": [one for one in duty.running_duties(site) if not one.felt_at],
        "published": drafting.may_be_taken_back(site, now) if request.user.is_senior else None,
    }
    return render(request, "duty/rota.html", context, status=refusal.status if refusal else 200)


def rota_context(
    request: StaffRequest, week: Week, *, refusal: Refused | None, part: str
) -> dict[str, Any]:
    """What the rota and its draft share: who there is, and what was typed."""
    site, now = request.user.site, clock.now()
    return {
        "current": "floor",
        "site": site,
        "week": week,
        "posts": [Post.of(one) for one in planning.rotations_of(site, now)],
        "absences": [
            (one, span_in_words(one.starts_at, one.ends_at))
            for one in planning.absences_ahead(site, now)
        ],
        "colleagues": people.colleagues_of(request.user, site),
        "asked": HoursForm.of(request.POST),
        "round_the_clock": HoursForm.for_hours(posts.ROUND_THE_CLOCK),
        "members": [request.POST.get(f"member_{one}", "") for one in range(MEMBERS_ASKED)],
        "refusal": refusal,
        "part": part if refusal else "",
        "now": now,
        "written": {
            "on": max(week.begins, timezone.localtime(now)).date().isoformat(),
            "from": "17:00",
            "until": "23:00",
            "every_days": "7",
            "hands_over_at": "00:00",
            **request.POST.dict(),
        },
    }


@require_POST
@senior_door
@in_site_time
def drop(request: StaffRequest, shift_id: UUID) -> HttpResponse:
    """Takes a coming shift out of the rota."""
    now = clock.now()
    shift = _coming(request.user.site, shift_id, now)
    shifts.drop_shift(shift=shift, now=now, by=request.user)
    messages.info(request, _("%(name)s’s shift is taken out.") % {"name": shift.staff.first_name})
    return redirect("rota")


@require_POST
@senior_door
@in_site_time
def swap(request: StaffRequest, shift_id: UUID) -> HttpResponse:
    """Somebody else has a coming shift."""
    now = clock.now()
    shift = _coming(request.user.site, shift_id, now)
    colleague = people.colleague_for(request.user, posted_id(request.POST, "staff"))
    try:
        shifts.swap_shift(shift=shift, staff=colleague, now=now, by=request.user)
    except Refused as refused:
        if refused.status in (403, 404):
            raise
        return show_rota(request, refusal=refused, part="shift")
    told = {"name": colleague.first_name, "former": shift.staff.first_name}
    messages.info(request, _("%(name)s has %(former)s’s shift.") % told)
    return redirect("rota")


def _coming(site: Site, shift_id: UUID, now: datetime) -> Shift:
    coming = shifts.planned(site, now, now + timedelta(days=366))
    shift = next((one for one in coming if one.pk == shift_id), None)
    if shift is None:
        raise NotFound(_("We cannot find that shift."))
    return shift


def week_number(request: StaffRequest) -> int:
    """Which week is asked for: 0 begins today; what is none is this one."""
    said = request.GET.get("week", "")
    return min(int(said), MOST_WEEKS) if said.isdecimal() and len(said) < 4 else 0


def week_at(site: Site, number: int, *, now: datetime) -> Week:
    """The week that begins so many weeks after today."""
    first = timezone.localtime(now).date() + number * DAYS * DAY
    edges = [site_moment(site, first + DAY * day, time()) for day in range(DAYS + 1)]
    return Week(number, edges[0], edges[-1], edges)


def days_of(site: Site, week: Week, planned: Sequence[Planned]) -> list[Day]:
    """The days of a week with who is planned, the gaps, and where two are planned at once."""
    edges, is_open = week.edges, open_hours_of(site)
    return [
        Day(
            date=begins.date(),
            shifts=_of_day(planned, begins, ends, first=begins == edges[0]),
            cover=cover_within(Window(begins, ends), planned, is_open, every=6),
            together=together(Stretch(begins, ends), manned(planned)),
        )
        for begins, ends in pairwise(edges)
    ]


def manned(planned: Sequence[Planned]) -> list[Manned[str]]:
    """Who is planned when, by name, on the clock of the site."""
    return [
        Manned(
            one.staff.full_name,
            timezone.localtime(one.starts_at),
            timezone.localtime(one.ends_at),
        )
        for one in planned
        if one.staff
    ]


def shift_in(request: StaffRequest) -> tuple[Staff, datetime, datetime]:
    """Whom the form plans, and from when until when; an earlier time means the next day."""
    site, form = request.user.site, request.POST
    colleague = people.colleague_for(request.user, posted_id(form, "staff"))
    on, begins, ends = date_in(form, "on"), time_in(form, "from"), time_in(form, "until")
    last = on + DAY if ends <= begins else on
    return colleague, site_moment(site, on, begins), site_moment(site, last, ends)


def _of_day(
    planned: Sequence[Planned], begins: datetime, ends: datetime, *, first: bool
) -> list[Planned]:
    """Shifts, and turns of some hours, stand at the day they begin on; others on each of their
    days, cut to it."""
    return [
        replace(one, starts_at=max(one.starts_at, begins), ends_at=min(one.ends_at, ends))
        if one.goes_round
        else one
        for one in planned
        if one.starts_at < ends
        and one.ends_at > begins
        and (one.goes_round or first or one.starts_at >= begins)
    ]


def _plan(request: StaffRequest, site: Site) -> None:
    if not request.user.is_senior:
        raise NotAllowed(_("Only a manager or the owner plans shifts. Ask one of them."))
    colleague, starts_at, ends_at = shift_in(request)
    shifts.plan_shift(
        site=site,
        staff=colleague,
        starts_at=starts_at,
        ends_at=ends_at,
        now=clock.now(),
        by=request.user,
    )
    messages.info(request, _("%(name)s is planned.") % {"name": colleague.first_name})
