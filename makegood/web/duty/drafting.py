"""The draft of the rota: changes gathered, what they would leave, publishing, taking it back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_GET, require_POST

from makegood.ground import clock
from makegood.ground.refusals import Invalid, NotFound, Refused
from makegood.people import access as people, drafting, planning
from makegood.people.drafting import (
    AnyChange,
    DropShift,
    EndTurns,
    PlanShift,
    SwapShift,
    SwapTurn,
    TakeTurns,
)
from makegood.people.gaps import Stretch, Together, together
from makegood.people.models import RotaDraft, Shift
from makegood.people.planning import Planned
from makegood.web.context import in_site_time
from makegood.web.door import StaffRequest, senior_door
from makegood.web.duty.changes import Words
from makegood.web.duty.reading import posted_id
from makegood.web.duty.rota import days_of, manned, rota_context, shift_in, week_at, week_number
from makegood.web.duty.typed import (
    MEMBERS_ASKED,
    date_in,
    hours_in,
    moment_in,
    somebody_in,
    time_in,
)

AHEAD = timedelta(weeks=4)


@dataclass(frozen=True)
class Gap:
    """A stretch in which it is open and nobody is planned; `is_new`: the draft leaves it."""

    starts_at: datetime
    ends_at: datetime
    is_new: bool


@dataclass(frozen=True)
class Line:
    """One change in words, and why it cannot be made any more, if so."""

    number: int
    words: str
    refused: str


@dataclass(frozen=True)
class Bench:
    """The draft on the bench: its changes, and what they leave in the next weeks."""

    draft: RotaDraft
    lines: Sequence[Line]
    gaps: Sequence[Gap]
    filled: int
    twice: Sequence[Together[str]]

    @property
    def new_gaps(self) -> Sequence[Gap]:
        """Those that the draft leaves."""
        return [gap for gap in self.gaps if gap.is_new]

    @property
    def may_be_published(self) -> bool:
        """Whether there is something to publish, and nothing in the way of it."""
        return bool(self.lines) and not any(line.refused for line in self.lines)


@require_GET
@senior_door
@in_site_time
def draft(request: StaffRequest) -> HttpResponse:
    """The rota as the draft would leave it, a week at a time."""
    if drafting.draft_of(request.user.site) is None:
        return redirect("rota")
    return _show(request)


def _show(request: StaffRequest, *, refusal: Refused | None = None, part: str = "") -> HttpResponse:
    site, now = request.user.site, clock.now()
    held = drafting.draft_of(site)
    week = week_at(site, week_number(request), now=now)
    context = rota_context(request, week, refusal=refusal, part=part) | {"drafting": True}
    if held is None:  # its first change was refused: there is none yet
        planned: Sequence[Planned] = planning.plan_of(site, week.begins, week.ends)
    else:
        tried = drafting.try_out(held, week.begins, week.ends, now=now)
        planned = tried.planned
        context["bench"] = _bench(held, tried.refused, now)
    context |= {
        "days": days_of(site, week, planned),
        "standing": {shift.pk for shift in Shift.objects.filter(site=site, ends_at__gt=now)},
    }
    return render(request, "duty/rota.html", context, status=refusal.status if refusal else 200)


@require_POST
@senior_door
@in_site_time
def shift(request: StaffRequest) -> HttpResponse:
    """Puts a shift into the draft."""

    def change() -> AnyChange:
        staff, starts_at, ends_at = shift_in(request)
        return PlanShift(staff.pk, starts_at, ends_at)

    return _put_in(request, change, part="shift")


@require_POST
@senior_door
@in_site_time
def drop_shift(request: StaffRequest, shift_id: UUID) -> HttpResponse:
    """Takes a shift out, in the draft."""
    if not Shift.objects.filter(pk=shift_id, site=request.user.site).exists():
        raise NotFound(_("We cannot find that shift."))
    return _put_in(request, lambda: DropShift(shift_id), part="shift")


@require_POST
@senior_door
@in_site_time
def swap_shift(request: StaffRequest, shift_id: UUID) -> HttpResponse:
    """Somebody else has a shift, in the draft, which may have planned it."""

    def change() -> AnyChange:
        colleague = people.colleague_for(request.user, posted_id(request.POST, "staff"))
        return SwapShift(shift_id, colleague.pk)

    return _put_in(request, change, part="shift")


@require_POST
@senior_door
@in_site_time
def swap_turn(request: StaffRequest, rotation_id: UUID) -> HttpResponse:
    """Somebody else has a post for a while, or nobody, in the draft, which may have begun it."""

    def change() -> AnyChange:
        staff = somebody_in(request, "staff")
        begins, ends = (moment_in(request.POST, field) for field in ("starts_at", "ends_at"))
        return SwapTurn(rotation_id, staff.pk if staff else None, begins, ends)

    return _put_in(request, change, part="override")


@require_POST
@senior_door
@in_site_time
def turns(request: StaffRequest, rotation_id: UUID | None = None) -> HttpResponse:
    """Colleagues take turns on a post, or other turns on the post of a rotation."""
    former = people.rotation_for(request.user, rotation_id) if rotation_id else None
    if former and former.site_id != request.user.site_id:
        raise NotFound

    def change() -> AnyChange:
        form = request.POST
        fields = [f"member_{number}" for number in range(MEMBERS_ASKED)]
        chosen = [somebody_in(request, field) for field in fields]
        return TakeTurns(
            name=former.name if former else form.get("name", ""),
            members=[member.pk for member in chosen if member],
            begins_on=date_in(form, "begins_on"),
            every_days=_days(request),
            hands_over_at=time_in(form, "hands_over_at"),
            instead_of=former.pk if former else None,
            hours=hours_in(form),
        )

    return _put_in(request, change, part=f"turns-{former.pk}" if former else "turns")


@require_POST
@senior_door
@in_site_time
def end_turns(request: StaffRequest, rotation_id: UUID) -> HttpResponse:
    """Nobody takes turns on that post any more, once the draft is published."""
    rotation = people.rotation_for(request.user, rotation_id)
    if rotation.site_id != request.user.site_id:
        raise NotFound
    return _put_in(request, lambda: EndTurns(rotation.pk), part="turns")


@require_POST
@senior_door
@in_site_time
def drop_change(request: StaffRequest, number: int) -> HttpResponse:
    """Takes one change out of the draft."""
    drafting.drop_change(draft=_held(request), number=number, now=clock.now())
    return _back(request)


@require_POST
@senior_door
@in_site_time
def publish(request: StaffRequest) -> HttpResponse:
    """The draft counts from now on; for an hour it can be taken back."""
    held = _held(request)
    try:
        drafting.publish(draft=held, by=request.user, now=clock.now())
    except Refused as refusal:
        return _show(request, refusal=refusal, part="draft")
    count = len(held.changes)
    said = ngettext(
        "The rota is published: one change.", "The rota is published: %(n)d changes.", count
    )
    messages.info(request, said % {"n": count})
    return redirect("rota")


@require_POST
@senior_door
@in_site_time
def discard(request: StaffRequest) -> HttpResponse:
    """Lays the draft aside."""
    drafting.discard(draft=_held(request), now=clock.now())
    messages.info(request, _("The draft is laid aside. The rota is as it was."))
    return redirect("rota")


@require_POST
@senior_door
@in_site_time
def take_back(request: StaffRequest, draft_id: UUID) -> HttpResponse:
    """The rota is as it was before the draft was published."""
    found = RotaDraft.objects.filter(pk=draft_id, site=request.user.site).first()
    if found is None:
        raise NotFound
    try:
        drafting.take_back(draft=found, by=request.user, now=clock.now())
    except Refused as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.info(request, _("Taken back. The rota is as it was before."))
    return redirect("rota")


def _put_in(request: StaffRequest, change: Callable[[], AnyChange], *, part: str) -> HttpResponse:
    """Puts a change into the draft; a refusal stands beside the form of its `part`."""
    try:
        drafting.add_change(
            site=request.user.site, change=change(), by=request.user, now=clock.now()
        )
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        return _show(request, refusal=refusal, part=part)
    messages.info(request, _("In the draft. Look at what it leaves, then publish it."))
    return _back(request)


def _back(request: StaffRequest) -> HttpResponse:
    if drafting.draft_of(request.user.site) is None:
        return redirect("rota")
    week = week_number(request)
    return redirect(reverse("rota_draft") + (f"?week={week}" if week else ""))


def _held(request: StaffRequest) -> RotaDraft:
    held = drafting.draft_of(request.user.site)
    if held is None:
        raise NotFound(_("There is no draft of the rota."))
    return held


def _bench(held: RotaDraft, refused: Mapping[int, Refused], now: datetime) -> Bench:
    site, window = held.site, Stretch(now, now + AHEAD)
    changes = drafting.changes_of(held)
    before = planning.plan_of(site, window.starts_at, window.ends_at)
    after = drafting.try_out(held, window.starts_at, window.ends_at, now=now).planned
    former, left = (planning.gaps_of(site, window, plan) for plan in (before, after))
    words = Words(site, changes)
    return Bench(
        draft=held,
        lines=[
            Line(number, words.of(change), refused[number].message if number in refused else "")
            for number, change in enumerate(changes)
        ],
        gaps=[_local(gap, is_new=_is_new(gap, former)) for gap in left],
        filled=sum(1 for gap in former if gap not in left),
        twice=[one for one in together(window, manned(after)) if one.twice],
    )


def _is_new(gap: Stretch, former: Sequence[Stretch]) -> bool:
    """Whether any of it was covered before."""
    return not any(one.starts_at <= gap.starts_at and gap.ends_at <= one.ends_at for one in former)


def _local(gap: Stretch, *, is_new: bool) -> Gap:
    return Gap(timezone.localtime(gap.starts_at), timezone.localtime(gap.ends_at), is_new)


def _days(request: StaffRequest) -> int:
    try:
        return int(request.POST.get("every_days", ""))
    except ValueError as error:
        raise Invalid(_("Write the days as a number, like 7."), field="every_days") from error
