"""Colleagues take turns on a post, and swap. Like all planning, it rings nobody."""

from collections.abc import Sequence
from datetime import date, datetime, time

from django.db import transaction

from makegood.ground import chronicle
from makegood.ground.refusals import Invalid, NotAllowed
from makegood.people.facts import OverrideDropped, RotationBegan, RotationEnded, TurnOverridden
from makegood.people.models import Rotation, RotationMember, Site, Staff, TurnOverride
from makegood.people.plain_text import one_line

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
) -> Rotation:
    """`members` take turns from `begins_on` on, each for `every_days`, in the order given.

    Refuses no members, one twice or of another house, and turns of no length or over four weeks.
    """
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
            organisation_id=site.organisation_id,
            site=site,
            name=one_line(name, field="name", longest=80, required=True),
            begins_on=begins_on,
            every_days=every_days,
            hands_over_at=hands_over_at,
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


def end_rotation(*, rotation: Rotation, now: datetime, by: Staff | None = None) -> None:
    """Nobody takes turns from `now` on; what was stays readable. Again changes nothing."""
    with transaction.atomic():
        ended = Rotation.objects.filter(pk=rotation.pk, ended_at=None).update(ended_at=now)
        if ended:
            _tell(RotationEnded(), rotation, now, by)


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
