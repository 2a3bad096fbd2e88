"""The repair policy as colleagues read it: twelve steps over time, the ladders, every version."""

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from makegood.ground.refusals import NotFound
from makegood.recover import access
from makegood.recover.models import PolicyVersion
from makegood.recover.policy import Ladder, Plan, Policy
from makegood.recover.publishing import policy_of
from makegood.recover.policy.timing import By
from makegood.web.door import StaffRequest, staff_door


@dataclass(frozen=True)
class StepRead:
    """A step of the policy in words."""

    plan: Plan
    by: str
    after: str
    promise: str


@dataclass(frozen=True)
class RungRead:
    """A rung in words."""

    who: str
    waits: str


@require_GET
@staff_door
def policy(request: StaffRequest) -> HttpResponse:
    """The version that new cases begin on."""
    return _page(request, access.policy_in_force(request.user))


@require_GET
@staff_door
def version(request: StaffRequest, number: int) -> HttpResponse:
    """An earlier version, for cases that pinned it."""
    return _page(request, _numbered(request, number))


@require_GET
@staff_door
def document(request: StaffRequest, number: int) -> HttpResponse:
    """The YAML as it was published."""
    text = _numbered(request, number).document
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def _numbered(request: StaffRequest, number: int) -> PolicyVersion:
    for found in access.policy_versions(request.user):
        if found.number == number:
            return found
    raise NotFound


def _page(request: StaffRequest, shown: PolicyVersion) -> HttpResponse:
    read = policy_of(shown.pk)
    context = {
        "current": "policy",
        "version": shown,
        "versions": access.policy_versions(request.user),
        "steps": [_step(read, plan) for plan in read.steps.values()],
        "ladders": [(name, _rungs(ladder)) for name, ladder in read.ladders.items()],
    }
    return render(request, "policy/policy.html", context)


def _step(read: Policy, plan: Plan) -> StepRead:
    return StepRead(
        plan=plan,
        by=plan.by.words,
        after=read.steps[plan.after].title if plan.after else "",
        promise=plan.promise.format(who=_("a colleague")) if plan.promise else "",
    )


def _rungs(ladder: Ladder) -> list[RungRead]:
    return [
        RungRead(rung.who, By(timedelta(seconds=rung.wait_seconds)).words) for rung in ladder.rungs
    ]
