"""Devices come, are named and are put away; wishes are kept within reason."""

from datetime import time, timedelta
from uuid import uuid4

import pytest

from makegood.ground.refusals import Invalid, Refused
from makegood.page.equipment.equipping import (
    QuietHours,
    add_device,
    rename_device,
    retire_device,
    wish,
)
from makegood.page.models import Device
from makegood.page.tests.provider import attempt_at, carry_all
from tests.cast import facts_about


def test_the_same_address_is_the_same_device(bo, pigeon):
    first = pigeon(bo, "phone")
    again = add_device(
        staff=bo, channel="pigeon", name="new", address={"to": "phone"}, now=first.added_at
    )
    assert again == first
    assert Device.objects.get().name == "new"
    assert facts_about(first.pk) == ["page.device_added"]


def test_ten_are_enough(bo, pigeon):
    for number in range(10):
        pigeon(bo, str(number))
    with pytest.raises(Refused) as refused:
        pigeon(bo, "eleventh")
    assert refused.value.code == "too_many"


def test_no_channel_no_name(bo, pigeon, now):
    with pytest.raises(Invalid):
        add_device(staff=bo, channel="drum", name="", address={}, now=now)
    device = pigeon(bo, "phone")
    with pytest.raises(Invalid):
        rename_device(device=device, name=" \x00 ")


def test_put_away_it_never_rings_again(ring, bo, on_duty, pigeon, provider, now):
    phone = pigeon(bo, "phone")
    on_duty(bo)
    ring()
    retire_device(device=phone, by=bo, now=now)
    retire_device(device=phone, by=bo, now=now + timedelta(hours=1))
    ring()
    carry_all(now)
    assert not provider.handed
    assert attempt_at(phone).said == "put away by hand"
    assert facts_about(phone.pk) == ["page.device_added", "page.device_retired"]


def test_quiet_hours_hold_back_what_is_small_and_ring_it_after(
    ring, bo, on_duty, pigeon, provider, now
):
    """It is 20:12 at Harbour: Bo is quiet until nine, unless it is grave."""
    pigeon(bo, "phone")
    wish(staff=bo, delays={}, quiet=QuietHours(time(20), time(21), below=4))
    on_duty(bo)
    ring(place="Grave", severity=4)
    ring(place="Small", severity=3, rests_for=timedelta(hours=3))
    carry_all(now)
    assert [words.title for words in provider.heard("phone")] == ["Grave"]
    carry_all(now + timedelta(minutes=48))
    assert [words.title for words in provider.heard("phone")] == ["Grave", "Small"]


def test_wishes_within_reason(bo, mina, pigeon):
    phone = pigeon(bo, "phone")
    for delays in ({phone.pk: timedelta(minutes=11)}, {uuid4(): timedelta()}):
        with pytest.raises(Invalid):
            wish(staff=bo, delays=delays, quiet=None)
    with pytest.raises(Invalid):
        wish(staff=mina, delays={phone.pk: timedelta()}, quiet=None)
    for quiet in (QuietHours(time(7), time(7), 4), QuietHours(time(7), time(8), 1)):
        with pytest.raises(Invalid):
            wish(staff=bo, delays={}, quiet=quiet)


def test_wishes_may_change(bo, pigeon):
    phone = pigeon(bo, "phone")
    wish(staff=bo, delays={phone.pk: timedelta(seconds=20)}, quiet=None)
    wish(staff=bo, delays={}, quiet=QuietHours(time(22), time(7), below=5))
    bo.refresh_from_db()
    assert bo.wishes.delays == {}
    assert bo.wishes.quiet_from == time(22)
