"""What is planned at a site, read as one: shifts, turns, overrides and who is away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from makegood.people import opening, rota, turns
from makegood.people.gaps import Stretch, gaps
from makegood.people.models import Absence, Rotation, Shift, Site, Staff
from makegood.people.rotating import turns_of

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Planned:
    """One person planned from one moment until another, by a shift or by a turn.

    Without `staff` it is a gap that is known by name: `instead_of` is away.
    """

    starts_at: datetime
    ends_at: datetime
    staff: Staff | None
    instead_of: Staff | None = None
    shift: Shift | None = None
    rotation: Rotation | None = None

    @property
    def goes_round(self) -> bool:
        """Whether it is a turn that has no hours of its own, or lasts for days."""
        if self.rotation is None:
            return False
        return not self.rotation.hours.get("spans") or self.ends_at - self.starts_at > A_DAY


def plan_of(site: Site, starts_at: datetime, ends_at: datetime) -> list[Planned]:
    """Everything planned at `site` between the two, the earliest first."""
    shifts = rota.planned(site, starts_at, ends_at)
    rotations = rotations_of(site, starts_at)
    absences = _absences(site, starts_at, ends_at)
    away = [turns.Away(one.staff, one.starts_at, one.ends_at, one.substitute) for one in absences]
    found = [planned for shift in shifts for planned in _of_shift(shift, away)]
    for rotation in rotations:
        found += _of_rotation(rotation, away, starts_at, ends_at)
    return sorted(found, key=lambda one: (one.starts_at, one.ends_at, bool(one.rotation)))


def gaps_of(site: Site, window: Stretch, planned: Sequence[Planned]) -> list[Stretch]:
    """When within `window` the site is open and nobody of `planned` is there."""
    opened = opening.open_between(site, window.starts_at, window.ends_at)
    there = [Stretch(one.starts_at, one.ends_at) for one in planned if one.staff]
    return gaps(window, [Stretch(begins, ends) for begins, ends in opened], there)


def rotations_of(site: Site, now: datetime) -> list[Rotation]:
    """The rotations that have not ended at `now`, with their members and overrides."""
    going_on = site.rotations.filter(Q(ended_at=None) | Q(ended_at__gt=now))
    return list(going_on.prefetch_related("places__staff", "overrides__staff").order_by("pk"))


def _of_shift(shift: Shift, away: Sequence[turns.Away[Staff]]) -> list[Planned]:
    return [
        _planned(spell, shift=shift)
        for spell in turns.spells_of_shift(shift.staff, away, shift.starts_at, shift.ends_at)
    ]


def _of_rotation(
    rotation: Rotation, away: Sequence[turns.Away[Staff]], starts_at: datetime, ends_at: datetime
) -> list[Planned]:
    overrides = [
        turns.Override(one.starts_at, one.ends_at, one.staff) for one in rotation.overrides.all()
    ]
    taken = turns_of(rotation)
    more = 2 * A_DAY if taken.periods else timedelta()  # a period is not cut where a week ends
    found = turns.spells(taken, overrides, away, starts_at - more, ends_at + more)
    return [
        _planned(spell, rotation=rotation)
        for spell in found
        if (spell.person or spell.instead_of)
        and spell.starts_at < ends_at
        and spell.ends_at > starts_at
    ]


def _planned(
    spell: turns.Spell[Staff], *, shift: Shift | None = None, rotation: Rotation | None = None
) -> Planned:
    return Planned(
        starts_at=spell.starts_at,
        ends_at=spell.ends_at,
        staff=spell.person,
        instead_of=spell.instead_of,
        shift=shift,
        rotation=rotation,
    )


def _absences(site: Site, starts_at: datetime, ends_at: datetime) -> list[Absence]:
    overlapping = Absence.objects.filter(
        organisation_id=site.organisation_id, starts_at__lt=ends_at, ends_at__gt=starts_at
    )
    return list(overlapping.select_related("staff", "substitute"))


def absences_ahead(site: Site, now: datetime) -> list[Absence]:
    """Who of the site's colleagues is away now or later, the next first."""
    ahead = Absence.objects.filter(staff__site=site, ends_at__gt=now)
    return list(ahead.select_related("staff", "substitute"))
