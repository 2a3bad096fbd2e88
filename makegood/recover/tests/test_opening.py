"""A signal opens a case or joins the open one; somebody is rung."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from makegood.ground.ids import new_id
from makegood.ground.waiting import treat_all_waiting
from makegood.page.models import Page
from makegood.recover.access import case_of_signal
from makegood.recover.models import Case, Step
from makegood.recover.policy import KINDS
from makegood.sense.adding import add_remark, cancel_press, leave_contact
from makegood.sense.complaining import note_complaint
from makegood.sense.inviting import answer_invitation, invite
from makegood.sense.models import Signal
from makegood.sense.pressing import receive_press
from makegood.triage.jobs import SIGNALS
from tests.cast import facts_about

pytestmark = pytest.mark.django_db


def test_a_press_opens_a_case_with_twelve_steps_and_a_page(case, now):
    steps = list(case.steps.all())
    assert tuple(step.kind for step in steps) == KINDS
    assert steps[0].state == Step.State.DONE
    assert len(steps[0].evidence) == 1
    assert steps[1].due_at.astimezone(now.tzinfo).isoformat() == "2026-11-22T09:00:00+00:00"
    assert facts_about(case.pk) == ["recover.case_opened"]
    page = Page.objects.get(about=case.pk)
    assert (page.place, page.purpose, page.hint) == ("Table 14", "reach", "Window, left side")
    assert case.reference == f"HB-{case.number}"


def test_presses_close_together_are_one_case_and_one_page(case, press):
    for minute in range(1, 4):
        press(after=timedelta(minutes=1.5 * minute))
    assert Case.objects.get().intensity == 4
    assert Page.objects.get().intensity == 4


def test_a_press_later_is_another_case(case, press):
    press(after=timedelta(minutes=2, seconds=1))
    assert Case.objects.count() == 2


def test_an_old_press_that_was_offline_joins_its_time(case, table_14, now):
    late = now + timedelta(minutes=30)
    receive_press(
        touchpoint=table_14, key="offline-press", happened_at=now - timedelta(seconds=40), now=late
    )
    treat_all_waiting(SIGNALS, now=late)
    assert Case.objects.get().intensity == 2


def test_a_joining_press_rings_again_when_nobody_is_rung_any_more(case, press, now):
    Page.objects.update(state="done", next_rung_at=None, ended_at=now)
    press(after=timedelta(minutes=1))
    assert Page.objects.filter(about=case.pk).count() == 2


def test_presses_at_once_are_one_case(at_once, table_14, bo, now):
    def one():
        signal = receive_press(touchpoint=table_14, key=str(new_id()), happened_at=now, now=now)
        treat_all_waiting(SIGNALS, now=now)
        return signal

    outcomes = at_once(*[one] * 6)
    assert [error for error in outcomes if isinstance(error, Exception)] == []
    treat_all_waiting(SIGNALS, now=now)
    assert Case.objects.get().intensity == 6
    assert Page.objects.count() == 1


def test_a_new_case_costs_few_queries(case, table_14, now):
    later = now + timedelta(hours=1)
    signal = receive_press(touchpoint=table_14, key="measured-press", happened_at=later, now=later)
    with CaptureQueriesContext(connection) as queries:
        treat_all_waiting(SIGNALS, now=later)
    assert case_of_signal(signal) is not None
    asked = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    first = next(n for n, sql in enumerate(asked) if "FOR NO KEY UPDATE" in sql)
    opening = asked[first - 1 : -1]  # from the verdict to the last ring; then triage looks again
    assert len(opening) <= 16, "\n".join(sql[:150] for sql in opening)


def test_a_happy_rating_stays_quiet(ana, harbour, now):
    invitation = invite(customer=ana, site=harbour, occasion="dinner", now=now)
    answer_invitation(invitation=invitation, score=5, words="", now=now)
    treat_all_waiting(SIGNALS, now=now)
    assert not Case.objects.exists()


def test_a_bad_rating_opens_a_case_and_the_next_complaint_joins_it(ana, harbour, bo, now):
    invitation = invite(customer=ana, site=harbour, occasion="dinner", now=now)
    answer_invitation(invitation=invitation, score=1, words="Cold.", now=now)
    treat_all_waiting(SIGNALS, now=now)
    case = Case.objects.get()
    assert case.customer == ana
    note_complaint(
        site=harbour, place="Front desk", words="Cold food.", by=bo, customer=ana, now=now
    )
    treat_all_waiting(SIGNALS, now=now)
    assert Case.objects.get().intensity == 2
    assert "recover.signal_joined" in facts_about(case.pk)


def test_a_second_failure_goes_straight_to_a_senior(case, ana, harbour, bo, now, tick):
    Case.objects.update(customer=ana, topic="food")
    Page.objects.all().delete()
    Case.objects.update(opened_at=now - timedelta(days=200), happened_at=now - timedelta(days=200))
    from_now = now + timedelta(hours=1)
    close_all()
    note_complaint(
        site=harbour, place="Lobby", words="I was hurt.", by=bo, customer=ana, now=from_now
    )
    treat_all_waiting(SIGNALS, now=from_now)
    page = Page.objects.get(purpose="reach")
    assert page.ladder[0]["who"] == "manager"
    assert page.who == "We failed Ana in May: the food"


def close_all():
    from_case = Case.objects.get()
    from_case.closures.create(
        organisation_id=from_case.organisation_id,
        outcome="lost",
        reason="gone",
        closed_at=from_case.opened_at,
    )


def test_a_remark_reaches_the_page(case, now):
    signal = Signal.objects.get()
    add_remark(
        signal=signal, topics=["food", "waiting"], words="It came cold.", name="Ana Ruiz", now=now
    )
    page = Page.objects.get(about=case.pk)
    assert page.what == "The food and waiting. “It came cold.”"
    assert page.customer_name == "Ana Ruiz"
    case.refresh_from_db()
    assert case.topic in ("food", "waiting")


def test_contact_left_tells_whose_case_it_is_and_that_we_failed_them(case, ana, press, now):
    Case.objects.update(customer=ana)
    later = timedelta(hours=2)
    signal = press(after=later)
    leave_contact(signal=signal, contact="ana.ruiz@guest.example", now=now + later)
    second = case_of_signal(signal)
    assert second
    assert second.customer == ana
    assert "recover.second_failure_seen" in facts_about(second.pk)
    senior = Page.objects.get(purpose="decide")
    assert senior.ladder[0]["who"] == "manager"
    assert Page.objects.get(about=second.pk).who.startswith("We failed Ana on 21 November")


def test_a_press_taken_back_ends_its_case(case, now):
    cancel_press(signal=Signal.objects.get(), now=now + timedelta(seconds=20))
    assert case.standing_closure.outcome == "withdrawn"
    assert Page.objects.get().state == Page.State.CANCELLED
    assert not case.steps.waiting().exists()


def test_a_press_taken_back_among_others_does_not(case, press, now):
    press(after=timedelta(seconds=30))
    cancel_press(signal=Signal.objects.earliest("pk"), now=now + timedelta(minutes=1))
    assert case.standing_closure is None
    case.refresh_from_db()
    assert case.intensity == 1
