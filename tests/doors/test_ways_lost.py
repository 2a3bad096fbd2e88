"""What somebody on duty reads on their quiet pager when a way to them dies; nobody else does."""

from datetime import datetime, timedelta

import pytest

from makegood.ground import clock
from makegood.page.duty.minding import mind
from makegood.page.equipment.equipping import add_device, retire_device
from makegood.page.equipment.subscribing import ENDED
from makegood.page.models import Device
from makegood.people.models import Staff
from tests.doors.colleagues import body, browser_of, felt

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]


@pytest.fixture
def wrist(bo: Staff, now: datetime) -> Device:
    device = add_device(staff=bo, channel="wrist", name="left wrist", address={}, now=now)
    Device.objects.update(felt_at=now, seen_at=now)
    felt(bo, now)
    return device


def read_by(staff: Staff, at: datetime) -> str:
    with clock.standing_at(at):
        return " ".join(body(browser_of(staff).get("/pager/")).split())


def test_a_wrist_that_went_silent_is_named_with_what_to_do(
    wrist: Device, bo: Staff, mina: Staff, now: datetime
) -> None:
    felt(mina, now)
    Device.objects.update(lost_at=now)
    later = now + timedelta(minutes=2)
    said = read_by(bo, later)
    assert "Your <b>left wrist</b> has been silent since 20:12." in said
    assert "See whether it is on, charged and near you." in said
    assert "Only this screen rings you now" in said
    assert "left wrist" not in read_by(mina, later)
    Device.objects.update(lost_at=None)
    assert "left wrist" not in read_by(bo, later)


def test_a_phone_whose_sign_in_ended_is_set_up_anew(
    wrist: Device, bo: Staff, now: datetime
) -> None:
    keys = {"endpoint": "https://push.example/1", "p256dh": "x", "auth": "y"}
    phone = add_device(staff=bo, channel="webpush", name="Pixel", address=keys, now=now)
    retire_device(device=phone, because=ENDED, now=now + timedelta(minutes=1))
    said = read_by(bo, now + timedelta(minutes=2))
    assert "Your <b>Pixel</b> rings no more since 20:13." in said
    assert '<a href="/pager/phone/" hx-boost="false">Have it rung anew</a>' in said
    assert "Only this screen" not in said  # the wrist is well


def test_a_battery_is_said_while_it_can_be_charged(wrist: Device, bo: Staff, now: datetime) -> None:
    Device.objects.update(battery=9)
    assert "The battery of your <b>left wrist</b> is nearly empty: 9 %." in read_by(bo, now)
    Device.objects.update(battery=90)
    assert "battery" not in read_by(bo, now)


def test_a_name_is_no_markup(wrist: Device, bo: Staff, now: datetime) -> None:
    Device.objects.update(name="<i>left</i>", battery=9)
    assert "&lt;i&gt;left" in read_by(bo, now)


def test_a_manager_is_rung_for_who_has_one_way_left_and_reads_who_and_what(
    wrist: Device, bo: Staff, mina: Staff, cy: Staff, now: datetime
) -> None:
    add_device(staff=mina, channel="wrist", name="wrist", address={}, now=now)
    felt(mina, now), felt(cy, now)
    Device.objects.update(felt_at=now, lost_at=now)
    later = now + timedelta(minutes=5)
    mind(now=later)
    said = read_by(cy, later)
    assert "<h1>Bo Lindqvist</h1>" in said
    assert "Only their open pager rings them now: see whether it is by them." in said
    assert "Lost: left wrist." in said
    assert "<b>Mina Park</b>, to see to" in said
    assert "Quiet." in read_by(mina, later)  # hosts are not rung for it
