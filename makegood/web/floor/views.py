"""The floor: who waits for us, who is there, what is promised today."""

from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from makegood.ground import clock
from makegood.page.duty import reading
from makegood.page.duty.losing import gear_of
from makegood.people import duty
from makegood.web.cases.sites import chosen_site
from makegood.web.context import in_site_time, shown_at
from makegood.web.door import StaffRequest, staff_door
from makegood.web.floor import planned, promised
from makegood.web.floor.board import board_of, counted, people_on
from makegood.web.floor.gear import lost_by
from makegood.web.floor.sentence import how_things_are, part_of_day


@require_GET
@staff_door
@in_site_time
def floor(request: StaffRequest) -> HttpResponse:
    """The board of one site within reach (`?site=`)."""
    site = chosen_site(request)
    now = clock.now()
    with timezone.override(ZoneInfo(site.timezone)):
        local = timezone.localtime(now)
        standings = reading.board(site, now=now)
        duties = duty.running_duties(site)
        gear = gear_of(duties, now=now)
        lost = lost_by(duties, gear)
        board = board_of(standings, now=local)
        context = {
            **shown_at(site, request.user, "floor"),
            "now": local,
            "title": part_of_day(local),
            "sentence": how_things_are(counted(site.name, standings, len(duties), lost, now=now)),
            "board": board,
            "people": people_on(duties, standings, gear, now=local),
            "felt": sum(1 for one in duties if one.felt_at),
            "cover": planned.cover_of(site, now=local),
            "waiting": promised.waiting_cases(
                site, besides=[one.page.about for one in standings], now=now
            ),
            "promises": promised.due_today(site, now=local),
        }
        return render(request, "floor/floor.html", context)
