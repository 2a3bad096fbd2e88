"""Nobody answers: the next one does. Time passes through the RUNGS work only."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from makegood.ground.waiting import treat_all_waiting, treat_waiting
from makegood.page.hands import answering
from makegood.page.jobs import RUNGS
from makegood.page.models import Page
from makegood.page.tests.conftest import ON_DUTY_ONLY, facts_of, kinds_heard_by


def due_at(now):
    assert RUNGS.next_due
    return RUNGS.next_due(now)


def pass_time(page: Page, *, until) -> Page:
    """Treats what falls due, at the moment it does."""
    while (due := due_at(until)) and due <= until:
        treat_all_waiting(RUNGS, now=due)
    page.refresh_from_db()
    return page


def rung_in_order(page: Page) -> list[str]:
    return [a.staff.first_name for a in page.attempts.order_by("made_at", "pk")]


def test_nobody_answers_the_manager_comes(ring, bo, mina, cy, di, on_duty, now):
    on_duty(bo, mina)
    page = pass_time(ring(), until=now + timedelta(seconds=95))
    assert rung_in_order(page) == ["Bo", "Mina", "Cy"]
    page = answering.going(page=page, staff=cy, now=now + timedelta(seconds=99))
    page = answering.with_customer(page=page, staff=cy, now=now + timedelta(seconds=170))
    assert page.state == Page.State.WITH
    assert facts_of(page) == [
        "opened", "rung_reached", "rung_reached", "rung_reached", "taken", "customer_reached",
    ]  # fmt: skip


def test_the_ladder_is_repeated_until_somebody_acts(ring, bo, cy, di, on_duty, now):
    on_duty(bo)
    page = pass_time(ring(), until=now + timedelta(minutes=6))
    assert rung_in_order(page)[:7] == ["Bo", "Cy", "Di", "Bo", "Cy", "Di", "Bo"]
    assert page.round == 2


def test_a_round_of_one_person_rests_to_the_minute(ring, bo, on_duty, now):
    on_duty(bo)
    page = pass_time(ring(ladder=ON_DUTY_ONLY), until=now + timedelta(minutes=2))
    times = page.attempts.order_by("made_at").values_list("made_at", flat=True)
    assert list(times) == [now + timedelta(minutes=minute) for minute in (0, 1, 2)]


def test_going_that_reaches_nobody_rings_again_the_same_person_last(ring, bo, mina, on_duty, now):
    on_duty(bo, mina)
    page = answering.going(page=ring(), staff=bo, now=now)
    page = pass_time(page, until=now + timedelta(minutes=3))
    assert (page.state, page.taken_by, page.going_at) == (Page.State.RINGING, None, None)
    assert facts_of(page)[2:] == ["taken", "going_expired", "rung_reached"]
    page = pass_time(page, until=now + timedelta(minutes=3, seconds=45))
    assert rung_in_order(page) == ["Bo", "Mina", "Bo"]
    assert kinds_heard_by(bo) == ["ring", "state", "state", "ring"]


def test_somebody_with_the_customer_is_never_rung_again(ring, bo, on_duty, now):
    on_duty(bo)
    page = answering.with_customer(page=ring(), staff=bo, now=now)
    page = pass_time(page, until=now + timedelta(hours=3))
    assert page.state == Page.State.WITH
    assert page.attempts.count() == 1


def test_somebody_with_a_guest_is_left_in_peace_while_a_colleague_is_free(
    ring, bo, mina, cy, on_duty, now
):
    on_duty(bo, mina)
    answering.with_customer(page=ring(), staff=bo, now=now)
    second = pass_time(ring(at=now), until=now + timedelta(seconds=45))
    assert rung_in_order(second) == ["Mina", "Cy"]


def test_when_everybody_is_busy_somebody_is_asked_all_the_same(ring, bo, on_duty, now):
    on_duty(bo)
    answering.with_customer(page=ring(), staff=bo, now=now)
    assert rung_in_order(ring(at=now)) == ["Bo"]


def test_a_reminder_taken_keeps_nobody_from_a_customer(ring, bo, mina, on_duty, now):
    on_duty(bo)
    answering.going(page=ring(purpose="remind"), staff=bo, now=now)
    on_duty(mina)
    page = pass_time(ring(at=now), until=now + timedelta(seconds=45))
    assert rung_in_order(page) == ["Mina", "Bo"]


def test_who_forgot_to_say_done_is_not_spared_for_ever(ring, bo, mina, on_duty, now):
    on_duty(bo, mina)
    answering.with_customer(page=ring(), staff=bo, now=now)
    answering.going(page=ring(at=now), staff=mina, now=now)
    half_an_hour_later = now + timedelta(minutes=30)
    page = ring(at=half_an_hour_later)
    assert rung_in_order(page) == ["Bo"]


def test_pages_that_are_not_due_are_left_alone(ring, bo, on_duty, now):
    on_duty(bo)
    ring()
    assert treat_all_waiting(RUNGS, now=now + timedelta(seconds=44)) == 0


def test_the_lane_knows_when_the_next_rung_is_due(ring, bo, on_duty, now):
    assert due_at(now) is None
    on_duty(bo)
    ring()
    assert due_at(now) == now + timedelta(seconds=45)


def test_a_page_that_cannot_climb_is_put_off_and_never_blocks_the_others(
    ring, bo, mina, on_duty, now
):
    on_duty(bo, mina)
    broken, sound = ring(), ring()
    Page.objects.filter(pk=broken.pk).update(ladder=[{"who": "on_duty", "wait_seconds": "soon"}])
    later = now + timedelta(seconds=45)
    treat_all_waiting(RUNGS, now=later)
    broken.refresh_from_db()
    sound.refresh_from_db()
    assert broken.next_rung_at == later + timedelta(seconds=5)
    assert sound.next_rung_at > later
    assert sound.attempts.count() == 2


def test_pages_that_climb_together_ring_different_people(ring, bo, mina, cy, on_duty, now):
    """Bo and Mina were rung at the same moment; a minute later each is asked once again."""
    on_duty(bo, mina)
    first, second = ring(ladder=ON_DUTY_ONLY), ring(ladder=ON_DUTY_ONLY)
    assert (rung_in_order(first), rung_in_order(second)) == (["Bo"], ["Mina"])
    treat_all_waiting(RUNGS, now=now + timedelta(seconds=45))
    assert (rung_in_order(first), rung_in_order(second)) == (["Bo", "Mina"], ["Mina", "Bo"])


def test_a_batch_climbs_whatever_its_pages_are_doing(ring, bo, mina, cy, on_duty, now):
    on_duty(bo, mina)
    ringing, going = ring(), ring()
    answering.going(page=going, staff=mina, now=now)
    nobody = ring(ladder=[{"who": "staff:nobody", "wait_seconds": 45}])
    treat_all_waiting(RUNGS, now=now + timedelta(minutes=3))
    assert rung_in_order(ringing) == ["Bo", "Cy"]
    assert rung_in_order(going) == ["Mina", "Bo"]
    assert facts_of(going) == ["opened", "rung_reached", "taken", "going_expired", "rung_reached"]
    assert facts_of(nobody) == ["opened", "nobody_reached"]


@pytest.mark.usefixtures("no_table")
def test_fifty_rungs_cost_as_many_statements_as_one(ring, bo, mina, on_duty, now):
    on_duty(bo, mina)

    def statements(pages: int) -> int:
        Page.objects.update(state="done", next_rung_at=None)
        for _ in range(pages):
            ring()
        with CaptureQueriesContext(connection) as queries:
            treat_waiting(RUNGS, now=now + timedelta(seconds=45))
        return len([q for q in queries if "SAVEPOINT" not in q["sql"]])

    assert statements(1) == statements(20)


def test_fifty_pages_that_find_nobody_cost_as_many_statements_as_one(ring, bo, on_duty, now):
    """Nobody there, and who said they were going did not: both may begin a case elsewhere."""
    on_duty(bo)
    nobody = [{"who": "staff:nobody", "wait_seconds": 45}]

    def statements(pages: int) -> int:
        Page.objects.update(state="done", next_rung_at=None)
        for _ in range(pages):
            answering.going(page=ring(), staff=bo, now=now)
        Page.objects.filter(state="going").update(ladder=nobody)
        with CaptureQueriesContext(connection) as queries:
            treat_waiting(RUNGS, now=now + timedelta(minutes=30))
        assert Page.objects.filter(state="nobody").count() == pages
        return len([q for q in queries if "SAVEPOINT" not in q["sql"]])

    statements(1)  # the policy is read once per process
    assert statements(1) == statements(20)


@pytest.mark.parametrize("minutes", [1, 30, 600])
def test_an_open_page_always_has_a_next_step(ring, bo, cy, on_duty, now, minutes):
    on_duty(bo)
    page = pass_time(ring(), until=now + timedelta(minutes=minutes))
    assert page.next_rung_at > now + timedelta(minutes=minutes)
