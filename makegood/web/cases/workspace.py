"""One case on one screen, and every act on it: done, and the screen as it is now; or refused, and
the same screen with what was typed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from makegood.ground import clock, links
from makegood.ground.refusals import NotFound, Refused
from makegood.people import access as people
from makegood.recover import access
from makegood.recover.life.calling import CALL, Outcome
from makegood.recover.models import Case
from makegood.recover.record.seam import Stitch, steps_of
from makegood.recover.steps.asking import promise_path
from makegood.recover.versions.publishing import policy_of
from makegood.web.cases.composer import Written, composer_for
from makegood.web.cases.gifts import gifts_for
from makegood.web.cases.lines import heading
from makegood.web.cases.standing import how_it_stands
from makegood.web.cases.standstill import standstill_of
from makegood.web.cases.told import story
from makegood.web.cases.whose import whose_is
from makegood.web.context import house_and_site, in_site_time, sites_of
from makegood.web.door import StaffRequest, staff_door

Act = Callable[..., str]
"""Takes the case, the request, the moment, and what else the address names; says what was done."""


@dataclass(frozen=True)
class Wrong:
    """Which form was refused, what in it, and why."""

    form: str
    field: str
    message: str


def act(form: str) -> Callable[[Act], Callable[..., HttpResponse]]:
    """A door for one act on a case. The act calls its verb and says in words what was done; its
    refusal is shown in `form`, with everything that was typed."""

    def decorate(deed: Act) -> Callable[..., HttpResponse]:
        @require_POST
        @staff_door
        @in_site_time
        @wraps(deed)
        def door(request: StaffRequest, /, case_id: UUID, **named: Any) -> HttpResponse:
            case, now = access.case_for(request.user, case_id), clock.now()
            try:
                said = deed(case, request, now, **named)
            except NotFound:
                raise
            except Refused as refusal:
                which = form.format(*named.values())
                fresh = access.case_for(request.user, case_id)
                return show(
                    request, fresh, now, wrong=Wrong(which, refusal.field, refusal.message),
                    status=refusal.status,
                )  # fmt: skip
            messages.info(request, said)
            return redirect("case", case_id=case.pk)

        return door

    return decorate


def show(
    request: StaffRequest,
    case: Case,
    now: datetime,
    *,
    wrong: Wrong | None = None,
    typed: Written | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The workspace, by the clock of the case's own site."""
    with timezone.override(ZoneInfo(case.site.timezone)):
        context = _context(request, case, now, typed) | {
            "wrong": wrong,
            "form": request.POST if wrong else {},
            **more,
        }
        return render(request, "cases/case.html", context, status=status)


def _context(
    request: StaffRequest, case: Case, now: datetime, typed: Written | None
) -> dict[str, Any]:
    whose, steps = whose_is(case, now), steps_of(case, now)
    closure = case.standing_closure
    call = next((step for step in steps if step.kind == CALL and step.waits), None)
    return {
        "current": "cases",
        "site": case.site,
        "site_name": house_and_site(case.site),
        "sites": sites_of(request.user, case.site),
        "stream": links.stream("case", case.pk),
        "now": now,
        "case": case,
        "whose": whose,
        "closure": closure,
        "heading": heading(case, whose.name),
        "sentence": how_it_stands(case, closure, steps),
        "happened_on": date_format(timezone.localtime(case.happened_at), "l j F"),
        "story": story(case, now),
        "steps": steps,
        "may_be_finished": [step.kind for step in steps if _may_be_finished(step)],
        "call_promised": call,
        "call_attempts": policy_of(case.policy_id).closing.attempts,
        "call_is_due": call is not None and call.state != "ahead",
        "gifts": gifts_for(case, request.user, now),
        "composer": composer_for(case, whose, request.user, now, typed=typed),
        "colleagues": [
            one for one in people.colleagues_of(request.user, case.site) if one.pk != case.owner_id
        ],
        "promise_page": promise_path(case),
        "call_outcomes": [(outcome.value, _call_in_words(outcome)) for outcome in Outcome],
        "standstill": standstill_of(case, closure, request.user, now),
        "viewer": request.user,
    }


def _call_in_words(outcome: Outcome) -> str:
    return {
        Outcome.REACHED: _("We spoke"),
        Outcome.NO_ANSWER: _("No answer"),
        Outcome.WRONG_NUMBER: _("The number is wrong"),
        Outcome.LATER: _("They asked us to call later"),
    }[outcome]


def _may_be_finished(step: Stitch) -> bool:
    """Steps a person ends in words; the last one ends with the case."""
    return step.waits and not step.automatic and step.kind != "prove"
