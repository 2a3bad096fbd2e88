"""The draft on the bench: what it changes and why, laid aside and brought back, asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from makegood.ground import clock
from makegood.ground.refusals import Invalid, NotFound, Refused
from makegood.people.access import owner_of
from makegood.people.models import Staff
from makegood.people.teaming import groups_at
from makegood.recover import access
from makegood.recover.models import PolicyDraft
from makegood.recover.policy.diffing import Change
from makegood.recover.policy.starters import starters
from makegood.recover.record.punctuality import kept_on_time
from makegood.recover.versions import drafting
from makegood.recover.versions.drafting import Reading, may_publish, reading_of
from makegood.recover.versions.publishing import policy_of
from makegood.web.context import in_site_time
from makegood.web.door import StaffRequest, senior_door
from makegood.web.policy import reading as policy_reading
from makegood.web.policy.replaying import Replayed, replayed_of

SHORT = 4
LATEST = 6
IN_FORCE = "in-force"


@dataclass(frozen=True)
class Said:
    """One change, and why it is made."""

    change: Change
    reason: str


@dataclass(frozen=True)
class Bench:
    """The open draft as a senior works on it."""

    draft: PolicyDraft
    in_force: int
    reading: Reading
    changes: Sequence[Said]
    may_publish: bool
    owner: str

    @property
    def number(self) -> int:
        """The number it would get."""
        return self.in_force + 1

    @property
    def based_on(self) -> int:
        """The version it was begun from, with which it is compared."""
        return self.draft.based_on.number

    @property
    def is_overtaken(self) -> bool:
        """Whether another version came into force since it was begun."""
        return self.based_on != self.in_force

    @property
    def more(self) -> int:
        """How many changes a short list leaves out."""
        return max(0, len(self.changes) - SHORT)


def bench_of(staff: Staff) -> Bench | None:
    """The open draft; None if there is none, or for a host."""
    draft = access.open_draft(staff)
    if draft is None:
        return None
    reading = reading_of(draft)
    return Bench(
        draft=draft,
        in_force=access.policy_in_force(staff).number,
        reading=reading,
        changes=with_reasons(reading.changes, draft.reasons),
        may_publish=may_publish(staff),
        owner=owner_of(staff.organisation).first_name,
    )


def with_reasons(changes: Sequence[Change], reasons: Mapping[str, str]) -> list[Said]:
    """Each change with its reason, if one was given."""
    return [Said(change, reasons.get(change.place, "")) for change in changes]


def held_bench(request: StaffRequest) -> Bench:
    """The open draft; refuses when there is none."""
    bench = bench_of(request.user)
    if bench is None:
        raise NotFound(_("There is no draft. Begin one from the policy that is in force."))
    return bench


def revision_of(request: StaffRequest) -> int:
    """The revision a form was shown for; refuses what no form of ours says."""
    said = request.POST.get("revision", "")
    if not said.isdigit() or len(said) > 9:
        raise Invalid(_("Open this page anew, then try again."), field="revision")
    return int(said)


@require_GET
@senior_door
@in_site_time
def draft(request: StaffRequest) -> HttpResponse:
    """The draft as it would read, with what it changes, its replay, and who may publish it."""
    if access.open_draft(request.user) is None:
        return redirect("policy_begin")
    return show(request)


def show(request: StaffRequest, *, wrong: Refused | None = None) -> HttpResponse:
    """The draft's page; with a refusal, if something was."""
    bench = held_bench(request)
    now = clock.now()
    before = policy_of(bench.draft.based_on_id)
    kept = kept_on_time(request.user.organisation_id, now=now)
    replayed: Replayed = replayed_of(bench.draft, now)
    context: dict[str, Any] = {
        "current": "policy",
        "bench": bench,
        "read": policy_reading.read(
            bench.reading.policy or before,
            kept,
            before=before,
            changes=bench.reading.changes,
            groups=groups_at(request.user.organisation_id),
        ),
        "is_draft": True,
        "may_edit": True,
        "replayed": replayed,
        "wrong": wrong,
        "explaining": request.GET.get("why", ""),
        "currency": policy_reading.currency_in_words(request.user.organisation.currency),
    }
    status = wrong.status if wrong else 200
    return render(request, "policy/policy.html", context, status=status)


