"""Swaps and absences: they count at once, and no draft asks for them."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from makegood.ground import clock
from makegood.ground.refusals import Refused
from makegood.people import absence, access as people, rotating
from makegood.people.models import Site
from makegood.web.context import in_site_time
from makegood.web.door import StaffRequest, senior_door
from makegood.web.duty.reading import posted_id
from makegood.web.duty.rota import show_rota
from makegood.web.duty.typed import date_in, moment_in, site_moment, somebody_in, time_in

DAY = timedelta(days=1)


@require_POST
@senior_door
@in_site_time
def override(request: StaffRequest, rotation_id: UUID) -> HttpResponse:
    """Somebody else has a post for a while, or nobody."""
    rotation = people.rotation_for(request.user, rotation_id)

    def plan() -> str:
        staff = somebody_in(request, "staff")
        rotating.override_turn(
            rotation=rotation,
            staff=staff,
            starts_at=moment_in(request.POST, "starts_at"),
            ends_at=moment_in(request.POST, "ends_at"),
            by=request.user,
            now=clock.now(),
        )
        if staff is None:
            return _("Nobody has %(post)s then.") % {"post": rotation.name}
        return _("%(name)s has %(post)s then.") % {
            "name": staff.first_name,
            "post": rotation.name,
        }

    return _planned(request, plan, part="override")


@require_POST
@senior_door
def drop_override(request: StaffRequest, override_id: UUID) -> HttpResponse:
    """The turns count again."""
    found = people.override_for(request.user, override_id)
    rotating.drop_override(override=found, by=request.user, now=clock.now())
    messages.info(request, _("The turns count again."))
    return redirect("rota")


@require_POST
@senior_door
@in_site_time
def away(request: StaffRequest) -> HttpResponse:
    """A colleague is away for days or hours; somebody stands in, or nobody."""

    def plan() -> str:
        staff = people.colleague_for(request.user, posted_id(request.POST, "away"))
        starts_at, ends_at = _away_in(request.user.site, request.POST)
        absence.note_absence(
            staff=staff,
            substitute=somebody_in(request, "substitute"),
            starts_at=starts_at,
            ends_at=ends_at,
            by=request.user,
            now=clock.now(),
        )
        return _("%(name)s is away then. Look for gaps below.") % {"name": staff.first_name}

    return _planned(request, plan, part="away")


@require_POST
@senior_door
def drop_away(request: StaffRequest, absence_id: UUID) -> HttpResponse:
    """They are there after all."""
    found = people.absence_for(request.user, absence_id)
    absence.drop_absence(absence=found, by=request.user, now=clock.now())
    messages.info(request, _("%(name)s is there after all.") % {"name": found.staff.first_name})
    return redirect("rota")


def _planned(request: StaffRequest, plan: Callable[[], str], *, part: str) -> HttpResponse:
    """Does it and says so; a refusal is shown beside the form of its `part`."""
    try:
        messages.info(request, plan())
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        return show_rota(request, refusal=refusal, part=part)
    return redirect("rota")


def _away_in(site: Site, form: QueryDict) -> tuple[datetime, datetime]:
    """From when until when somebody is away. Without times these are whole days; with one day and
    an earlier time to end at, they are back on the next day."""
    first = date_in(form, "first")
    last = date_in(form, "last") if form.get("last") else first
    begins = time_in(form, "away_from") if form.get("away_from") else time()
    if not form.get("away_until"):
        return site_moment(site, first, begins), site_moment(site, last + DAY, time())
    ends = time_in(form, "away_until")
    over_midnight = not form.get("last") and ends <= begins
    return site_moment(site, first, begins), site_moment(site, last + DAY * over_midnight, ends)
