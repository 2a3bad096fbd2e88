"""Due steps are looked at a batch at once, by any number of ticks, and each once."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from makegood.ground.ids import new_id
from makegood.ground.models import Entry
from makegood.ground.waiting import Work, treat_all_waiting, treat_waiting
from makegood.page.models import Page
from makegood.people.duty import begin_duty
from makegood.people.models import Site, Staff
from makegood.recover.jobs import STEPS
from makegood.recover.models import Case, Step
from makegood.recover.steps import reminding
from makegood.recover.steps.sweeping import PUT_OFF
from makegood.sense.placing import place_touchpoint
from makegood.sense.pressing import receive_press
from makegood.triage.jobs import SIGNALS
from tests.cast import AtOnce

CASES = 12
Neglected = Callable[[], Sequence[Step]]


@pytest.fixture
def neglected(harbour: Site, bo: Staff, cy: Staff, now: datetime) -> Neglected:
    """Many guests were promised an apology, and nobody has written one."""

    def _neglected() -> list[Step]:
        for staff in (bo, cy):
            begin_duty(staff=staff, site=harbour, felt_at=now, now=now)
        for number in range(CASES):
            table = place_touchpoint(site=harbour, place=f"Table {number}", now=now)
            receive_press(touchpoint=table, key=str(new_id()), now=now)
        treat_all_waiting(SIGNALS, now=now)
        Step.objects.exclude(kind="apologise").update(look_at=None)
        return list(Step.objects.filter(kind="apologise"))

    return _neglected


def due(steps: Sequence[Step]) -> datetime:
    """The moment at which all of them are overdue."""
    moments = [step.due_at for step in steps if step.due_at]
    assert len(moments) == CASES
    return max(moments)


def reminded() -> list[int]:
    """How often the chronicle says that each case was reminded of its apology."""
    told = Entry.objects.filter(name="recover.step_overdue").values_list("about", flat=True)
    return [*Counter(told).values()]


@pytest.mark.django_db
def test_a_batch_costs_about_as_much_as_one_step(
    neglected: Neglected, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    late = due(neglected())
    with django_assert_max_num_queries(30):
        assert treat_waiting(STEPS, now=late) == CASES
    assert reminded() == [1] * CASES
    assert Page.objects.open().filter(purpose="remind").count() == CASES
    with django_assert_max_num_queries(35):
        assert treat_waiting(STEPS, now=late + timedelta(days=1)) == CASES
    assert reminded() == [2] * CASES
    assert Page.objects.open().filter(purpose="remind").count() == CASES
    assert treat_waiting(STEPS, now=late + timedelta(days=1)) == 0


@pytest.mark.django_db
def test_a_step_that_breaks_is_put_off_and_the_others_are_done(
    neglected: Neglected, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = neglected()
    broken, late = steps[5], due(steps)
    words = reminding._words

    def _words(step: Step, now: datetime) -> str:
        if step == broken:
            raise ValueError("no words")
        return words(step, now)

    monkeypatch.setattr(reminding, "_words", _words)
    treat_all_waiting(STEPS, now=late)
    assert reminded() == [1] * (CASES - 1)
    broken.refresh_from_db()
    assert (broken.reminders, broken.look_at) == (0, late + PUT_OFF)


@pytest.mark.django_db(transaction=True)
def test_ticks_at_once_never_do_one_step_twice(neglected: Neglected, at_once: AtOnce) -> None:
    steps = neglected()
    late = due(steps)
    for day in range(1, 4):
        moment = late + timedelta(days=day)
        took = at_once(*[lambda moment=moment: _tick(moment)] * 4)
        assert sum(took) == CASES
        assert reminded() == [day] * CASES
    assert Case.objects.count() == CASES
    assert {step.reminders for step in Step.objects.filter(kind="apologise")} == {3}
    assert Page.objects.filter(purpose="remind").count() == CASES


def _tick(moment: datetime) -> int:
    """A tick of its own, with small batches so that all of them get some."""
    return treat_all_waiting(_in_small_batches(STEPS), now=moment)


def _in_small_batches(work: Work) -> Work:
    return Work(name=work.name, claim=work.claim, treat=work.treat, failed=work.failed, batch=2)
