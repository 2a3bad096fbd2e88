"""The draft as text: kept while it is written, its errors at their lines, and what it changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from makegood.ground import clock
from makegood.ground.refusals import Invalid, Refused
from makegood.recover import access
from makegood.recover.policy import PolicyError, parse
from makegood.recover.policy.diffing import differences
from makegood.recover.versions import followed
from makegood.recover.versions.drafting import ChangedMeanwhile
from makegood.recover.versions.publishing import policy_of
from makegood.web.context import in_site_time
from makegood.web.door import StaffRequest, senior_door
from makegood.web.policy.bench import Said, with_reasons
from makegood.web.policy.helping import field_help, grammar, vocabulary
from makegood.web.policy.keeping import Seen, keep, standing_text


@dataclass(frozen=True)
class Checked:
    """A text as the house reads it: its first error, or what it changes."""

    error: PolicyError | None
    changes: Sequence[Said]


@require_http_methods(["GET", "POST"])
@senior_door
@in_site_time
def text(request: StaffRequest) -> HttpResponse:
    """The editor. POST keeps what is written, readable or not; HTMX does so while one writes."""
    wrong: Refused | None = None
    written = standing_text(request.user)
    if request.method == "POST":
        written = _posted(request)
        try:
            keep(text=written, seen=Seen.posted(request.POST), by=request.user, now=clock.now())
        except (ChangedMeanwhile, Invalid) as refusal:
            wrong = refusal
        else:
            if not request.headers.get("HX-Request"):
                messages.info(request, _("Kept as draft."))
                return redirect("policy_draft" if request.POST.get("do") else "policy_edit_text")
    template = "policy/checked.html" if request.headers.get("HX-Request") else "policy/editor.html"
    context = _context(request, written, wrong)
    return render(request, template, context, status=wrong.status if wrong else 200)


def _posted(request: StaffRequest) -> str:
    said = request.POST.get("text")
    if said is None:
        raise Invalid(_("The text is missing. Open this page anew."), field="text")
    return said.replace("\r\n", "\n")


def _context(request: StaffRequest, written: str, wrong: Refused | None) -> dict[str, Any]:
    draft = access.open_draft(request.user)
    in_force = access.policy_in_force(request.user)
    based_on = draft.based_on if draft else in_force
    return {
        "current": "policy",
        "draft": draft,
        "number": in_force.number + 1,
        "in_force": in_force,
        "text": written,
        "lines": range(1, written.count("\n") + 2),
        "checked": _checked(written, policy_of(based_on.pk), draft.reasons if draft else {}),
        "compared_with": based_on.number,
        "wrong": wrong,
        "theirs": wrong.draft if isinstance(wrong, ChangedMeanwhile) else None,
        "seen": None if wrong is None else Seen.posted(request.POST),
        "fields": field_help(),
        "vocabulary": vocabulary(),
        "grammar": grammar(),
        "live": bool(request.headers.get("HX-Request")),
        "now": clock.now(),
    }


def _checked(written: str, before: Any, reasons: dict[str, str]) -> Checked:
    try:
        policy = parse(written, facts=followed.NAMES)
    except PolicyError as error:
        return Checked(error, ())
    return Checked(None, with_reasons(differences(before, policy), reasons))
