"""Somebody came on duty or went: the screens know it, and nobody waits for whoever went."""

from datetime import timedelta

from makegood.ground.models import Bulletin
from makegood.page.hands import answering
from makegood.page.models import Answer, Page
from makegood.page.tests.conftest import all_heard_by, facts_of, heard_by
from makegood.people import duty


def test_colleagues_on_duty_and_the_board_hear_who_comes_and_goes(on_duty, harbour, bo, mina, now):
    on_duty(bo)
    on_duty(mina, at=now)
    assert all_heard_by(bo)[-1] == {"kind": "update", "fact": "people.duty_began"}
    duty.end_duty(staff=bo, now=now + timedelta(minutes=1))
    assert all_heard_by(mina)[-1] == {"kind": "update", "fact": "people.duty_ended"}
    board = Bulletin.objects.filter(topic=f"site:{harbour.pk}").order_by("pk")
    assert [bulletin.data["fact"] for bulletin in board] == [
        "people.duty_began", "people.duty_began", "people.duty_ended",
    ]  # fmt: skip


def test_who_is_not_on_duty_hears_nothing(on_duty, bo, cy):
    on_duty(bo)
    assert not all_heard_by(cy)


def test_whoever_was_going_leaves_the_way_to_the_next(ring, on_duty, bo, mina, now):
    on_duty(bo, mina)
    page = answering.going(page=ring(), staff=bo, now=now)
    duty.end_duty(staff=bo, now=now + timedelta(seconds=10))
    page.refresh_from_db()
    assert (page.state, page.taken_by) == (Page.State.RINGING, None)
    assert facts_of(page)[-2:] == ["going_expired", "rung_reached"]
    assert [data["kind"] for data in all_heard_by(mina)][-2:] == ["ring", "update"]


def test_the_heir_of_the_duty_is_rung_for_it(ring, on_duty, bo, mina, cy, now):
    on_duty(bo, cy, mina)
    page = answering.going(page=ring(), staff=bo, now=now)
    duty.end_duty(staff=bo, handed_to=mina, now=now + timedelta(seconds=10))
    assert facts_of(page)[-2:] == ["handed_over", "rung_reached"]
    assert page.attempts.latest("made_at").staff == mina
    ring_heard = [data for data in heard_by(mina) if data["kind"] == "ring"][-1]
    assert ring_heard["handed_by"] == "Bo"


def test_with_nobody_else_there_the_truth_is_told_at_once(ring, on_duty, bo, now):
    on_duty(bo)
    page = answering.going(page=ring(), staff=bo, now=now)
    duty.end_duty(staff=bo, now=now + timedelta(seconds=10))
    page.refresh_from_db()
    assert page.state == Page.State.NOBODY
    assert facts_of(page)[-2:] == ["going_expired", "nobody_reached"]


def test_a_ring_nobody_answers_any_more_moves_on_at_once(ring, on_duty, bo, mina, now):
    on_duty(bo, mina)
    page = ring()
    duty.end_duty(staff=bo, now=now + timedelta(seconds=3))
    assert page.answers.get().kind == Answer.Kind.CANT
    assert page.attempts.order_by("made_at").last().staff == mina


def test_who_stands_with_the_customer_stays(ring, on_duty, bo, mina, now):
    on_duty(bo, mina)
    page = answering.with_customer(page=ring(), staff=bo, now=now)
    duty.end_duty(staff=bo, handed_to=mina, now=now + timedelta(minutes=1))
    page.refresh_from_db()
    assert (page.state, page.taken_by) == (Page.State.WITH, bo)


def test_a_promise_that_was_taken_stays_taken(ring, on_duty, bo, mina, now):
    on_duty(bo, mina)
    page = ring(purpose=Page.Purpose.REMIND, leaves_at=None)
    answering.going(page=page, staff=bo, now=now)
    duty.end_duty(staff=bo, now=now + timedelta(minutes=1))
    page.refresh_from_db()
    assert (page.state, page.taken_by) == (Page.State.GOING, bo)
