"""Nobody on duty: the truth is told, and the next who comes on duty inherits the page."""

from datetime import timedelta

from makegood.ground.models import Bulletin
from makegood.ground.waiting import treat_all_waiting
from makegood.page.hands import answering
from makegood.page.jobs import RUNGS
from makegood.page.models import Attempt, Page
from makegood.page.tests.conftest import facts_of, heard_by
from makegood.people import duty


def test_nobody_on_duty_is_said_and_managers_at_home_are_not_rung(ring, harbour, bo, cy, di, now):
    page = ring()
    assert page.state == Page.State.NOBODY
    assert page.sent_at is None
    assert page.next_rung_at == now + timedelta(minutes=1)
    assert facts_of(page) == ["opened", "nobody_reached"]
    assert not Attempt.objects.exists()
    assert Bulletin.objects.get(topic=f"site:{harbour.pk}").data["state"] == "nobody"


def test_it_is_said_once_and_looked_at_every_minute(ring, now):
    page = ring()
    for minute in (1, 2, 3):
        at = now + timedelta(minutes=minute)
        assert treat_all_waiting(RUNGS, now=at) == 1
        page.refresh_from_db()
        assert page.next_rung_at == at + timedelta(minutes=1)
    assert facts_of(page) == ["opened", "nobody_reached"]


def test_whoever_comes_on_duty_is_rung_at_once_the_most_pressing_first(ring, bo, on_duty, now):
    patient = ring(leaves_at=None, place="Spa desk")
    later = ring(leaves_at=now + timedelta(minutes=9), place="Room 312")
    soon = ring(leaves_at=now + timedelta(minutes=2))
    on_duty(bo, at=now + timedelta(seconds=20))
    rings = [data["place"] for data in heard_by(bo) if data["kind"] == "ring"]
    assert rings == ["Table 14", "Room 312", "Spa desk"]
    for page in (patient, later, soon):
        page.refresh_from_db()
        assert page.state == Page.State.RINGING
    assert facts_of(soon) == ["opened", "nobody_reached", "rung_reached"]


def test_it_is_inherited_even_if_the_wake_up_was_missed(ring, bo, on_duty, now, monkeypatch):
    monkeypatch.setattr("makegood.ground.chronicle._reactions", {})
    page = ring()
    on_duty(bo, at=now + timedelta(seconds=20))
    treat_all_waiting(RUNGS, now=now + timedelta(minutes=1))
    assert page.attempts.get().staff == bo


def test_when_the_last_one_leaves_the_truth_is_told(ring, bo, on_duty, now):
    on_duty(bo)
    page = ring()
    duty.end_duty(staff=bo, now=now + timedelta(seconds=10))
    treat_all_waiting(RUNGS, now=now + timedelta(seconds=45))
    page.refresh_from_db()
    assert page.state == Page.State.NOBODY
    on_duty(bo, at=now + timedelta(seconds=50))
    page.refresh_from_db()
    assert page.state == Page.State.RINGING
    assert page.attempts.count() == 2


def test_a_page_nobody_heard_may_be_taken_by_whoever_sees_it(ring, cy, now):
    page = answering.going(page=ring(), staff=cy, now=now)
    assert page.state == Page.State.GOING


def test_the_managers_on_duty_alone_are_rung(ring, cy, on_duty):
    on_duty(cy)
    assert ring().attempts.get().staff == cy
