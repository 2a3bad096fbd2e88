"""Noting a review that somebody read elsewhere."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from makegood.ground import chronicle, clock
from makegood.ground.ids import new_id
from makegood.ground.refusals import Invalid, Refused
from makegood.people.contacts import read_contact
from makegood.people.models import Customer, Site, Staff
from makegood.people.recognising import recognise, region_at
from makegood.recover.versions.publishing import in_force, policy_of
from makegood.sense.models import Signal
from makegood.sense.reviewing import LONGEST_KEY, Written, note_review
from makegood.web.cases.sites import chosen_site
from makegood.web.context import in_site_time, shown_at
from makegood.web.door import StaffRequest, staff_door
from makegood.web.pager.gift_form import KEY

SOURCES = ("Google", "Tripadvisor", "Booking.com", "Trustpilot", "Yelp", "Facebook")
STARS = (1, 2, 3, 4, 5)


@require_http_methods(["GET", "POST"])
@staff_door
@in_site_time
def review(request: StaffRequest) -> HttpResponse:
    """What somebody wrote about us in public, as a signal like any other."""
    site, now = chosen_site(request), clock.now()
    refusal = None
    if request.method == "POST":
        try:
            _note(request.POST, site, request.user, now)
        except Refused as refused:
            refusal = refused
        else:
            messages.info(request, _("Noted. If something went wrong, its case opens this moment."))
            return redirect("cases")
    with timezone.override(ZoneInfo(site.timezone)):
        today = timezone.localtime(now).date().isoformat()
        context: dict[str, Any] = {
            **shown_at(site, request.user, "cases"),
            "sources": SOURCES,
            "stars": STARS,
            "today": today,
            "written": request.POST,
            "written_on": request.POST.get("written_on", today),
            "key": request.POST.get("key") or new_id().hex,
            "refusal": refusal,
            "begins": _begins(request.user),
        }
        return render(
            request, "noticed/review.html", context, status=refusal.status if refusal else 200
        )


def _begins(staff: Staff) -> list[str] | None:
    """What the policy in force says of reviews, in its own words; None before there is one."""
    version = in_force({staff.organisation_id}).get(staff.organisation_id)
    if version is None:
        return None
    policy = policy_of(version)
    return [line.says for line in policy.triggers if f'"{Signal.Kind.REVIEW}"' in line.when.text]


def _note(form: QueryDict, site: Site, by: Staff, now: datetime) -> None:
    key, url = form.get("key", ""), form.get("url", "").strip()
    if not KEY.fullmatch(key):
        raise Invalid(_("Open this screen again, then send it once more."), field="key")
    written = Written(
        source=form.get("source", ""),
        key=url[:LONGEST_KEY] or key,  # two who read the same review note it once
        stars=_stars(form.get("stars", "")),
        words=form.get("words", ""),
        author=form.get("author", ""),
        url=url,
        written_at=min(_noon_of(form.get("written_on", ""), site, now), now),
    )
    note_review(site=site, written=written, by=by, now=now, customer=_customer(form, site, by, now))


def _stars(text: str) -> int:
    if text not in map(str, STARS):
        raise Invalid(_("How many stars did they give?"), field="stars")
    return int(text)


def _noon_of(text: str, site: Site, now: datetime) -> datetime:
    """The middle of that day at the site; refuses a day to come."""
    zone = ZoneInfo(site.timezone)
    try:
        day = datetime.fromisoformat(text).date()
    except ValueError as error:
        raise Invalid(_("Which day was it written?"), field="written_on") from error
    if day > now.astimezone(zone).date():
        raise Invalid(_("This day is still to come."), field="written_on")
    return datetime.combine(day, time(12), zone)


def _customer(form: QueryDict, site: Site, by: Staff, now: datetime) -> Customer | None:
    contact = form.get("contact", "").strip()
    if not contact:
        return None
    return recognise(
        organisation_id=site.organisation_id,
        contacts=[read_contact(contact, region=region_at(site.organisation_id, site))],
        name=form.get("author", ""),
        site=site,
        by=chronicle.staff_actor(by.pk),
        now=now,
    )
