"""Moving a case to another version of the policy: first what would change, then the decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from makegood.ground import clock
from makegood.ground.refusals import NotFound, Refused
from makegood.people.models import Staff
from makegood.recover import access
from makegood.recover.life.moving import Change, move_to_version, preview_move
from makegood.recover.models import Case, PolicyVersion
from makegood.recover.policy.plans import NEEDED
from makegood.web.cases.lines import heading
from makegood.web.context import house_and_site, in_site_time, sites_of
from makegood.web.door import StaffRequest, senior_door


@dataclass(frozen=True)
class Line:
    """One step as the other version changes it, in words."""

    title: str
    was_title: str
    before: str
    after: str
    moves: bool
    more: Sequence[str]
    late: bool


@senior_door
@in_site_time
def version(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """What another version would change (GET), and moving there, with a reason (POST)."""
    case, now = access.case_for(request.user, case_id), clock.now()
    if request.method != "POST":
        return _page(request, case, _chosen(request.user, request.GET), now)
    chosen = _chosen(request.user, request.POST)
    try:
        move_to_version(
            case=case, version=chosen, reason=request.POST.get("reason", ""), by=request.user,
            now=now,
        )  # fmt: skip
    except NotFound:
        raise
    except Refused as refusal:
        return _page(request, case, chosen, now, refusal=refusal)
    messages.info(
        request, _("Policy %(number)s holds for this case now.") % {"number": chosen.number}
    )
    return redirect("case", case_id=case.pk)


def _chosen(staff: Staff, form: QueryDict) -> PolicyVersion:
    wanted = form.get("to", "")
    for found in access.policy_versions(staff):
        if str(found.number) == wanted:
            return found
    raise NotFound(_("We cannot find that version of the policy."))


def _page(
    request: StaffRequest, case: Case, chosen: PolicyVersion, now: datetime,
    refusal: Refused | None = None,
) -> HttpResponse:  # fmt: skip
    with timezone.override(ZoneInfo(case.site.timezone)):
        changes = preview_move(case=case, version=chosen, now=now)
        context = {
            "current": "cases",
            "site": case.site,
            "site_name": house_and_site(case.site),
            "sites": sites_of(request.user, case.site),
            "case": case,
            "heading": heading(case),
            "version": chosen,
            "lines": [_line(change, now) for change in changes],
            "kept": case.steps.exclude(state=0).count(),
            "reason": request.POST.get("reason", ""),
            "wrong": refusal,
        }
        status = refusal.status if refusal else 200
        return render(request, "cases/version.html", context, status=status)


def _line(change: Change, now: datetime) -> Line:
    more = []
    if change.left_out_because:
        more.append(_("Left out: %(why)s.") % {"why": change.left_out_because.rstrip(".")})
    if change.who_before != change.who_after:
        who = {"after": _who(change.who_after), "before": _who(change.who_before).lower()}
        more.append(_("%(after)s answers for it, not %(before)s.") % who)
    wanted = [need for need in change.needs_after if need not in change.needs_before]
    if wanted:
        what = "; ".join(NEEDED.get(need, need) for need in wanted)
        more.append(_("It needs: %(what)s.") % {"what": what})
    if change.awaits_before != change.awaits_after:
        more.append(_("Something else ends it by itself."))
    return Line(
        title=change.title_after,
        was_title=change.title_before if change.title_before != change.title_after else "",
        before=_day(change.due_before),
        after=_day(change.due_after),
        moves=change.moves,
        more=more,
        late=change.due_after is not None and change.due_after < now,
    )


def _day(moment: datetime | None) -> str:
    if moment is None:
        return _("after what comes before it")
    return date_format(timezone.localtime(moment), "j F, G:i")


def _who(who: str) -> str:
    return {
        "on_duty": _("Who is on duty"),
        "manager": _("A manager"),
        "owner": _("The owner"),
        "case_owner": _("Whoever has the case"),
        "": _("The house"),
    }.get(who, who)
