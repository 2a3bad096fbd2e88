"""Nobody is on duty with a pager that did not ring; who takes over is there already."""

from datetime import timedelta
from functools import partial

import pytest

from makegood.ground.models import Entry
from makegood.ground.refusals import Invalid, NotAllowed, Refused
from makegood.people.duty import Override, begin_duty, end_duty, on_duty, running_duty
from makegood.people.joining import add_site
from makegood.people.models import Duty
from tests.cast import facts_about

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("silence")]


@pytest.fixture
def bo_on_duty(bo, harbour, now):
    return begin_duty(staff=bo, site=harbour, felt_at=now, now=now)


def test_who_felt_the_pager_is_on_duty(bo_on_duty, bo, harbour):
    assert on_duty(harbour) == [bo]
    assert facts_about(bo_on_duty.pk) == ["people.duty_began"]


def test_a_pager_that_did_not_ring_puts_nobody_on_duty(bo, harbour, now):
    with pytest.raises(Refused) as refused:
        begin_duty(staff=bo, site=harbour, felt_at=None, now=now)
    assert refused.value.code == "not_felt"
    assert on_duty(harbour) == []


def test_a_manager_may_override_and_the_chronicle_shows_it(bo, cy, harbour, now):
    duty = begin_duty(
        staff=bo,
        site=harbour,
        felt_at=None,
        override=Override(cy, "His phone is charging."),
        now=now,
    )
    told = Entry.objects.get(about=duty.pk)
    assert told.data["overridden"] is True
    assert told.by == f"staff:{cy.pk}"
    assert told.data["reason"] == duty.override_reason == "His phone is charging."


def test_a_colleague_may_not_override(bo, mina, harbour, now):
    with pytest.raises(NotAllowed):
        begin_duty(
            staff=bo, site=harbour, felt_at=None, override=Override(mina, "I say so."), now=now
        )


def test_what_was_felt_needs_no_override(bo, cy, harbour, now):
    duty = begin_duty(
        staff=bo,
        site=harbour,
        felt_at=now,
        override=Override(cy, "His phone is charging."),
        now=now,
    )
    assert (duty.override_by, duty.override_reason) == (None, "")


def test_a_ring_is_not_felt_before_it_rang(bo, harbour, now):
    with pytest.raises(Invalid) as refused:
        begin_duty(staff=bo, site=harbour, felt_at=now + timedelta(seconds=1), now=now)
    assert refused.value.field == "felt_at"


def test_beginning_twice_is_one_duty(bo_on_duty, bo, harbour, now):
    assert begin_duty(staff=bo, site=harbour, felt_at=now, now=now) == bo_on_duty
    assert facts_about(bo_on_duty.pk) == ["people.duty_began"]


def test_nobody_is_on_duty_at_two_sites(bo_on_duty, bo, fairline, now):
    hill = add_site(organisation=fairline, name="Hill", timezone="Europe/Madrid", now=now)
    with pytest.raises(Refused) as refused:
        begin_duty(staff=bo, site=hill, felt_at=now, now=now)
    assert refused.value.code == "on_duty_elsewhere"


def test_who_left_the_house_is_not_on_duty(bo, harbour, now):
    bo.is_active = False
    with pytest.raises(NotAllowed):
        begin_duty(staff=bo, site=harbour, felt_at=now, now=now)


def test_who_is_there_longest_comes_first_whatever_their_role(bo, cy, mina, harbour, now):
    for minutes, colleague in enumerate((cy, mina, bo)):
        moment = now + timedelta(minutes=minutes)
        begin_duty(staff=colleague, site=harbour, felt_at=moment, now=moment)
    assert on_duty(harbour) == [cy, mina, bo]


def test_handing_over_to_somebody_who_is_there(bo_on_duty, bo, mina, harbour, now):
    begin_duty(staff=mina, site=harbour, felt_at=now, now=now)
    ended = end_duty(staff=bo, handed_to=mina, now=now + timedelta(hours=8))
    assert ended.handed_to == mina
    assert on_duty(harbour) == [mina]
    assert facts_about(bo_on_duty.pk) == ["people.duty_began", "people.duty_ended"]


def test_nobody_hands_over_to_somebody_who_is_not_there(bo_on_duty, bo, mina, harbour, now):
    with pytest.raises(Refused) as refused:
        end_duty(staff=bo, handed_to=mina, now=now)
    assert (refused.value.code, refused.value.field) == ("not_on_duty", "handed_to")
    assert on_duty(harbour) == [bo]


def test_nobody_hands_over_to_themselves(bo_on_duty, bo, now):
    with pytest.raises(Invalid):
        end_duty(staff=bo, handed_to=bo, now=now)


def test_the_last_one_may_go_and_only_once(bo_on_duty, bo, harbour, now):
    end_duty(staff=bo, now=now)
    assert on_duty(harbour) == []
    assert running_duty(bo) is None
    with pytest.raises(Refused) as refused:
        end_duty(staff=bo, now=now)
    assert refused.value.code == "not_on_duty"


@pytest.mark.django_db(transaction=True)
def test_a_double_tap_is_one_duty(bo, harbour, now, at_once):
    begin = partial(begin_duty, staff=bo, site=harbour, felt_at=now, now=now)
    duties = at_once(begin, begin, begin)
    assert len({duty.pk for duty in duties}) == 1
    assert Duty.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_hand_over_to_each_other_at_once_leave_one_there(bo, mina, harbour, now, at_once):
    for colleague in (bo, mina):
        begin_duty(staff=colleague, site=harbour, felt_at=now, now=now)
    outcomes = at_once(
        partial(end_duty, staff=bo, handed_to=mina, now=now),
        partial(end_duty, staff=mina, handed_to=bo, now=now),
    )
    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 1
    assert len(on_duty(harbour)) == 1
