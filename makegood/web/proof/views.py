"""Whom we reached before they left; and the table of how often one person is rung."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from makegood.ground import clock
from makegood.ground.refusals import Invalid
from makegood.page.rungs.throttling import LOOKS_AGAIN_EVERY
from makegood.people import access
from makegood.web.context import in_site_time
from makegood.web.door import StaffRequest, senior_door, staff_door
from makegood.web.proof.reading import report_of, table_of_rings
from makegood.web.proof.span import read_span, usual_span


@require_GET
@senior_door
@in_site_time
def proof(request: StaffRequest) -> HttpResponse:
    """The reach report of all sites within the person's reach, for the days they choose."""
    now = clock.now()
    today, wrong = timezone.localtime(now).date(), None
    try:
        span = read_span(request.GET, today)
    except Invalid as refusal:
        span, wrong = usual_span(today), refusal
    sites = access.sites_for(request.user)
    context = {
        "current": "proof",
        "span": span,
        "today": today,
        "form": request.GET if wrong else {},
        "wrong": wrong,
        "report": report_of(sites, span, now=now),
    }
    return render(request, "proof/proof.html", context, status=wrong.status if wrong else 200)


@require_GET
@staff_door
@in_site_time
def rings(request: StaffRequest) -> HttpResponse:
    """How often one person is rung, and what becomes of the rest."""
    context = {
        "current": "proof",
        "rows": table_of_rings(),
        "every": LOOKS_AGAIN_EVERY.seconds,
    }
    return render(request, "proof/rings.html", context)
