"""We noticed it ourselves: whom it touched is told before they complain."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from makegood.ground import clock
from makegood.ground.refusals import NotFound, Refused
from makegood.people.models import Site
from makegood.recover.access import case_of_signal
from makegood.recover.noticing.foreseeing import Foresight, foresee
from makegood.sense import access, reporting, topics
from makegood.web.cases.sites import chosen_site
from makegood.web.context import in_site_time, shown_at
from makegood.web.door import StaffRequest, staff_door
from makegood.web.noticed.typed import Typed, guests, happening, typed, untouched, whom

FIND, LOOK, REPORT = "find", "look", "report"


@require_http_methods(["GET", "POST"])
@staff_door
@in_site_time
def noticed(request: StaffRequest) -> HttpResponse:
    """Says what went wrong and whom it touched; shows what follows; and only then does it."""
    site, now = chosen_site(request), clock.now()
    if request.method != "POST":
        return _form(request, site, untouched(site, now), now)
    said = typed(request.POST)
    try:
        follows = _what_follows(said, request, site, now)
        if follows and request.POST.get("do") == REPORT and said.shown == said.mark:
            return _report(said, request, site, now)
    except NotFound:
        raise
    except Refused as refusal:
        return _form(request, site, said, now, refusal=refusal)
    return _form(request, site, said, now, follows=follows)


@require_GET
@staff_door
@in_site_time
def incident(request: StaffRequest, incident_id: UUID) -> HttpResponse:
    """What was reported, the case of each it touched, and for a minute the way back."""
    found, now = access.incident_for(request.user, incident_id), clock.now()
    undo_until = found.reported_at + reporting.UNDO_WITHIN
    with timezone.override(ZoneInfo(found.site.timezone)):
        context = _frame(request, found.site, now) | {
            "incident": found,
            "about": topics.in_words([found.topic]),
            "reached": [
                {"signal": signal, "case": case_of_signal(signal)}
                for signal in access.touched_by(found)
            ],
            "undo_until": undo_until if now <= undo_until and not found.taken_back_at else None,
        }
        return render(request, "noticed/incident.html", context)


@require_POST
@staff_door
def take_back(request: StaffRequest, incident_id: UUID) -> HttpResponse:
    """It was not so: the cases that were only this end."""
    found = access.incident_for(request.user, incident_id)
    try:
        reporting.take_back(incident=found, by=request.user, now=clock.now())
        messages.info(request, _("Taken back. Nobody hears of it."))
    except Refused as refusal:
        messages.info(request, refusal.message)
    return redirect("noticed_incident", incident_id=found.pk)


def _what_follows(
    said: Typed, request: StaffRequest, site: Site, now: datetime
) -> Foresight | None:
    """What would follow, once somebody asks for it; refuses what could not be reported."""
    if request.POST.get("do") not in (LOOK, REPORT):
        return None
    what, touched = happening(said, site), whom(said, site, request.user)
    reporting.check(site=site, happening=what, whom=touched, now=now, by=request.user)
    return foresee(site=site, happening=what, whom=touched, now=now)


def _report(said: Typed, request: StaffRequest, site: Site, now: datetime) -> HttpResponse:
    made = reporting.report_incident(
        site=site,
        happening=happening(said, site),
        whom=whom(said, site, request.user),
        by=request.user,
        now=now,
    )
    return redirect("noticed_incident", incident_id=made.pk)


def _form(
    request: StaffRequest,
    site: Site,
    said: Typed,
    now: datetime,
    *,
    follows: Foresight | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    try:
        choice = guests(said, site, request.user)
    except Refused as too_long:
        choice, refusal = None, refusal or too_long
    places = access.touchpoints_at(site)
    with timezone.override(ZoneInfo(site.timezone)):
        context = _frame(request, site, now) | {
            "said": said,
            "topics": topics.OURS.items(),
            "guests": choice,
            "places": places,
            "follows": follows,
            "changed": bool(follows and said.shown and said.shown != said.mark),
            "refusal": refusal,
            "latest": f"{timezone.localtime(now):%Y-%m-%dT%H:%M}",
        }
        return render(
            request, "noticed/noticed.html", context, status=refusal.status if refusal else 200
        )


def _frame(request: StaffRequest, site: Site, now: datetime) -> dict[str, Any]:
    return {
        **shown_at(site, request.user, "cases"),
        "now": now,
    }
