"""Did you feel this? Nobody is on duty with a pager that did not ring."""

from datetime import timedelta

import pytest

from makegood.ground.models import Entry
from makegood.ground.refusals import Invalid, NotAllowed, NotFound, Refused
from makegood.page import access
from makegood.page.selftesting import answer_test, override, ring_for_test
from makegood.page.tests.conftest import heard_by
from makegood.people import duty
from makegood.people.models import Duty


@pytest.fixture
def test(bo, harbour, now):
    return ring_for_test(staff=bo, site=harbour, now=now)


def test_the_ring_comes_to_ones_own_screen(test, bo, harbour, now):
    assert heard_by(bo) == [
        {
            "kind": "test",
            "test": str(test.pk),
            "site": str(harbour.pk),
            "site_name": "Harbour",
            "expires_at": (now + timedelta(minutes=5)).isoformat(),
        }
    ]


def test_felt_is_on_duty(test, bo, harbour, now):
    felt_at = now + timedelta(seconds=4)
    begun = answer_test(test=test, felt=True, now=felt_at)
    assert begun
    assert begun.felt_at == felt_at
    assert duty.on_duty(harbour) == [bo]
    assert Entry.objects.filter(about=test.pk, name="page.self_test_felt").count() == 1


def test_a_second_tap_is_the_same_duty(test, now):
    first = answer_test(test=test, felt=True, now=now)
    assert answer_test(test=test, felt=True, now=now + timedelta(hours=1)) == first
    assert Duty.objects.count() == 1


def test_an_old_yes_does_not_begin_another_shift(test, bo, now):
    answer_test(test=test, felt=True, now=now)
    duty.end_duty(staff=bo, now=now + timedelta(minutes=1))
    with pytest.raises(Refused) as refused:
        answer_test(test=test, felt=True, now=now + timedelta(minutes=2))
    assert refused.value.code == "expired"


def test_not_felt_is_not_on_duty_and_may_be_tried_again(test, bo, harbour, now):
    assert answer_test(test=test, felt=False, now=now) is None
    assert answer_test(test=test, felt=False, now=now) is None
    assert duty.on_duty(harbour) == []
    with pytest.raises(Refused) as refused:
        answer_test(test=test, felt=True, now=now)
    assert refused.value.code == "failed"
    again = ring_for_test(staff=bo, site=harbour, now=now)
    assert answer_test(test=again, felt=True, now=now)


def test_a_ring_of_long_ago_proves_nothing(test, now):
    with pytest.raises(Refused) as refused:
        answer_test(test=test, felt=True, now=now + timedelta(minutes=5, seconds=1))
    assert refused.value.code == "expired"


def test_a_senior_may_override_and_the_chronicle_shows_it(bo, cy, harbour, now):
    begun = override(staff=bo, site=harbour, by=cy, reason="His phone is charging.", now=now)
    assert (begun.felt_at, begun.override_by) == (None, cy)
    entry = Entry.objects.get(name="people.duty_began")
    assert entry.by == f"staff:{cy.pk}"
    assert entry.data["overridden"] is True
    assert entry.data["reason"] == "His phone is charging."


def test_an_override_without_a_reason_is_none(bo, cy, harbour, now):
    with pytest.raises(Invalid) as refused:
        override(staff=bo, site=harbour, by=cy, reason=" \x00 ", now=now)
    assert refused.value.field == "reason"
    assert duty.on_duty(harbour) == []


def test_hosts_override_nobody_and_nobody_overrides_for_themselves(bo, mina, cy, harbour, now):
    for staff, by in ((bo, mina), (cy, cy)):
        with pytest.raises(NotAllowed):
            override(staff=staff, site=harbour, by=by, reason="I say so.", now=now)


def test_ones_own_tests_only(test, bo, mina):
    assert access.self_test_for(bo, test.pk) == test
    with pytest.raises(NotFound):
        access.self_test_for(mina, test.pk)
