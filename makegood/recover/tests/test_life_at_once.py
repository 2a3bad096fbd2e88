"""Two decide about the same cases at the same moment: one after the other, nothing is lost."""

from datetime import timedelta

import pytest

from makegood.ground.ids import new_id
from makegood.ground.refusals import Refused
from makegood.ground.waiting import treat_all_waiting, treat_waiting
from makegood.page.models import Page
from makegood.people.duty import begin_duty
from makegood.recover.access import case_of_signal
from makegood.recover.jobs import PAUSES, STEPS
from makegood.recover.life.answering import customer_says_not_right
from makegood.recover.life.closing import close_lost
from makegood.recover.life.merging import merge_cases
from makegood.recover.models import Case, CaseSignal, Merger, Pause, Step
from makegood.recover.steps.pausing import go_on, wait_for_customer
from makegood.sense.placing import place_touchpoint
from makegood.sense.pressing import receive_press
from makegood.triage.jobs import SIGNALS
from makegood.words.replying import receive_reply
from tests.cast import facts_about

ROUNDS = 3
DAY = timedelta(days=1)


@pytest.fixture
def pressed(transactional_db, harbour, bo, cy, now):
    """Each time another table and another case."""
    for staff in (bo, cy):
        begin_duty(staff=staff, site=harbour, felt_at=now, now=now)

    def _pressed() -> Case:
        table = place_touchpoint(site=harbour, place=f"Table {new_id().hex}", now=now)
        signal = receive_press(touchpoint=table, key=str(new_id()), happened_at=now, now=now)
        treat_all_waiting(SIGNALS, now=now)
        case = case_of_signal(signal)
        assert case
        return case

    return _pressed


def play(at_once, *acts):
    """All at the same moment; only refusals in words are allowed."""
    errors = [found for found in at_once(*acts) if isinstance(found, Exception)]
    assert [error for error in errors if not isinstance(error, Refused)] == []


def test_two_cases_swallow_each_other(at_once, pressed, cy, now):
    for _ in range(ROUNDS):
        one, two = pressed(), pressed()

        def join(survivor, absorbed):
            return lambda: merge_cases(
                survivor=survivor, absorbed=absorbed, reason="Same.", by=cy, now=now
            )

        play(at_once, join(one, two), join(two, one))
        merger = Merger.objects.standing().get(survivor__in=(one, two))
        assert CaseSignal.objects.filter(case=merger.survivor).count() == 2
        assert merger.survivor.standing_closure is None


def test_it_is_joined_while_its_steps_are_looked_at_and_it_is_given_up(at_once, pressed, cy, now):
    for _ in range(ROUNDS):
        one, two = pressed(), pressed()
        later = now + 3 * DAY
        play(
            at_once,
            lambda one=one, two=two, later=later: merge_cases(
                survivor=one, absorbed=two, reason="Same.", by=cy, now=later
            ),
            lambda later=later: treat_waiting(STEPS, now=later),
            lambda two=two, at=later: close_lost(case=two, reason="They left.", by=cy, now=at),
        )
        assert Case.objects.get(pk=two.pk).standing_closure
        assert not Step.objects.waiting().filter(case=two).exists()


def test_an_answer_comes_as_the_wait_ends(at_once, pressed, cy, now):
    for _ in range(ROUNDS):
        case = pressed()
        before = case.steps.get(kind="plan").due_at
        pause = wait_for_customer(case=case, reason="Which room?", by=cy, now=now)
        play(
            at_once,
            lambda case=case, at=pause.until: receive_reply(
                about=case.pk, words="The one by the sea.", now=at,
                organisation_id=case.organisation_id,
            ),
            lambda at=pause.until: treat_waiting(PAUSES, now=at),
            lambda case=case, at=pause.until: go_on(case=case, by=cy, now=at),
        )  # fmt: skip
        assert Pause.objects.get(pk=pause.pk).ended_at == pause.until
        assert case.steps.get(kind="plan").due_at == before + 14 * DAY  # moved once


def test_still_not_right_sent_three_times_at_once_rings_once(at_once, pressed, now):
    case = pressed()

    def says():
        return customer_says_not_right(case=case, words="Still cold.", now=now)

    play(at_once, says, says, says)
    assert Page.objects.filter(purpose=Page.Purpose.DECIDE).count() == 1
    assert facts_about(case.pk).count("recover.customer_not_content") == 1
