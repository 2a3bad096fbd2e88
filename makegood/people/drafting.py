"""Drafts of the rota: changes are tried, what they would leave is shown, then they are published.

A draft is a list of changes. To see what it would leave, all of them are carried out by the same
verbs as when it is published, the plan is read, and the transaction is taken back: what is shown is
what comes. Shifts and turns have their names from when they are drafted, so that a later change can
swap them. Absences are not drafted: somebody who is ill is ill.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import QuerySet

from makegood.ground import chronicle
from makegood.ground.ids import new_id
from makegood.ground.refusals import NotFound, Refused
from makegood.people import rota, rotating
from makegood.people.facts import RotaPublished, RotaTakenBack
from makegood.people.models import RotaDraft, Rotation, Shift, Site, Staff, TurnOverride
from makegood.people.planning import Planned, plan_of
from makegood.people.posts import ROUND_THE_CLOCK, PostHours

MOST_CHANGES = 60
TAKEN_BACK_WITHIN = timedelta(hours=1)


class Change(msgspec.Struct, frozen=True, tag_field="what"):
    """One change of the rota."""


class PlanShift(Change, frozen=True, tag="shift"):
    """Somebody is planned from one moment until another."""

    staff: UUID
    starts_at: datetime
    ends_at: datetime
    shift: UUID = msgspec.field(default_factory=new_id)


class SwapShift(Change, frozen=True, tag="swap shift"):
    """Somebody else has a shift."""

    shift: UUID
    staff: UUID


class DropShift(Change, frozen=True, tag="no shift"):
    """A shift is taken out."""

    shift: UUID


class TakeTurns(Change, frozen=True, tag="turns"):
    """Colleagues take turns on a post; `instead_of`: on the post of that rotation, from then on."""

    name: str
    members: list[UUID]
    begins_on: date
    every_days: int
    hands_over_at: time
    instead_of: UUID | None = None
    hours: PostHours = ROUND_THE_CLOCK
    rotation: UUID = msgspec.field(default_factory=new_id)


class SwapTurn(Change, frozen=True, tag="swap turn"):
    """Somebody else has a post for a while, or (None) nobody."""

    rotation: UUID
    staff: UUID | None
    starts_at: datetime
    ends_at: datetime


class DropSwap(Change, frozen=True, tag="drop swap"):
    """The turns count again where a draft swapped one."""

    override: UUID


class EndTurns(Change, frozen=True, tag="no turns"):
    """Nobody takes turns on that post any more, from `at` on, or from when it is published."""

    rotation: UUID
    at: datetime | None = None


class DropTurns(Change, frozen=True, tag="drop turns"):
    """Turns that a draft began are taken out."""

    rotation: UUID


class ResumeTurns(Change, frozen=True, tag="resume turns"):
    """Turns that a draft ended go on, until `until` if they were to end then."""

    rotation: UUID
    until: datetime | None


AnyChange = (
    PlanShift | SwapShift | DropShift | TakeTurns | SwapTurn | DropSwap | EndTurns | DropTurns
    | ResumeTurns
)  # fmt: skip


@dataclass(frozen=True)
class Tried:
    """What a draft would leave, and which of its changes cannot be made any more, with why."""

    planned: Sequence[Planned]
    refused: dict[int, Refused]


class _TakenBack(Exception):
    """Ends a trial: nothing of it stays."""


def draft_of(site: Site) -> RotaDraft | None:
    """The open draft of a site."""
    return _open(site).first()


def changes_of(draft: RotaDraft) -> list[AnyChange]:
    """What the draft changes, in order."""
    return msgspec.convert(draft.changes, list[AnyChange])


def add_change(
    *, site: Site, change: AnyChange, now: datetime, by: Staff | None = None
) -> RotaDraft:
    """Puts one more change into the site's draft, which begins with it if there is none.

    Refuses what could not be published after the changes before it.
    """
    with transaction.atomic():
        Site.objects.select_for_update(no_key=True).get(pk=site.pk)
        draft = _open(site).select_for_update(of=("self",)).first() or RotaDraft(
            organisation_id=site.organisation_id, site=site, begun_at=now, begun_by=by
        )
        changes = [*changes_of(draft), change]
        if len(changes) > MOST_CHANGES:
            raise Refused("Publish this draft first: it is long.", code="draft_too_long")
        refused = _tried(site, changes, now, now, now=now).refused
        if len(changes) - 1 in refused:
            raise refused[len(changes) - 1]
        draft.changes = msgspec.to_builtins(changes)
        draft.save()
    return draft


def drop_change(*, draft: RotaDraft, number: int, now: datetime) -> RotaDraft:
    """Takes change `number` (from 0) out of the draft. Refuses a number that is none."""
    with transaction.atomic():
        draft = _hold(draft)
        if not 0 <= number < len(draft.changes):
            raise NotFound
        del draft.changes[number]
        draft.save(update_fields=["changes"])
    return draft


def discard(*, draft: RotaDraft, now: datetime) -> None:
    """Lays the draft aside for good; the rota stays as it is."""
    with transaction.atomic():
        draft = _hold(draft)
        draft.discarded_at = now
        draft.save(update_fields=["discarded_at"])


def try_out(draft: RotaDraft, starts_at: datetime, ends_at: datetime, *, now: datetime) -> Tried:
    """What would be planned between the two if the draft were published `now`; changes nothing."""
    return _tried(draft.site, changes_of(draft), starts_at, ends_at, now=now)


def publish(*, draft: RotaDraft, now: datetime, by: Staff | None = None) -> RotaDraft:
    """Makes all changes of the draft, or none. Refuses an empty draft, and a change that cannot be
    made any more because the rota changed meanwhile."""
    with transaction.atomic():
        draft = _hold(draft)
        changes = changes_of(draft)
        if not changes:
            raise Refused("This draft changes nothing yet.", code="nothing_changed")
        back = [undo for change in changes for undo in reversed(_do(change, draft.site, now, by))]
        draft.takes_back = msgspec.to_builtins(back[::-1])
        draft.published_at, draft.published_by = now, by
        draft.save(update_fields=["takes_back", "published_at", "published_by"])
        _tell(RotaPublished(changes=len(changes)), draft, now, by)
    return draft


def may_be_taken_back(site: Site, now: datetime) -> RotaDraft | None:
    """The draft published last, while it may still be taken back."""
    published = site.rota_drafts.filter(published_at__gt=now - TAKEN_BACK_WITHIN)
    latest = published.select_related("site", "published_by").order_by("-published_at").first()
    return latest if latest and not latest.taken_back_at else None


def take_back(*, draft: RotaDraft, now: datetime, by: Staff | None = None) -> None:
    """The rota is as it was before this draft, but for what was changed since.

    Refuses `too_late` an hour after it was published, or once another was published.
    """
    with transaction.atomic():
        site = Site.objects.select_for_update(no_key=True).get(pk=draft.site_id)
        latest = may_be_taken_back(site, now)
        if latest is None or latest.pk != draft.pk:
            raise Refused("That is too long ago. Change it in a new draft.", code="too_late")
        for undo in msgspec.convert(latest.takes_back, list[AnyChange]):
            _do(undo, site, now, by)
        latest.taken_back_at = now
        latest.save(update_fields=["taken_back_at"])
        _tell(RotaTakenBack(), latest, now, by)


def _tried(
    site: Site,
    changes: Sequence[AnyChange],
    starts_at: datetime,
    ends_at: datetime,
    *,
    now: datetime,
) -> Tried:
    planned: list[Planned] = []
    refused: dict[int, Refused] = {}
    try:
        with transaction.atomic():
            for number, change in enumerate(changes):
                try:
                    with transaction.atomic():
                        _do(change, site, now, None)
                except Refused as refusal:
                    refused[number] = refusal
            planned = plan_of(site, starts_at, ends_at)
            raise _TakenBack
    except _TakenBack:
        return Tried(planned, refused)


def _do(change: AnyChange, site: Site, now: datetime, by: Staff | None) -> list[AnyChange]:
    """Makes one change; says what takes it back, in the order in which that has to be done."""
    match change:
        case PlanShift(staff=pk, starts_at=begins, ends_at=ends, shift=name):
            rota.plan_shift(
                site=site, staff=_staff(pk, site), starts_at=begins, ends_at=ends, now=now, by=by,
                pk=name,
            )  # fmt: skip
            return [DropShift(name)]
        case SwapShift(shift=pk, staff=other):
            shift = _shift(pk, site)
            rota.swap_shift(shift=shift, staff=_staff(other, site), now=now, by=by)
            return [SwapShift(pk, shift.staff_id)]
        case DropShift(shift=pk):
            return _drop_shift(site, pk, now, by)
        case TakeTurns():
            return _take_turns(change, site, now, by)
        case SwapTurn():
            return _swap_turn(change, site, now, by)
        case DropSwap(override=pk):
            for override in TurnOverride.objects.filter(pk=pk, rotation__site=site):
                rotating.drop_override(override=override, now=now, by=by)
        case EndTurns(rotation=pk, at=at):
            rotation = _rotation(pk, site)
            rotating.end_rotation(rotation=rotation, at=at, now=now, by=by)
            return [ResumeTurns(pk, rotation.ended_at)]
        case DropTurns(rotation=pk):
            rotating.drop_rotation(rotation=_rotation(pk, site), now=now, by=by)
        case ResumeTurns(rotation=pk, until=until):
            rotating.resume_rotation(rotation=_rotation(pk, site), until=until, now=now, by=by)
    return []


def _drop_shift(site: Site, pk: UUID, now: datetime, by: Staff | None) -> list[AnyChange]:
    shift = _shift(pk, site)
    rota.drop_shift(shift=shift, now=now, by=by)
    return [PlanShift(shift.staff_id, shift.starts_at, shift.ends_at, pk)]


def _take_turns(change: TakeTurns, site: Site, now: datetime, by: Staff | None) -> list[AnyChange]:
    members = [_staff(pk, site) for pk in change.members]
    if change.instead_of is None:
        rotating.begin_rotation(
            site=site, name=change.name, members=members, begins_on=change.begins_on,
            every_days=change.every_days, hands_over_at=change.hands_over_at, hours=change.hours,
            now=now, by=by, pk=change.rotation,
        )  # fmt: skip
        return [DropTurns(change.rotation)]
    former = _rotation(change.instead_of, site)
    rotating.change_rotation(
        rotation=former, members=members, begins_on=change.begins_on,
        every_days=change.every_days, hands_over_at=change.hands_over_at, hours=change.hours,
        now=now, by=by, pk=change.rotation,
    )  # fmt: skip
    return [DropTurns(change.rotation), ResumeTurns(former.pk, former.ended_at)]


def _swap_turn(change: SwapTurn, site: Site, now: datetime, by: Staff | None) -> list[AnyChange]:
    override = rotating.override_turn(
        rotation=_rotation(change.rotation, site),
        staff=_staff(change.staff, site) if change.staff else None,
        starts_at=change.starts_at, ends_at=change.ends_at, now=now, by=by,
    )  # fmt: skip
    return [DropSwap(override.pk)]


def _shift(pk: UUID, site: Site) -> Shift:
    found = Shift.objects.filter(pk=pk, site=site).first()
    if found is None:
        raise Refused("That shift is not in the rota any more.", code="shift_gone")
    return found


def _staff(pk: UUID, site: Site) -> Staff:
    staff = Staff.objects.filter(pk=pk, organisation_id=site.organisation_id, is_active=True)
    found = staff.first()
    if found is None:
        raise Refused("A colleague it names does not work here any more.", code="colleague_gone")
    return found


def _rotation(pk: UUID, site: Site) -> Rotation:
    found = Rotation.objects.select_related("site").filter(pk=pk, site=site).first()
    if found is None:
        raise Refused("Those turns are not in the rota any more.", code="turns_gone")
    return found


def _open(site: Site) -> QuerySet[RotaDraft]:
    drafts = RotaDraft.objects.filter(site=site, published_at=None, discarded_at=None)
    return drafts.select_related("site", "begun_by")


def _hold(draft: RotaDraft) -> RotaDraft:
    found = _open(draft.site).select_for_update(of=("self",)).filter(pk=draft.pk).first()
    if found is None:
        raise Refused("This draft was published or laid aside.", code="draft_closed")
    return found


def _tell(fact: chronicle.Fact, draft: RotaDraft, now: datetime, by: Staff | None) -> None:
    chronicle.record(
        fact,
        organisation_id=draft.organisation_id,
        at=now,
        by=chronicle.staff_actor(by.pk) if by else chronicle.SYSTEM,
        about=draft.pk,
    )
