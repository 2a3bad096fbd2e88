"""A matter that is rung for again and again keeps its one page."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from makegood.page.hands.answering import going, with_customer
from makegood.page.models import Attempt, Page
from makegood.page.rungs.ringing import Summons, ring_once_more_all
from makegood.page.tests.conftest import facts_of, heard_by

DAY = timedelta(days=1)
MANAGER = [{"who": "manager", "wait_seconds": 60}]


def summons(page: Page, what: str = "Not done yet", **changes: Any) -> Summons:
    return Summons(
        organisation_id=page.organisation_id,
        site_id=page.site_id,
        about=page.about,
        purpose=page.purpose,
        place=page.place,
        what=what,
        happened_at=page.happened_at,
        ladder=MANAGER,
        rests_for=DAY,
        caused_by=uuid4(),
        **changes,
    )


def test_an_open_page_rings_anew_with_new_words_and_a_new_ladder(ring, bo, cy, on_duty, now):
    on_duty(bo, cy)
    page = ring(purpose="remind")
    ring_once_more_all([summons(page)], now=now + DAY)
    page.refresh_from_db()
    assert (Page.objects.count(), page.round, page.what) == (1, 1, "Not done yet")
    assert (page.ladder, page.rests_for) == (MANAGER, DAY)
    assert [attempt.staff for attempt in page.attempts.order_by("made_at")] == [bo, cy]
    assert heard_by(cy)[-1]["kind"] == "ring"
    assert facts_of(page) == ["opened", "rung_reached", "rung_reached"]


def test_who_said_they_would_and_did_not_loses_the_page(ring, bo, cy, on_duty, now):
    on_duty(bo, cy)
    page = going(page=ring(purpose="remind"), staff=bo, now=now)
    ring_once_more_all([summons(page)], now=now + DAY)
    page.refresh_from_db()
    assert (page.state, page.taken_by) == (Page.State.RINGING, None)
    assert "going_expired" in facts_of(page)
    assert heard_by(bo)[-1]["kind"] == "state"


def test_a_page_that_ended_or_has_a_hand_at_the_customer_is_left_alone(ring, bo, cy, on_duty, now):
    on_duty(bo, cy)
    there = with_customer(page=ring(purpose="reach"), staff=bo, now=now)
    ring_once_more_all([summons(there)], now=now)
    assert Page.objects.filter(about=there.about).count() == 2
    there.refresh_from_db()
    assert there.state == Page.State.WITH


@pytest.mark.usefixtures("no_table")
def test_many_at_once_cost_as_much_as_two(
    ring, bo, cy, on_duty, now, django_assert_max_num_queries
):
    on_duty(bo, cy)
    pages = [ring(purpose="remind") for _ in range(6)]
    unheard = [summons(page) for page in pages[:3]] + [
        summons(Page(**_like(pages[0]), about=uuid4(), purpose="remind")) for _ in range(3)
    ]
    with django_assert_max_num_queries(25):
        ring_once_more_all(unheard, now=now + DAY)
    assert Page.objects.count() == 9
    assert Attempt.objects.count() == 12


def _like(page: Page) -> dict[str, object]:
    return {
        "organisation_id": page.organisation_id,
        "site_id": page.site_id,
        "place": page.place,
        "happened_at": page.happened_at,
    }
