"""A way that dies while somebody is on duty: who is told, and what rings instead."""

from datetime import timedelta

import pytest

from makegood.ground.models import Entry
from makegood.page.duty.losing import LOST_AFTER, gear_of
from makegood.page.duty.minding import mind
from makegood.page.equipment.equipping import BY_HAND, add_device, retire_device, wish
from makegood.page.equipment.subscribing import ENDED, MOVED, SIGNED_OUT
from makegood.page.hands import answering
from makegood.page.models import Attempt, Device, Page
from makegood.page.tests.conftest import all_heard_by
from makegood.people.duty import end_duty

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def wrist(bo, now):
    device = add_device(staff=bo, channel="wrist", name="wrist", address={}, now=now)
    return heard(device, now)


def heard(device, at, **said):
    Device.objects.filter(pk=device.pk).update(seen_at=at, felt_at=at, **said)
    device.refresh_from_db()
    return device


def test_behind_a_wrist_that_is_lost_the_phone_does_not_wait(
    ring, bo, on_duty, wrist, pigeon, provider, now
):
    phone = pigeon(bo, "phone")
    wish(staff=bo, delays={phone.pk: 20 * SECOND}, quiet=None)
    on_duty(bo)
    page = ring()
    assert Attempt.objects.get(page=page, device=phone).hand_over_at == now + 20 * SECOND
    Device.objects.filter(pk=wrist.pk).update(lost_at=now)
    page = ring(at=now + MINUTE)
    assert Attempt.objects.get(page=page, device=phone).hand_over_at == now + MINUTE
    assert Attempt.objects.get(page=page, device=wrist).sent_at  # it may be back any moment


def test_a_wrist_in_the_drawer_before_duty_is_nobodys_loss(bo, on_duty, wrist, now):
    heard(wrist, now - 5 * MINUTE, lost_at=now - 5 * MINUTE)
    duties = on_duty(bo, at=now)
    assert gear_of(duties, now=now + 10 * MINUTE)[bo.pk].losses == []


def test_who_is_back_within_a_minute_was_on_the_stairs(bo, on_duty, wrist, now):
    duties = on_duty(bo)
    heard(wrist, now, lost_at=now)
    assert not gear_of(duties, now=now + 59 * SECOND)[bo.pk].losses
    [loss] = gear_of(duties, now=now + MINUTE)[bo.pk].losses
    assert (loss.device, loss.since, loss.is_silent) == (wrist, now, True)


def test_ways_left_are_those_that_were_felt_and_are_not_lost(bo, on_duty, wrist, pigeon, now):
    pigeon(bo, "never felt")
    duties = on_duty(bo)
    assert gear_of(duties, now=now)[bo.pk].ways == 2
    heard(wrist, now, lost_at=now)
    assert gear_of(duties, now=now + MINUTE)[bo.pk].ways == 1


@pytest.mark.parametrize(
    ("because", "lost"),
    [("410 Gone", True), (ENDED, True), (MOVED, True), (BY_HAND, False), (SIGNED_OUT, False)],
)
def test_a_phone_put_away_is_a_loss_unless_its_owner_wished_so(
    bo, on_duty, pigeon, now, because, lost
):
    phone = pigeon(bo, "phone")
    duties = on_duty(bo)
    retire_device(device=phone, because=because, now=now)
    assert bool(gear_of(duties, now=now)[bo.pk].losses) == lost
    pigeon(bo, "the same, subscribed anew")
    assert not gear_of(duties, now=now)[bo.pk].losses


def test_a_battery_nearly_empty_is_no_loss_yet(bo, on_duty, wrist, now):
    duties = on_duty(bo)
    heard(wrist, now, battery=15)
    gear = gear_of(duties, now=now)[bo.pk]
    assert (gear.running_low, gear.losses, gear.ways) == ([wrist], [], 2)
    heard(wrist, now, battery=16)
    assert not gear_of(duties, now=now)[bo.pk].running_low


def test_a_wrist_whose_gateway_was_killed_is_found_silent(bo, on_duty, wrist, now):
    on_duty(bo)
    mind(now=now + LOST_AFTER - SECOND)
    wrist.refresh_from_db()
    assert wrist.lost_at is None
    mind(now=now + LOST_AFTER)
    wrist.refresh_from_db()
    assert (wrist.lost_at, wrist.missed_at) == (now, now + LOST_AFTER)


