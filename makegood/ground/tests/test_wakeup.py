"""One NOTIFY per commit, after it; none for what was rolled back."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from makegood.ground import bulletins, wakeup
from makegood.people.models import Organisation

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ear() -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(**connection.get_connection_params()) as listener:
        listener.autocommit = True
        for channel in (wakeup.LANE_CHANNEL, bulletins.CHANNEL):
            listener.execute(f"listen {channel}")
        yield listener


def heard(ear: psycopg.Connection[Any]) -> list[tuple[str, str]]:
    return [(call.channel, call.payload) for call in ear.notifies(timeout=0.2)]


def test_calls_of_one_commit_are_merged(ear: psycopg.Connection[Any]) -> None:
    with transaction.atomic():
        wakeup.wake("urgent")
        wakeup.wake("urgent")
        wakeup.wake("ordinary")
        assert heard(ear) == []
    assert sorted(heard(ear)) == [
        (wakeup.LANE_CHANNEL, "ordinary"),
        (wakeup.LANE_CHANNEL, "urgent"),
    ]


def test_after_a_rollback_the_next_commit_still_calls(ear: psycopg.Connection[Any]) -> None:
    with transaction.atomic():
        wakeup.wake("urgent")
        transaction.set_rollback(True)
    with transaction.atomic():
        wakeup.wake("urgent")
    assert (wakeup.LANE_CHANNEL, "urgent") in heard(ear)


def test_a_thousand_bulletins_are_told_within_the_limits_of_a_call(
    ear: psycopg.Connection[Any], fairline: Organisation, now: datetime
) -> None:
    with transaction.atomic():
        topics = [f"signal:{number}" for number in range(1_000)]
        bulletins.post(topics, {"kind": "state"}, organisation_id=fairline.pk, at=now)
    told = [payload for channel, payload in heard(ear) if channel == bulletins.CHANNEL]
    assert len(told) == 3
    assert sum(len(payload.split(",")) for payload in told) == 1_000
