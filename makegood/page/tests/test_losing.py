"""A way that dies while somebody is on duty: who is told, and what rings instead."""

from datetime import timedelta

import pytest

from makegood.page.equipment.equipping import add_device, wish
from makegood.page.models import Attempt, Device

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
