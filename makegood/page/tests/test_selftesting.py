"""Did you feel this? Nobody is on duty with a pager that did not ring."""

from dataclasses import replace
from datetime import timedelta

import pytest

from makegood.ground.models import Bulletin, Entry
from makegood.ground.refusals import Invalid, NotAllowed, NotFound, Refused
from makegood.page import access
from makegood.page.channels import registry
from makegood.page.channels.speaking import Kind, Passing, Permanent
from makegood.page.duty.selftesting import (
    allow_one_way,
    answer_test,
    override,
    ring_for_test,
    rings_felt,
)
from makegood.page.equipment.equipping import add_device, retire_device
from makegood.page.equipment.subscribing import ENDED
from makegood.page.tests.conftest import heard_by
from makegood.page.tests.provider import carry_all
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


@pytest.fixture
def phone(bo, pigeon):
    return pigeon(bo, "phone")


@pytest.fixture
def phone_felt(phone, bo, harbour, now):
    """The phone was felt a minute ago: one way more, and it is duty."""
    earlier = now - timedelta(minutes=1)
    test = ring_for_test(staff=bo, site=harbour, device=phone, now=earlier)
    assert answer_test(test=test, felt=True, now=earlier) is None


def test_two_ways_felt_is_on_duty(phone_felt, test, phone, bo, harbour, now):
    felt_at = now + timedelta(seconds=4)
    begun = answer_test(test=test, felt=True, now=felt_at)
    assert begun
    assert begun.felt_at == felt_at
    assert duty.on_duty(harbour) == [bo]
    assert Entry.objects.filter(about=test.pk, name="page.self_test_felt").count() == 1
    phone.refresh_from_db()
    assert phone.felt_at == now - timedelta(minutes=1)


def test_one_way_is_not_enough(test, harbour, now):
    assert answer_test(test=test, felt=True, now=now) is None
    assert duty.on_duty(harbour) == []


def test_two_devices_of_one_way_are_one_way(bo, harbour, pigeon, provider, now, monkeypatch):
    pigeons = replace(registry.CHANNELS["pigeon"], way=lambda _: "the loft")
    monkeypatch.setitem(registry.CHANNELS, "pigeon", pigeons)
    for name in ("phone", "tablet"):
        test = ring_for_test(staff=bo, site=harbour, device=pigeon(bo, name), now=now)
        assert answer_test(test=test, felt=True, now=now) is None


def test_what_was_felt_long_ago_counts_no_more(phone_felt, phone, bo, harbour, now):
    later = now + timedelta(minutes=30)
    test = ring_for_test(staff=bo, site=harbour, now=later)
    assert answer_test(test=test, felt=True, now=later) is None
    assert [test.device for test in rings_felt(bo, now=later)] == [None]


def test_what_was_put_away_counts_no_more(phone_felt, phone, test, now):
    retire_device(device=phone, now=now)
    assert answer_test(test=test, felt=True, now=now) is None


def test_a_try_between_shifts_puts_nobody_on_duty(phone_felt, test, bo, harbour, pigeon, now):
    other = pigeon(bo, "other")
    tried = ring_for_test(staff=bo, site=harbour, device=other, for_duty=False, now=now)
    assert answer_test(test=tried, felt=True, now=now) is None
    assert duty.on_duty(harbour) == []
    other.refresh_from_db()
    assert other.felt_at == now


def test_the_ring_is_carried_to_the_device(phone, bo, harbour, provider, now):
    provider.answers["phone"] = [Passing("busy")]
    test = ring_for_test(staff=bo, site=harbour, device=phone, now=now)
    carry_all(now)
    carry_all(now + timedelta(seconds=3))
    (first, again) = provider.heard("phone", Kind.TEST)
    assert first.key == again.key
    assert first.url.endswith(f"/duty/test/{test.pk}/")
    test.refresh_from_db()
    assert test.handed_over_at
    assert test.hand_over_at is None


def test_a_ring_nobody_waits_for_any_more_is_not_carried(phone, bo, harbour, provider, now):
    ring_for_test(staff=bo, site=harbour, device=phone, now=now)
    carry_all(now + timedelta(minutes=6))
    assert not provider.handed


