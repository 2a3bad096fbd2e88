"""A rung may name a team or a skill: whoever of them is on duty is rung."""

import pytest

from makegood.page.models import Page
from makegood.page.rungs.climbing import climb_all
from makegood.people.models import Staff
from makegood.people.teaming import place

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_only_this_room_listens")]

KITCHEN_FIRST = [
    {"who": "team:kitchen", "wait_seconds": 30},
    {"who": "skill:german", "wait_seconds": 30},
    {"who": "on_duty", "wait_seconds": 30},
]


def rung(page: Page) -> list[str]:
    return list(page.attempts.order_by("made_at", "pk").values_list("staff__first_name", flat=True))


def test_the_team_then_the_skill_then_whoever_is_there(
    bo: Staff, mina: Staff, cy: Staff, on_duty, ring, now
) -> None:
    place(staff=mina, team="Kitchen", skills=[], now=now)
    place(staff=cy, team="Front desk", skills=["German"], now=now)
    on_duty(bo, mina, cy)
    page = ring(ladder=KITCHEN_FIRST)
    for _ in range(2):
        page.refresh_from_db()
        climb_all([page], now=page.next_rung_at)
    assert rung(page) == ["Mina", "Cy", "Bo"]


def test_a_team_nobody_is_of_is_passed_over_at_once(bo: Staff, on_duty, ring) -> None:
    on_duty(bo)
    assert rung(ring(ladder=KITCHEN_FIRST)) == ["Bo"]


def test_whoever_of_the_team_is_at_home_is_not_rung(
    bo: Staff, mina: Staff, on_duty, ring, now
) -> None:
    place(staff=mina, team="kitchen", skills=["german"], now=now)
    on_duty(bo)
    assert rung(ring(ladder=KITCHEN_FIRST)) == ["Bo"]
