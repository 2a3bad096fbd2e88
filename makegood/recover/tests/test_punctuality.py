"""How often we keep our word: counted per step, by its day, within ninety days."""

from datetime import datetime, timedelta

import pytest

from makegood.recover.models import Case, Step
from makegood.recover.record.punctuality import Kept, kept_on_time
from tests.doors.colleagues import of_another_house
from tests.doors.guests import on_duty, pressed, triaged

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(bo, table_14, now):
    on_duty(bo, now)
    return triaged(pressed(table_14, now), now)


def put(case, kind, **values):
    Step.objects.filter(case=case, kind=kind).update(**values)


def day_of(case: Case, kind: str) -> datetime:
    """When a step is promised; it must be."""
    due = Step.objects.get(case=case, kind=kind).due_at
    assert due is not None
    return due


def test_what_was_done_by_its_day_is_kept(case, now):
    later = now + timedelta(days=3)
    done = {"state": Step.State.DONE, "evidence": [str(case.pk)]}
    due = day_of(case, "apologise")
    put(case, "apologise", ended_at=due + timedelta(seconds=30), **done)
    put(case, "amends", ended_at=due + timedelta(days=1), **done)
    put(case, "plan", state=Step.State.SKIPPED, note="Nothing to plan", ended_at=now)
    kept = kept_on_time(case.organisation_id, now=later)
    assert kept["validate"] == Kept(1, 1)
    assert kept["apologise"] == Kept(1, 1)
    assert kept["amends"] == Kept(0, 1)
    assert "plan" not in kept
    assert "contact" not in kept


def test_what_waits_past_its_day_is_not_kept(case, now):
    assert kept_on_time(case.organisation_id, now=now + timedelta(days=3))["apologise"] == Kept(
        0, 1
    )


def test_what_was_asked_in_time_is_kept_however_long_the_answer_takes(case, now):
    due = day_of(case, "ask")
    put(case, "ask", asked_at=due)
    assert kept_on_time(case.organisation_id, now=due + timedelta(days=5))["ask"] == Kept(1, 1)


def test_what_is_older_and_what_is_another_houses_does_not_count(case, now):
    kept = kept_on_time(case.organisation_id, now=now + timedelta(days=200))
    assert "apologise" not in kept
    other = of_another_house(now)
    assert kept_on_time(other.organisation_id, now=now + timedelta(days=3)) == {}
