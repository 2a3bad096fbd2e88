"""The list of cases: what is open, what has ended, what somebody told us."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from makegood.ground import chronicle, clock
from makegood.ground.ids import new_id
from makegood.ground.refusals import Invalid, Refused
from makegood.people.contacts import read_contact
from makegood.people.models import Customer, Site, Staff
from makegood.people.recognising import recognise, region_at
from makegood.sense.access import touchpoints_at
from makegood.sense.complaining import note_complaint
from makegood.web.cases.lines import asked_for, closed_lines, open_lines
from makegood.web.cases.sites import chosen_site
from makegood.web.context import in_site_time, shown_at
from makegood.web.door import StaffRequest, staff_door
from makegood.web.pager.gift_form import KEY

ONE_TELLING = 600  # seconds in which the same form counts once


@require_GET
@staff_door
@in_site_time
def cases(request: StaffRequest) -> HttpResponse:
    """The open cases of a site, and the last that ended; `?closed=all` shows more of those."""
    return _list(request, chosen_site(request))


@require_GET
@staff_door
@in_site_time
def search(request: StaffRequest) -> HttpResponse:
    """Finds cases, open or not, by name, number or place."""
    site = chosen_site(request)
    try:
        query = asked_for(request.GET.get("q", ""))
    except Refused as refusal:
        return _list(request, site, searching=True, refusal=refusal)
    return _list(request, site, query=query, searching=True)


@require_POST
@staff_door
@in_site_time
def told(request: StaffRequest) -> HttpResponse:
    """Somebody told a colleague: noted in one sentence, as a signal like any other."""
    try:
        _note(request.POST, request.user, clock.now())
    except Refused as refusal:
        return _list(request, request.user.site, refusal=refusal)
    messages.info(request, _("Noted. Its case opens this moment, and somebody is asked to come."))
    return redirect("cases")


def _note(form: QueryDict, by: Staff, now: datetime) -> None:
    key = form.get("key", "")
    if not KEY.fullmatch(key):
        raise Invalid(_("Open this screen again, then send it once more."), field="key")
    counted = f"told:{by.pk}:{key}"
    if not cache.add(counted, True, ONE_TELLING):
        return
    try:
        note_complaint(
            site=by.site,
            place=form.get("place", ""),
            words=form.get("words", ""),
            by=by,
            customer=_customer(form, by, now),
            now=now,
        )
    except BaseException:
        cache.delete(counted)
        raise


def _customer(form: QueryDict, by: Staff, now: datetime) -> Customer | None:
    name, contact = form.get("name", ""), form.get("contact", "").strip()
    if not name.strip() and not contact:
        return None
    site = by.site
    region = region_at(by.organisation_id, site)
    return recognise(
        organisation_id=by.organisation_id,
        contacts=[read_contact(contact, region=region)] if contact else [],
        name=name,
        site=site,
        by=chronicle.staff_actor(by.pk),
        now=now,
    )


def _list(
    request: StaffRequest,
    site: Site,
    *,
    query: str = "",
    searching: bool = False,
    refusal: Refused | None = None,
) -> HttpResponse:
    now = clock.now()
    with timezone.override(ZoneInfo(site.timezone)):
        context: dict[str, Any] = {
            **shown_at(site, request.user, "cases"),
            "now": now,
            "query": query,
            "searching": searching,
            "open": open_lines(site, query, now=now),
            "closed": closed_lines(
                site, query, now=now, all_of_them=request.GET.get("closed") == "all"
            ),
            "places": [touchpoint.place for touchpoint in touchpoints_at(site)],
            "key": new_id().hex,
            "refusal": refusal,
            "written": request.POST,
        }
        status = refusal.status if refusal else 200
        return render(request, "cases/cases.html", context, status=status)
