"""Every version of the policy: who, when, why; what differs; and who still stands on it."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from makegood.ground.refusals import Invalid, NotFound
from makegood.recover import access
from makegood.recover.models import PolicyVersion
from makegood.recover.policy import Policy
from makegood.recover.policy.diffing import Change, differences
from makegood.recover.versions.drafting import may_publish, reading_of
from makegood.recover.versions.publishing import policy_of
from makegood.web.cases.lines import heading
from makegood.web.context import in_site_time
from makegood.web.door import StaffRequest, staff_door
from makegood.web.policy.chapters import ALL
from makegood.web.policy.standing import open_cases_by_version, open_cases_on

DRAFT = "draft"
MOST = 200


@require_GET
@staff_door
@in_site_time
def versions(request: StaffRequest) -> HttpResponse:
    """The list, the newest first."""
    found = access.policy_versions(request.user)
    standing = open_cases_by_version(request.user)
    context = {
        "current": "policy",
        "rows": [(version, standing.get(version.number, 0)) for version in found],
        "in_force": found[0] if found else None,
        "older": sum(n for number, n in standing.items() if found and number != found[0].number),
        "may_roll_back": may_publish(request.user),
        "draft": access.open_draft(request.user),
    }
    return render(request, "policy/versions.html", context)


@require_GET
@staff_door
@in_site_time
def compare(request: StaffRequest) -> HttpResponse:
    """What one version says otherwise than another, sentence by sentence."""
    found = access.policy_versions(request.user)
    newest = found[0].number if found else 0
    before = request.GET.get("before") or str(max(1, newest - 1))
    after = request.GET.get("after") or str(newest)
    context = {
        "current": "policy",
        "versions": found,
        "draft": access.open_draft(request.user),
        "before": before,
        "after": after,
        "chapters": _by_chapter(differences(_policy(request, before), _policy(request, after))),
    }
    return render(request, "policy/compare.html", context)


@require_GET
@staff_door
@in_site_time
def cases(request: StaffRequest, number: int) -> HttpResponse:
    """The open cases that still stand on a version."""
    version = access.policy_version(request.user, number)
    found = open_cases_on(request.user, number)
    context = {
        "current": "policy",
        "version": version,
        "in_force": access.policy_in_force(request.user),
        "count": found.count(),
        "lines": [(case, heading(case)) for case in found[:MOST]],
    }
    return render(request, "policy/cases.html", context)


def _by_chapter(changes: Sequence[Change]) -> list[tuple[str, list[Change]]]:
    by_place: dict[str, list[Change]] = {}
    for change in changes:
        by_place.setdefault(_title_of(change.place), []).append(change)
    return list(by_place.items())


def _title_of(place: str) -> str:
    """The chapter of a change, as its form is called."""
    for chapter in ALL:
        if any(place == path or place.startswith(f"{path}.") for path in chapter.paths):
            return str(chapter.title)
    return _("The twelve steps") if place.startswith("steps.") else _("The policy")


def _policy(request: StaffRequest, name: str) -> Policy:
    if name == DRAFT:
        draft = access.open_draft(request.user)
        policy = reading_of(draft).policy if draft else None
        if policy is None:
            raise NotFound(_("There is no draft that can be compared."))
        return policy
    if not name.isdigit() or len(name) > 8:
        raise Invalid(_("Choose two versions by their numbers."), field="before")
    version: PolicyVersion = access.policy_version(request.user, int(name))
    return policy_of(version.pk)
