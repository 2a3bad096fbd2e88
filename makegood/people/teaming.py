"""Who belongs to which team, and what they can: the words by which a ladder may name them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from makegood.ground import chronicle
from makegood.ground.refusals import Invalid
from makegood.people.facts import StaffPlaced
from makegood.people.joining import add_team
from makegood.people.models import Site, Staff, Team
from makegood.people.plain_text import one_line

MOST_SKILLS = 12
LONGEST_SKILL = 40
LONGEST_TEAM = 80


@dataclass(frozen=True)
class Group:
    """A team or a skill that somebody has: `kind` is team or skill, `name` as it was written."""

    kind: str
    name: str

    @property
    def who(self) -> str:
        """How a rung of the policy names it."""
        return f"{self.kind}:{self.name}"


def place(
    *, staff: Staff, team: str, skills: Iterable[str], now: datetime, by: Staff | None = None
) -> Staff:
    """Says of which team of their site somebody is, or (empty) of none, and what they can.

    A team nobody has named before begins with them. Refuses too many skills, and words that are
    too long. The same again changes nothing.
    """
    name = one_line(team, field="team", longest=LONGEST_TEAM)
    can = _skills(skills)
    with transaction.atomic():
        held = Staff.objects.select_for_update(of=("self",)).select_related("site")
        staff = held.get(pk=staff.pk)
        belongs = _team(staff.site, name) if name else None
        if (staff.team_id, staff.skills) == (belongs.pk if belongs else None, can):
            return staff
        staff.team, staff.skills = belongs, can
        staff.save(update_fields=["team", "skills"])
        chronicle.record(
            StaffPlaced(team=belongs.name if belongs else "", skills=can),
            organisation_id=staff.organisation_id,
            at=now,
            by=chronicle.staff_actor(by.pk) if by else chronicle.SYSTEM,
            about=staff.pk,
        )
    return staff


def groups_at(organisation_id: UUID) -> dict[Site, list[Group]]:
    """The teams and skills that somebody has, at each site of a house, by name."""
    people = Staff.objects.filter(organisation_id=organisation_id, is_active=True)
    found: dict[Site, dict[str, Group]] = {
        site: {} for site in Site.objects.filter(organisation_id=organisation_id).order_by("name")
    }
    for one in people.select_related("site", "team").order_by("pk"):
        named = [Group("team", one.team.name)] if one.team else []
        for group in [*named, *(Group("skill", skill) for skill in one.skills)]:
            found[one.site].setdefault(group.who.casefold(), group)
    return {site: sorted(groups.values(), key=_in_order) for site, groups in found.items()}


def named_in(groups: Mapping[Site, Collection[Group]]) -> list[str]:
    """The teams and skills of all sites as rungs name them, teams first, each once."""
    known = {group.who.casefold(): group for of_site in groups.values() for group in of_site}
    return [group.who for group in sorted(known.values(), key=_in_order)]


def nobody_of(who: str, groups: Mapping[Site, Collection[Group]]) -> list[Site]:
    """The sites at which nobody has the team or skill that a rung names as `who`."""
    return [
        site
        for site, known in groups.items()
        if who.casefold() not in {group.who.casefold() for group in known}
    ]


def _in_order(group: Group) -> tuple[bool, str]:
    return group.kind != "team", group.who.casefold()


def _skills(skills: Iterable[str]) -> list[str]:
    once: dict[str, str] = {}
    for skill in (one_line(one, field="skills", longest=LONGEST_SKILL) for one in skills):
        if skill:
            once.setdefault(skill.casefold(), skill)
    if len(once) > MOST_SKILLS:
        raise Invalid(f"Name the {MOST_SKILLS} skills that matter most.", field="skills")
    return list(once.values())


def _team(site: Site, name: str) -> Team:
    known = Team.objects.filter(site=site, name__iexact=name).order_by("pk").first()
    return known or add_team(site=site, name=name)
