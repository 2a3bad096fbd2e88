"""Colleagues take turns on a post, and swap. Like all planning, it rings nobody."""

from collections.abc import Sequence
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from makegood.ground import chronicle
from makegood.ground.ids import new_id
from makegood.ground.refusals import Invalid, NotAllowed
from makegood.people.facts import (
    OverrideDropped,
    RotationBegan,
    RotationDropped,
    RotationEnded,
    RotationResumed,
    TurnOverridden,
)
from makegood.people.models import Rotation, RotationMember, Site, Staff, TurnOverride
from makegood.people.plain_text import one_line
from makegood.people.posts import ROUND_THE_CLOCK, PostHours, read, refuse_unclear, to_keep
from makegood.people.turns import Turns, relieved_at

LONGEST_TURN = 28  # days


def begin_rotation(
    *,
    site: Site,
    name: str,
    members: Sequence[Staff],
    begins_on: date,
    every_days: int,
    hands_over_at: time,
    now: datetime,
    by: Staff | None = None,
    hours: PostHours = ROUND_THE_CLOCK,
    pk: UUID | None = None,
) -> Rotation:
    """`members` take turns from `begins_on` on, each for `every_days`, in the order given.

    `hours`: when the post is filled. `pk`: the name a draft gave the turns. Refuses no members, one
    twice or of another house, turns of no length or over four weeks, and hours that overlap.
    """
    refuse_unclear(hours)
    if not members:
        raise Invalid("Choose who takes turns.", field="members")
    if len({member.pk for member in members}) < len(members):
        raise Invalid("Name everybody once.", field="members")
    if not 1 <= every_days <= LONGEST_TURN:
        raise Invalid(f"A turn lasts 1 to {LONGEST_TURN} days.", field="every_days")
    for member in members:
        _refuse_stranger(member, site)
    with transaction.atomic():
        rotation = Rotation.objects.create(
            pk=pk or new_id(),
            organisation_id=site.organisation_id,
            site=site,
            name=one_line(name, field="name", longest=80, required=True),
            begins_on=begins_on,
            every_days=every_days,
            hands_over_at=hands_over_at,
            hours=to_keep(hours),
        )
        RotationMember.objects.bulk_create(
            RotationMember(
                organisation_id=site.organisation_id,
                rotation=rotation,
                staff=member,
                position=position,
            )
            for position, member in enumerate(members)
        )
        _tell(RotationBegan(staff_ids=[one.pk for one in members]), rotation, now, by)
    return rotation


def change_rotation(
    *,
    rotation: Rotation,
    members: Sequence[Staff],
    begins_on: date,
    every_days: int,
    hands_over_at: time,
    now: datetime,
    by: Staff | None = None,
    hours: PostHours = ROUND_THE_CLOCK,
    pk: UUID | None = None,
) -> Rotation:
    """From `begins_on` on other turns are taken on the same post; swaps after it stay.

    A period that runs when they begin is finished by whom it belongs to. Refuses what
    `begin_rotation` refuses, and a day that is over.
    """
    if begins_on < now.astimezone(ZoneInfo(rotation.site.timezone)).date():
        raise Invalid("That day is over. Choose one from today on.", field="begins_on")
    with transaction.atomic():
        changed = begin_rotation(
            site=rotation.site, name=rotation.name, members=members, begins_on=begins_on,
            every_days=every_days, hands_over_at=hands_over_at, hours=hours, now=now, by=by, pk=pk,
        )  # fmt: skip
        at = relieved_at(turns_of(rotation), turns_of(changed))
        end_rotation(rotation=rotation, at=at, now=now, by=by)
        TurnOverride.objects.bulk_create(
            TurnOverride(
                organisation_id=one.organisation_id, rotation=changed, staff_id=one.staff_id,
                starts_at=max(one.starts_at, at), ends_at=one.ends_at,
            )
            for one in rotation.overrides.filter(ends_at__gt=at)
        )  # fmt: skip
    return changed


def turns_of(rotation: Rotation) -> Turns[Staff]:
    """The turns of a rotation as values."""
    return Turns(
        members=[place.staff for place in rotation.places.all()],
        begins_on=rotation.begins_on,
        every_days=rotation.every_days,
        hands_over_at=rotation.hands_over_at,
        zone=ZoneInfo(rotation.site.timezone),
        ended_at=rotation.ended_at,
        periods=read(rotation.hours).periods,
    )


def end_rotation(
    *, rotation: Rotation, now: datetime, at: datetime | None = None, by: Staff | None = None
) -> None:
    """Nobody takes turns from `at`, or `now`, on; what was stays readable. Again, or to end later
    what ends sooner, changes nothing."""
    ends_at = at or now
    with transaction.atomic():
        goes_on = Rotation.objects.filter(Q(ended_at=None) | Q(ended_at__gt=ends_at))
        if goes_on.filter(pk=rotation.pk).update(ended_at=ends_at):
            _tell(RotationEnded(), rotation, now, by)


def resume_rotation(
    *, rotation: Rotation, until: datetime | None, now: datetime, by: Staff | None = None
) -> None:
    """Takes an end back: the turns go on, until `until` if they were to end then."""
    with transaction.atomic():
        Rotation.objects.filter(pk=rotation.pk).update(ended_at=until)
        _tell(RotationResumed(), rotation, now, by)


def drop_rotation(*, rotation: Rotation, now: datetime, by: Staff | None = None) -> None:
    """Takes turns out of the rota as if they had never been planned; again changes nothing."""
    with transaction.atomic():
        gone, _ = Rotation.objects.filter(pk=rotation.pk).delete()
        if gone:
            _tell(RotationDropped(), rotation, now, by)


def override_turn(
    *,
    rotation: Rotation,
    staff: Staff | None,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
    by: Staff | None = None,
) -> TurnOverride:
    """For a while `staff` has the post whoever's turn it is, or (None) nobody has it.

    Refuses a while that ends before it starts or is over, and a colleague of another house.
    """
    if ends_at <= max(starts_at, now):
        raise Invalid("That time is over, or ends before it starts.", field="ends_at")
    if staff:
        _refuse_stranger(staff, rotation.site)
    with transaction.atomic():
        override = TurnOverride.objects.create(
            organisation_id=rotation.organisation_id,
            rotation=rotation,
            staff=staff,
            starts_at=starts_at,
            ends_at=ends_at,
        )
        told = TurnOverridden(override_id=override.pk, staff_id=staff.pk if staff else None)
        _tell(told, rotation, now, by)
    return override


def drop_override(*, override: TurnOverride, now: datetime, by: Staff | None = None) -> None:
    """The turns count again. Doing so again changes nothing."""
    with transaction.atomic():
        gone, _ = TurnOverride.objects.filter(pk=override.pk).delete()
        if gone:
            _tell(OverrideDropped(override_id=override.pk), override.rotation, now, by)


def _refuse_stranger(staff: Staff, site: Site) -> None:
    if staff.organisation_id != site.organisation_id:
        raise NotAllowed("That colleague works for another house.")


def _tell(fact: chronicle.Fact, rotation: Rotation, now: datetime, by: Staff | None) -> None:
    chronicle.record(
        fact,
        organisation_id=rotation.organisation_id,
        at=now,
        by=chronicle.staff_actor(by.pk) if by else chronicle.SYSTEM,
        about=rotation.pk,
    )
