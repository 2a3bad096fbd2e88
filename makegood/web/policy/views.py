"""The repair policy as colleagues read it: in words, and as the text it is."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from makegood.ground import clock
from makegood.people.teaming import groups_at
from makegood.recover import access
from makegood.recover.models import PolicyVersion
from makegood.recover.record.punctuality import kept_on_time
from makegood.recover.versions.publishing import policy_of
from makegood.web.context import in_site_time
from makegood.web.door import StaffRequest, staff_door
from makegood.web.policy.bench import Bench, bench_of
from makegood.web.policy.reading import currency_in_words, read


@require_GET
@staff_door
@in_site_time
def policy(request: StaffRequest) -> HttpResponse:
    """The version that new cases begin on."""
    return _page(request, access.policy_in_force(request.user))


@require_GET
@staff_door
@in_site_time
def version(request: StaffRequest, number: int) -> HttpResponse:
    """An earlier version, for cases that pinned it."""
    return _page(request, access.policy_version(request.user, number))


@require_GET
@staff_door
@in_site_time
def text(request: StaffRequest, number: int) -> HttpResponse:
    """The text of a version, with the numbers of its lines."""
    shown = access.policy_version(request.user, number)
    context = {
        "current": "policy",
        "version": shown,
        "in_force": access.policy_in_force(request.user).number == number,
        "lines": shown.document.splitlines(),
    }
    return render(request, "policy/text.html", context)


@require_GET
@staff_door
def document(request: StaffRequest, number: int) -> HttpResponse:
    """The YAML as it was published."""
    document = access.policy_version(request.user, number).document
    return HttpResponse(document, content_type="text/plain; charset=utf-8")


def _page(request: StaffRequest, shown: PolicyVersion) -> HttpResponse:
    in_force = access.policy_in_force(request.user)
    bench: Bench | None = bench_of(request.user)
    kept = kept_on_time(request.user.organisation_id, now=clock.now())
    context: dict[str, Any] = {
        "current": "policy",
        "version": shown,
        "in_force": in_force,
        "is_in_force": shown.pk == in_force.pk,
        "read": read(policy_of(shown.pk), kept, groups=groups_at(shown.organisation_id)),
        "bench": bench,
        "may_edit": request.user.is_senior and shown.pk == in_force.pk,
        "currency": currency_in_words(request.user.organisation.currency),
        "discarded": access.discarded_draft(request.user) if request.GET.get("discarded") else None,
    }
    return render(request, "policy/policy.html", context)
