"""A person is planned at one place at a time."""

from datetime import timedelta
from functools import partial

import pytest

from makegood.ground.refusals import Invalid, NotAllowed, Refused
from makegood.people.models import Shift
from makegood.people.rota import drop_shift, plan_shift, planned, swap_shift
from tests.cast import facts_about
from tests.doors.colleagues import of_another_house

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("silence")]
HOURS = timedelta(hours=1)


@pytest.fixture
def plan(harbour, bo, now):
    def plan(begins, ends, staff=bo):
        return plan_shift(
            site=harbour,
            staff=staff,
            starts_at=now + begins * HOURS,
            ends_at=now + ends * HOURS,
            now=now,
        )

    return plan


def test_one_shift_after_the_other(plan, harbour, now):
    late, early = plan(8, 16), plan(0, 8)
    assert planned(harbour, now, now + 24 * HOURS) == [early, late]
    assert planned(harbour, now, now + 8 * HOURS) == [early]


@pytest.mark.parametrize(
    ("begins", "ends", "field"),
    [(4, 12, "starts_at"), (-4, 4, "ends_at"), (-4, 12, "ends_at"), (2, 3, "starts_at")],
)
def test_an_overlap_is_refused_naming_the_field(plan, begins, ends, field):
    plan(0, 8)
    with pytest.raises(Refused) as refused:
        plan(begins, ends)
    assert (refused.value.code, refused.value.field) == ("shift_overlaps", field)


def test_two_people_may_share_a_time(plan, mina):
    plan(0, 8)
    plan(0, 8, staff=mina)
    assert Shift.objects.count() == 2


def test_a_shift_ends_after_it_starts(plan):
    with pytest.raises(Invalid) as refused:
        plan(8, 8)
    assert refused.value.field == "ends_at"


def test_a_dropped_shift_is_remembered(plan, harbour, now):
    shift = plan(0, 8)
    drop_shift(shift=shift, now=now)
    drop_shift(shift=shift, now=now)
    assert planned(harbour, now, now + 24 * HOURS) == []
    assert facts_about(shift.pk) == ["people.shift_planned", "people.shift_dropped"]


@pytest.mark.django_db(transaction=True)
def test_planned_twice_at_once_is_planned_once(plan, at_once, bo):
    outcomes = at_once(partial(plan, 0, 8), partial(plan, 4, 12))
    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 1
    assert Shift.objects.filter(staff=bo).count() == 1


def test_somebody_else_has_a_shift(harbour, bo, mina, now):
    shift = plan_shift(site=harbour, staff=bo, starts_at=now, ends_at=now + HOURS, now=now)
    for _ in range(2):
        swap_shift(shift=shift, staff=mina, now=now)
    assert [one.staff for one in planned(harbour, now, now + HOURS)] == [mina]
    assert facts_about(shift.pk) == ["people.shift_planned", "people.shift_swapped"]
    with pytest.raises(NotAllowed):
        swap_shift(shift=shift, staff=of_another_house(now), now=now)
    plan_shift(site=harbour, staff=bo, starts_at=now, ends_at=now + HOURS, now=now)
    with pytest.raises(Refused, match="Bo already has a shift"):
        swap_shift(shift=shift, staff=bo, now=now)
    drop_shift(shift=shift, now=now)
    with pytest.raises(Refused, match="not in the rota"):
        swap_shift(shift=shift, staff=bo, now=now)