@require_http_methods(["GET", "POST"])
@senior_door
@in_site_time
def begin(request: StaffRequest) -> HttpResponse:
    """Begins a draft: from what is in force, from an earlier version, or from a starter."""
    if request.method == "POST":
        text = _chosen_text(request)
        if access.open_draft(request.user) is not None:
            messages.info(request, _("A draft is open already; this is it."))
            return redirect("policy_draft")
        drafting.begin_draft(by=request.user, now=clock.now(), text=text)
        messages.info(request, _("The draft is begun. Nothing changes before it is published."))
        return redirect("policy_draft")
    if access.open_draft(request.user) is not None:
        return redirect("policy_draft")
    versions, chosen = access.policy_versions(request.user), request.GET.get("from", IN_FORCE)
    earlier = [one for one in versions[1:] if one in versions[:LATEST] or str(one.number) == chosen]
    context = {
        "current": "policy",
        "in_force": versions[0] if versions else None,
        "earlier": earlier,
        "starters": starters().values(),
        "chosen": chosen,
    }
    return render(request, "policy/begin.html", context)


def _chosen_text(request: StaffRequest) -> str:
    chosen = request.POST.get("from", IN_FORCE)
    if chosen == IN_FORCE:
        return ""
    if chosen in starters():
        return starters()[chosen].text
    if chosen.isdigit() and len(chosen) < 9:
        return access.policy_version(request.user, int(chosen)).document
    raise Invalid(_("Choose what the draft begins from."), field="from")


@require_POST
@senior_door
@in_site_time
def reason(request: StaffRequest) -> HttpResponse:
    """Says why a change is made."""
    bench = held_bench(request)
    try:
        drafting.give_reason(
            draft=bench.draft,
            change=request.POST.get("change", ""),
            words=request.POST.get("words", ""),
            by=request.user,
            now=clock.now(),
        )
    except Invalid as wrong:
        return show(request, wrong=wrong)
    return redirect("policy_draft")


@require_POST
@senior_door
def discard(request: StaffRequest) -> HttpResponse:
    """Lays the draft aside; the next page offers to bring it back."""
    drafting.discard_draft(draft=held_bench(request).draft, by=request.user, now=clock.now())
    response = redirect("policy")
    response["Location"] += "?discarded=1"
    return response


@require_POST
@senior_door
def restore(request: StaffRequest) -> HttpResponse:
    """Brings back the draft that was laid aside last."""
    laid_aside = access.discarded_draft(request.user)
    if laid_aside is None:
        raise NotFound(_("No draft was discarded."))
    drafting.restore_draft(draft=laid_aside, by=request.user, now=clock.now())
    messages.info(request, _("The draft is back, as it was."))
    return redirect("policy_draft")


@require_POST
@senior_door
@in_site_time
def rebase(request: StaffRequest) -> HttpResponse:
    """“I have looked at it”: compares the draft with what is in force by now."""
    bench = held_bench(request)
    try:
        drafting.rebase_draft(
            draft=bench.draft, revision=revision_of(request), by=request.user, now=clock.now()
        )
    except Refused as wrong:
        return show(request, wrong=wrong)
    messages.info(request, _("It is now compared with what is in force. Look at each change."))
    return redirect("policy_draft")


@require_POST
@senior_door
@in_site_time
def ask(request: StaffRequest) -> HttpResponse:
    """Asks the owner to publish the draft as it stands."""
    bench = held_bench(request)
    try:
        drafting.ask_to_publish(
            draft=bench.draft, revision=revision_of(request), by=request.user, now=clock.now()
        )
    except Refused as wrong:
        return show(request, wrong=wrong)
    messages.info(request, _("%(name)s is asked to publish it.") % {"name": bench.owner})
    return redirect("policy_draft")
