"""What really came of cases: how they ended, who was rung and came, what was given."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max, Sum

from makegood.amends.models import Amends, AmendsRequest
from makegood.ground.models import Entry
from makegood.page.models import Page
from makegood.people.models import Organisation, Role
from makegood.recover.facts import CaseOpened
from makegood.recover.models import Case, Closure
from makegood.recover.replaying.moments import Ending, Rang, RealCase

ON_DUTY = "on_duty"


def real_cases(organisation: Organisation, ids: Collection[UUID]) -> dict[UUID, RealCase]:
    """The cases named by `ids`, as they really went, by id."""
    if not ids:
        return {}
    endings, pages, openers = _endings(ids), _pages(ids), _openers(ids)
    given = _given(ids)
    cases = Case.objects.filter(pk__in=ids).values_list(
        "pk", "number", "opened_at", "leaves_at", "reached_at", "owner__role"
    )
    return {
        pk: RealCase(
            id=pk,
            reference=f"{organisation.case_prefix}-{number}",
            opener=openers.get(pk),
            opened_at=opened_at,
            leaves_at=leaves_at,
            reached_at=reached_at,
            owner_role=role or "",
            endings=endings.get(pk, ()),
            pages=pages.get(pk, ()),
            given=given[pk].minor if pk in given else None,
            asked_for=given[pk].asked_for if pk in given else None,
            giver_role=given[pk].role if pk in given else "",
        )
        for pk, number, opened_at, leaves_at, reached_at, role in cases
    }


@dataclass
class Gifts:
    """What was given on one case, and asked for above the purse; in minor units."""

    minor: int | None = None
    asked_for: int | None = None
    role: str = ""


def _endings(cases: Collection[UUID]) -> dict[UUID, list[Ending]]:
    endings: dict[UUID, list[Ending]] = defaultdict(list)
    closures = Closure.objects.filter(case__in=cases).order_by("closed_at", "pk")
    columns = ("case_id", "outcome", "closed_at", "reopened_at")
    for case, outcome, closed_at, reopened_at in closures.values_list(*columns):
        endings[case].append(Ending(outcome, closed_at, reopened_at))
    return endings


def _openers(cases: Collection[UUID]) -> dict[UUID, UUID]:
    opened = Entry.objects.filter(about__in=cases, name=CaseOpened.name)
    return {about: UUID(data["signal_id"]) for about, data in opened.values_list("about", "data")}


def _pages(cases: Collection[UUID]) -> dict[UUID, list[Rang]]:
    pages: dict[UUID, list[Rang]] = defaultdict(list)
    visits = Page.objects.filter(about__in=cases, purpose__in=Page.VISITS).order_by("opened_at")
    for about, opened_at, ended_at, going_at, with_at, role, ladder in visits.values_list(
        "about", "opened_at", "ended_at", "going_at", "with_at", "taken_by__role", "ladder"
    ):
        taken_at = min(filter(None, (going_at, with_at)), default=None)
        pages[about].append(
            Rang(
                opened_at,
                ended_at,
                who=ON_DUTY if role == Role.HOST else role or "",
                seconds=(taken_at - opened_at).total_seconds() if taken_at else None,
                offsets=offsets((rung["who"], int(rung["wait_seconds"])) for rung in ladder),
            )
        )
    return pages


def offsets(rungs: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """After how many seconds each rung of a ladder is rung."""
    after, told = 0, []
    for who, wait in rungs:
        told.append((who, after))
        after += wait
    return tuple(told)


def _given(cases: Collection[UUID]) -> dict[UUID, Gifts]:
    gifts: dict[UUID, Gifts] = defaultdict(Gifts)
    standing = Amends.objects.filter(about__in=cases, taken_back_at=None)
    for about, minor, role in standing.values("about").annotate(
        total=Sum("minor"), role=Max("given_by__role")
    ).values_list("about", "total", "role"):  # fmt: skip
        gifts[about].minor, gifts[about].role = minor, role or ""
    asked = AmendsRequest.objects.filter(about__in=cases).values("about")
    for about, minor, role in asked.annotate(
        most=Max("minor"), role=Max("asked_by__role")
    ).values_list("about", "most", "role"):  # fmt: skip
        gifts[about].asked_for, gifts[about].role = minor, role or ""
    return gifts
