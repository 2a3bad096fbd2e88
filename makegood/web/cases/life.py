"""What a colleague decides about the case itself: put it off, wait, join, split, take back."""

from datetime import datetime
from uuid import UUID

from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from makegood.ground.refusals import Invalid, NotFound
from makegood.people.models import Staff
from makegood.recover import access
from makegood.recover.life import merging, splitting
from makegood.recover.models import Case, Merger, Pause, Split
from makegood.recover.steps import pausing
from makegood.web.cases.workspace import act
from makegood.web.door import StaffRequest
from makegood.web.duty.reading import posted_id


@act("snooze")
def snooze(case: Case, request: StaffRequest, now: datetime) -> str:
    """Nobody is reminded of anything in this case until then."""
    until, reason = posted_moment(request.POST), request.POST.get("reason", "")
    pausing.snooze_case(case=case, until=until, reason=reason, by=request.user, now=now)
    return _("Put off until %(when)s. What we promised stays promised.") % _when(until)


@act("snooze-{0}")
def snooze_step(case: Case, request: StaffRequest, now: datetime, kind: str) -> str:
    """Nobody is reminded of this step until then."""
    until, reason = posted_moment(request.POST), request.POST.get("reason", "")
    pausing.snooze_step(case=case, kind=kind, until=until, reason=reason, by=request.user, now=now)
    return _("Put off until %(when)s. What we promised stays promised.") % _when(until)


@act("wake")
def wake(case: Case, request: StaffRequest, now: datetime, pause_id: UUID) -> str:
    """What was put off is on again, as if it had not been."""
    pause = Pause.objects.filter(case=case, pk=pause_id).first()
    if pause is None:
        raise NotFound
    pausing.wake(pause=pause, by=request.user, now=now)
    return _("On again.")


@act("wait")
def wait(case: Case, request: StaffRequest, now: datetime) -> str:
    """The clock of our promises stands still until the customer says something."""
    reason = request.POST.get("reason", "")
    pause = pausing.wait_for_customer(case=case, reason=reason, by=request.user, now=now)
    return _("We wait, until %(when)s at the latest. Any word of theirs goes on.") % _when(
        pause.until
    )


@act("go-on")
def go_on(case: Case, request: StaffRequest, now: datetime) -> str:
    """Goes on without an answer."""
    waited = pausing.standing_wait(case)
    pausing.go_on(case=case, by=request.user, now=now)
    if waited and now - waited.began_at < pausing.BRIEF:
        return _("We go on. What was promised stays as it was.")
    return _("We go on. What was promised has moved on by the days we waited.")


@act("join")
def join(case: Case, request: StaffRequest, now: datetime) -> str:
    """Another case turns out to be part of this one."""
    other = access.case_for(request.user, posted_id(request.POST, "other"))
    merging.merge_cases(
        survivor=case, absorbed=other, reason=request.POST.get("reason", ""), by=request.user,
        now=now,
    )  # fmt: skip
    return _("Joined. %(reference)s goes on here.") % {"reference": other.reference}


@act("part")
def part(case: Case, request: StaffRequest, now: datetime, merger_id: UUID) -> str:
    """Two cases again, as they were."""
    merger = Merger.objects.filter(pk=merger_id).select_related("survivor", "absorbed").first()
    if merger is None or case.pk not in (merger.survivor_id, merger.absorbed_id):
        raise NotFound
    _within_reach(request.user, merger.survivor_id, merger.absorbed_id)
    merging.undo_merger(merger=merger, by=request.user, now=now)
    return _("Two cases again, as they were.")


@act("split")
def split(case: Case, request: StaffRequest, now: datetime) -> str:
    """Some of what was said is a case of its own."""
    signals = _posted_ids(request.POST, "signals")
    new_case = splitting.split_case(
        case=case, signals=signals, reason=request.POST.get("reason", ""), by=request.user, now=now
    )
    return _("%(reference)s is a case of its own now.") % {"reference": new_case.reference}


@act("unsplit")
def unsplit(case: Case, request: StaffRequest, now: datetime, split_id: UUID) -> str:
    """It was one case after all."""
    found = Split.objects.filter(pk=split_id).first()
    if found is None or case.pk not in (found.case_id, found.new_case_id):
        raise NotFound
    splitting.undo_split(split=found, by=request.user, now=now)
    return _("One case again.")


def posted_moment(form: QueryDict) -> datetime:
    """The moment a form names, by the clock of the site; refuses what is none."""
    try:
        local = datetime.fromisoformat(form.get("until", ""))
    except ValueError as error:
        raise Invalid(_("Choose a day and a time."), field="until") from error
    return timezone.make_aware(local) if timezone.is_naive(local) else local


def _posted_ids(form: QueryDict, field: str) -> list[UUID]:
    try:
        return [UUID(value) for value in form.getlist(field)]
    except ValueError as error:
        raise Invalid(_("Choose from the list."), field=field) from error


def _within_reach(staff: Staff, *cases: UUID) -> None:
    for pk in cases:
        access.case_for(staff, pk)


def _when(moment: datetime) -> dict[str, str]:
    return {"when": date_format(timezone.localtime(moment), "l j F, G:i")}
