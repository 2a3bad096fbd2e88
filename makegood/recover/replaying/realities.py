"""What really came of cases: how they ended, who was rung and came, what was given."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

import msgspec

from makegood.page.models import Page
from makegood.people.models import Organisation, Role
from makegood.recover.facts import CaseOpened
from makegood.recover.replaying.moments import Ending, Rang, RealCase
from makegood.recover.replaying.reading import fetch

ON_DUTY = "on_duty"
CASES = """
select c.id, c.number, c.opened_at, c.leaves_at, c.reached_at, owner.role
from recover_case c left join people_staff owner on owner.id = c.owner_id where c.id = any(%s)
"""
ENDINGS = """
select case_id, outcome, closed_at, reopened_at from recover_closure where case_id = any(%s)
order by closed_at, id
"""
OPENERS = """
select about, data ->> 'signal_id' from ground_fact where about = any(%s) and name = %s
"""
PAGES = """
select p.about, p.opened_at, p.ended_at, p.going_at, p.with_at, taker.role, p.ladder::text
from page_page p left join people_staff taker on taker.id = p.taken_by_id
where p.about = any(%s) and p.purpose = any(%s) order by p.opened_at, p.id
"""
GIVEN = """
select a.about, sum(a.minor), max(giver.role)
from amends_amends a left join people_staff giver on giver.id = a.given_by_id
where a.about = any(%s) and a.taken_back_at is null group by a.about
"""
ASKED = """
select r.about, max(r.minor), max(asker.role)
from amends_amendsrequest r left join people_staff asker on asker.id = r.asked_by_id
where r.about = any(%s) group by r.about
"""


def real_cases(organisation: Organisation, ids: Collection[UUID]) -> dict[UUID, RealCase]:
    """The cases named by `ids`, as they really went, by id."""
    if not ids:
        return {}
    endings, pages, openers = _endings(ids), _pages(ids), _openers(ids)
    given = _given(ids)
    cases = fetch(CASES, ids)
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
    for case, outcome, closed_at, reopened_at in fetch(ENDINGS, cases):
        endings[case].append(Ending(outcome, closed_at, reopened_at))
    return endings


def _openers(cases: Collection[UUID]) -> dict[UUID, UUID]:
    opened = fetch(OPENERS, cases, CaseOpened.name)
    return {about: UUID(signal_id) for about, signal_id in opened}


def _pages(cases: Collection[UUID]) -> dict[UUID, list[Rang]]:
    pages: dict[UUID, list[Rang]] = defaultdict(list)
    for about, opened_at, ended_at, going_at, with_at, role, ladder in fetch(
        PAGES, cases, list(Page.VISITS)
    ):
        taken_at = min(filter(None, (going_at, with_at)), default=None)
        pages[about].append(
            Rang(
                opened_at,
                ended_at,
                who=ON_DUTY if role == Role.HOST else role or "",
                seconds=(taken_at - opened_at).total_seconds() if taken_at else None,
                offsets=_offsets_of(ladder),
            )
        )
    return pages


@lru_cache(maxsize=1_024)
def _offsets_of(ladder: str) -> Mapping[str, int]:
    rungs = msgspec.json.decode(ladder)
    return offsets((rung["who"], int(rung["wait_seconds"])) for rung in rungs)


def offsets(rungs: Iterable[tuple[str, int]]) -> Mapping[str, int]:
    """After how many seconds each role on a ladder is first rung."""
    first: dict[str, int] = {}
    after = 0
    for who, wait in rungs:
        first.setdefault(who, after)
        after += wait
    return first


def _given(cases: Collection[UUID]) -> dict[UUID, Gifts]:
    gifts: dict[UUID, Gifts] = defaultdict(Gifts)
    for about, minor, role in fetch(GIVEN, cases):
        gifts[about].minor, gifts[about].role = minor, role or ""
    for about, minor, role in fetch(ASKED, cases):
        gifts[about].asked_for, gifts[about].role = minor, role or ""
    return gifts
