"""Two people tap at once: one goes, the other is told who. On two real connections."""

import pytest

from makegood.ground.refusals import Refused
from makegood.ground.waiting import treat_waiting
from makegood.page.hands import answering, receipts
from makegood.page.jobs import RUNGS
from makegood.page.models import Page

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("attempt", range(5))
def test_two_people_tap_at_once(at_once, ring, bo, mina, on_duty, now, attempt):
    on_duty(bo, mina)
    page = ring()
    results = at_once(
        *(lambda s=s: answering.going(page=page, staff=s, now=now) for s in (bo, mina))
    )
    (winner,) = [result for result in results if isinstance(result, Page)]
    (refused,) = [result for result in results if isinstance(result, Refused)]
    assert refused.code == "taken"
    assert winner.taken_by
    assert winner.taken_by.first_name in refused.message
    kinds = sorted(page.answers.values_list("kind", flat=True))
    assert kinds == ["going", "too_late"]


def test_a_tap_while_the_page_climbs_wins(at_once, ring, bo, mina, on_duty, now):
    on_duty(bo, mina)
    page = ring()
    due = page.next_rung_at
    at_once(
        lambda: answering.going(page=page, staff=bo, now=due),
        lambda: treat_waiting(RUNGS, now=due),
    )
    page.refresh_from_db()
    assert (page.state, page.taken_by) == (Page.State.GOING, bo)


def test_two_workers_climb_a_page_once(at_once, ring, bo, mina, on_duty, now):
    on_duty(bo, mina)
    page = ring()
    due = page.next_rung_at
    at_once(*[lambda: treat_waiting(RUNGS, now=due)] * 2)
    assert page.attempts.count() == 2


@pytest.mark.parametrize("attempt", range(4))
def test_a_tap_and_the_receipt_of_the_ring_do_not_stop_each_other(
    at_once, ring, bo, on_duty, now, attempt
):
    on_duty(bo)
    page = ring()
    results = at_once(
        lambda: answering.going(page=page, staff=bo, now=now),
        lambda: receipts.note_seen(page=page, staff=bo, now=now),
    )
    assert not [result for result in results if isinstance(result, Exception)]
    assert page.attempts.get().seen_at