def test_a_device_that_is_gone_fails_its_test(phone, bo, harbour, provider, now):
    provider.answers["phone"] = [Permanent("410 gone", retire=True)]
    test = ring_for_test(staff=bo, site=harbour, device=phone, now=now)
    carry_all(now)
    test.refresh_from_db()
    phone.refresh_from_db()
    assert test.failed_at
    assert (test.said, phone.retired_because) == ("410 gone", "410 gone")


def test_a_phone_nobody_is_signed_in_on_fails_its_test(phone, bo, harbour, provider, now):
    phone.session = "the digest of a sign-in that ended"
    phone.save()
    test = ring_for_test(staff=bo, site=harbour, device=phone, now=now)
    carry_all(now)
    assert not provider.handed
    test.refresh_from_db()
    assert (test.failed_at, test.said) == (now, ENDED)


def test_a_told_device_is_told(bo, harbour, now):
    wrist = add_device(staff=bo, channel="wrist", name="", address={}, now=now)
    test = ring_for_test(staff=bo, site=harbour, device=wrist, now=now)
    (heard,) = Bulletin.objects.filter(topic=f"device:{wrist.pk}")
    assert heard.data["test"] == str(test.pk)
    assert heard_by(bo) == []


def test_only_ones_own_devices_ring(phone, mina, harbour, now):
    with pytest.raises(NotAllowed):
        ring_for_test(staff=mina, site=harbour, device=phone, now=now)


def test_a_senior_may_say_that_one_way_is_enough(test, bo, cy, harbour, now):
    with pytest.raises(Refused) as refused:
        allow_one_way(staff=bo, site=harbour, by=cy, now=now)
    assert refused.value.code == "not_felt"
    answer_test(test=test, felt=True, now=now)
    with pytest.raises(NotAllowed):
        allow_one_way(staff=bo, site=harbour, by=bo, now=now)
    assert allow_one_way(staff=bo, site=harbour, by=cy, now=now).felt_at == now
    assert Entry.objects.get(name="page.one_way_allowed").by == f"staff:{cy.pk}"


def test_a_second_tap_is_the_same_duty(phone_felt, test, now):
    first = answer_test(test=test, felt=True, now=now)
    assert answer_test(test=test, felt=True, now=now + timedelta(hours=1)) == first
    assert Duty.objects.count() == 1


def test_an_old_yes_does_not_begin_another_shift(phone_felt, test, bo, harbour, now):
    answer_test(test=test, felt=True, now=now)
    duty.end_duty(staff=bo, now=now + timedelta(minutes=1))
    assert answer_test(test=test, felt=True, now=now + timedelta(minutes=2)) is None
    assert duty.on_duty(harbour) == []


def test_a_second_yes_before_the_other_way_is_felt_changes_nothing(test, phone, bo, harbour, now):
    assert answer_test(test=test, felt=True, now=now) is None
    for later in (timedelta(seconds=1), timedelta(minutes=6)):
        assert answer_test(test=test, felt=True, now=now + later) is None
    (felt,) = rings_felt(bo, now=now + timedelta(minutes=6))
    assert (felt, felt.felt_at) == (test, now)
    assert Entry.objects.filter(about=test.pk, name="page.self_test_felt").count() == 1


def test_a_no_after_the_yes_takes_it_back(phone, test, bo, harbour, now):
    earlier = ring_for_test(staff=bo, site=harbour, device=phone, for_duty=False, now=now)
    answer_test(test=earlier, felt=True, now=now)
    later = now + timedelta(seconds=9)
    mistaken = ring_for_test(staff=bo, site=harbour, device=phone, now=later)
    answer_test(test=mistaken, felt=True, now=later)
    assert answer_test(test=mistaken, felt=False, now=later) is None
    assert rings_felt(bo, now=later) == []
    phone.refresh_from_db()
    assert phone.felt_at == now
    assert answer_test(test=test, felt=True, now=later) is None
    with pytest.raises(Refused) as refused:
        answer_test(test=mistaken, felt=True, now=later)
    assert refused.value.code == "failed"


def test_a_no_once_on_duty_ends_no_duty(phone_felt, test, bo, harbour, now):
    begun = answer_test(test=test, felt=True, now=now)
    assert answer_test(test=test, felt=False, now=now + timedelta(seconds=2)) == begun
    assert duty.on_duty(harbour) == [bo]


def test_not_felt_is_not_on_duty_and_may_be_tried_again(phone_felt, test, bo, harbour, now):
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
