"""The thread that looks once a minute: the audit, and the ways of those on duty."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections

from makegood.config import auditing
from makegood.ground import tenancy
from makegood.page.equipment.equipping import add_device
from makegood.page.models import Device
from makegood.page.proof.auditing import silent_lanes
from makegood.people.duty import begin_duty
from makegood.people.models import Staff
from tests.patience import until

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_says_that_it_is_well_and_finds_a_wrist_whose_gateway_was_killed(
    bo: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditing, "EVERY", 0.05)
    began = datetime.now(UTC) - timedelta(minutes=20)
    wrist = add_device(staff=bo, channel="wrist", name="wrist", address={}, now=began)
    begin_duty(staff=bo, site=bo.site, felt_at=began, now=began)
    Device.objects.filter(pk=wrist.pk).update(seen_at=began + timedelta(minutes=10))
    stop = threading.Event()

    def run() -> None:
        try:
            auditing.run_audit(stop)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        with tenancy.everywhere():
            until(lambda: Device.objects.get(pk=wrist.pk).missed_at)
            until(lambda: "audit" not in {one.lane for one in silent_lanes(broker=False)})
    finally:
        stop.set()
        thread.join(20)
