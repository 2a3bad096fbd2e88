"""Putting a policy in force, or an earlier one again: the owner's, after reading what happens."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from makegood.ground import clock
from makegood.ground.refusals import NotAllowed, Refused
from makegood.people.access import owner_of
from makegood.people.teaming import groups_at
from makegood.recover import access
from makegood.recover.policy.diffing import differences
from makegood.recover.policy.ladders import whom
from makegood.recover.versions import enacting
from makegood.recover.versions.drafting import may_publish
from makegood.recover.versions.publishing import policy_of
from makegood.web.context import in_site_time
from makegood.web.door import StaffRequest, senior_door
from makegood.web.policy.bench import Bench, held_bench, revision_of
from makegood.web.policy.reading import sites_without
from makegood.web.policy.replaying import replayed_of
from makegood.web.policy.standing import open_cases_by_version


@require_http_methods(["GET", "POST"])
@senior_door
@in_site_time
def publish(request: StaffRequest) -> HttpResponse:
    """GET says what happens; POST puts the draft in force."""
    bench = held_bench(request)
    _check_may(request)
    wrong: Refused | None = None
    if request.method == "POST":
        try:
            version = enacting.publish_draft(
                draft=bench.draft, revision=revision_of(request), by=request.user, now=clock.now()
            )
        except Refused as refusal:
            wrong, bench = refusal, held_bench(request)
        else:
            said = _("Number %(number)d is in force. Open cases stay where they began.")
            messages.info(request, said % {"number": version.number})
            return redirect("policy")
    context = {
        "current": "policy",
        "bench": bench,
        "replayed": replayed_of(bench.draft, clock.now()),
        "unmanned": _unmanned(bench),
        "open_cases": sum(open_cases_by_version(request.user).values()),
        "wrong": wrong,
    }
    return render(request, "policy/publish.html", context, status=wrong.status if wrong else 200)


@require_http_methods(["GET", "POST"])
@senior_door
@in_site_time
def roll_back(request: StaffRequest, number: int) -> HttpResponse:
    """GET says what it would take back; POST puts the earlier text in force again."""
    to = access.policy_version(request.user, number)
    _check_may(request)
    wrong: Refused | None = None
    if request.method == "POST":
        words = request.POST.get("reason", "")
        try:
            version = enacting.roll_back(to=to, reason=words, by=request.user, now=clock.now())
        except Refused as refusal:
            wrong = refusal
        else:
            said = _("Number %(number)d is in force: the text of number %(earlier)d again.")
            names = {"number": version.number, "earlier": to.number}
            messages.info(request, said % names)
            return redirect("policy")
    in_force = access.policy_in_force(request.user)
    context = {
        "current": "policy",
        "version": to,
        "in_force": in_force,
        "next_number": in_force.number + 1,
        "changes": differences(policy_of(in_force.pk), policy_of(to.pk)),
        "same": to.document == in_force.document,
        "wrong": wrong,
        "written": request.POST.get("reason", ""),
    }
    return render(request, "policy/roll_back.html", context, status=wrong.status if wrong else 200)


def _unmanned(bench: Bench) -> list[tuple[str, str]]:
    """Whom rungs of the draft name that nobody is of, and at which sites."""
    groups = groups_at(bench.draft.organisation_id)
    policy = bench.reading.policy
    ladders = policy.ladders.values() if policy else ()
    named = {rung.who: None for ladder in ladders for rung in ladder.rungs if rung.group}
    found = ((whom(who), sites_without(who, groups)) for who in named)
    return [(said, sites) for said, sites in found if sites]


def _check_may(request: StaffRequest) -> None:
    if not may_publish(request.user):
        owner = owner_of(request.user.organisation).first_name
        raise NotAllowed(_("%(name)s puts a policy in force. Ask %(name)s.") % {"name": owner})