def test_its_owner_and_the_floor_are_told_once_when_it_is_lost_and_once_when_it_is_back(
    bo, on_duty, wrist, now
):
    on_duty(bo)
    heard(wrist, now, lost_at=now)
    for minutes in (1, 2, 3):
        mind(now=now + minutes * MINUTE)
    heard(wrist, now + 4 * MINUTE, lost_at=None)
    for minutes in (4, 5):
        mind(now=now + minutes * MINUTE)
    told = ["page.device_lost", "page.device_found"]
    assert [one["fact"] for one in all_heard_by(bo) if "device" in one.get("fact", "")] == told
    entries = Entry.objects.filter(about=wrist.pk, name__in=told).order_by("pk")
    assert [entry.name for entry in entries] == told


def test_a_phone_that_was_given_up_redraws_its_owners_pager_once(bo, on_duty, pigeon, now):
    phone, wished = pigeon(bo, "phone"), pigeon(bo, "old phone")
    on_duty(bo)
    retire_device(device=phone, because="410 Gone", now=now)
    retire_device(device=wished, because=BY_HAND, now=now)
    for minutes in (1, 2):
        mind(now=now + minutes * MINUTE)
    assert [one["fact"] for one in all_heard_by(bo) if "device" in one.get("fact", "")] == [
        "page.device_lost"
    ]
    assert not Entry.objects.filter(name="page.device_lost").exists()  # it was said as retired


def test_of_who_is_off_duty_nothing_is_told(bo, wrist, now):
    heard(wrist, now, lost_at=now)
    mind(now=now + 30 * MINUTE)
    wrist.refresh_from_db()
    assert wrist.missed_at is None
    assert not Page.objects.exists()


def lost_and_minded(wrist, now, *minutes):
    heard(wrist, now, lost_at=now)
    for minute in minutes:
        mind(now=now + minute * MINUTE)
    return Page.objects.filter(purpose="remind").order_by("pk")


def test_a_senior_hears_when_only_one_way_is_left(bo, cy, on_duty, wrist, now):
    on_duty(bo, cy)
    assert not lost_and_minded(wrist, now, 1, 4)
    [page] = lost_and_minded(wrist, now, 5, 6)
    assert page.place == "Bo Lindqvist"
    assert page.what.endswith("Lost: wrist.")
    assert {attempt.staff for attempt in page.attempts.all()} == {cy}


def test_it_ends_by_itself_when_the_wrist_is_back(bo, cy, on_duty, wrist, now):
    on_duty(bo, cy)
    [page] = lost_and_minded(wrist, now, 5)
    heard(wrist, now + 6 * MINUTE, lost_at=None)
    mind(now=now + 6 * MINUTE)
    page.refresh_from_db()
    assert page.state == Page.State.DONE
    assert len(lost_and_minded(wrist, now + 10 * MINUTE, 5)) == 2  # lost anew, told anew


def test_it_ends_with_their_duty(bo, cy, on_duty, wrist, now):
    on_duty(bo, cy)
    [page] = lost_and_minded(wrist, now, 5)
    end_duty(staff=bo, now=now + 7 * MINUTE)
    page.refresh_from_db()
    assert page.state == Page.State.DONE


def test_who_has_seen_to_it_is_not_rung_for_it_again(bo, cy, on_duty, wrist, now):
    on_duty(bo, cy)
    [page] = lost_and_minded(wrist, now, 5)
    answering.going(page=page, staff=cy, now=now + 6 * MINUTE)
    answering.finish(page=page, staff=cy, now=now + 7 * MINUTE)
    assert [one.state for one in lost_and_minded(wrist, now, 8, 60)] == [Page.State.DONE]


def test_where_two_ways_are_left_no_senior_is_rung(bo, cy, on_duty, wrist, pigeon, now):
    heard(pigeon(bo, "phone"), now)
    on_duty(bo, cy)
    assert not lost_and_minded(wrist, now, 5, 60)


def test_whoever_was_let_on_duty_with_one_way_is_no_news(bo, cy, on_duty, pigeon, now):
    pigeon(bo, "never felt")
    on_duty(bo, cy)
    mind(now=now + 60 * MINUTE)
    assert not Page.objects.exists()


def test_a_senior_reads_of_their_own_ways_on_their_own_pager(cy, di, on_duty, now):
    wrist = heard(add_device(staff=cy, channel="wrist", name="wrist", address={}, now=now), now)
    on_duty(cy, di)
    assert not lost_and_minded(wrist, now, 5, 60)
