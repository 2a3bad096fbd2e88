"""What people promised, and by when."""

from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from makegood.ground import clock
from makegood.web.cases.sites import chosen_site
from makegood.web.context import in_site_time, shown_at
from makegood.web.door import StaffRequest, staff_door
from makegood.web.promised.due import promises_of


@require_GET
@staff_door
@in_site_time
def promises(request: StaffRequest) -> HttpResponse:
    """The promises of one site: late, today, within a week."""
    site, now = chosen_site(request), clock.now()
    with timezone.override(ZoneInfo(site.timezone)):
        context = {
            **shown_at(site, request.user, "promises"),
            "now": now,
            "promises": promises_of(site, request.user, now=timezone.localtime(now)),
        }
        return render(request, "promised/promises.html", context)
