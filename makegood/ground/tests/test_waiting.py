"""Waiting rows are treated in batches; one that breaks never takes the others with it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, connection

from makegood.ground.models import Bulletin
from makegood.ground.waiting import Work, treat_all_waiting, treat_waiting
from makegood.people.models import Organisation

pytestmark = pytest.mark.django_db


class Desk:
    """Rows 1 to n wait; treating one leaves a bulletin, so that a rollback can be seen."""

    def __init__(self, house: Organisation, count: int, broken: Collection[int] = ()) -> None:
        self.house = house
        self.waiting = list(range(1, count + 1))
        self.broken = broken
        self.put_off: list[int] = []

    def work(self, batch: int = 50) -> Work:
        return Work(
            name="test.rows", claim=self.claim, treat=self.treat, failed=self.failed, batch=batch
        )

    def claim(self, now: datetime, limit: int) -> Sequence[Any]:
        done = {int(topic) for topic in Bulletin.objects.values_list("topic", flat=True)}
        open_rows = [row for row in self.waiting if row not in done | set(self.put_off)]
        return [SimpleNamespace(pk=row) for row in open_rows[:limit]]

    def treat(self, rows: Sequence[Any], now: datetime) -> None:
        for row in rows:
            Bulletin.objects.create(organisation_id=self.house.pk, topic=str(row.pk), at=now)
            if row.pk in self.broken:
                connection.cursor().execute("select 1/0")

    def failed(self, row: Any, error: Exception, now: datetime) -> None:
        assert isinstance(error, DatabaseError)
        self.put_off.append(row.pk)


def treated() -> list[int]:
    return sorted(int(topic) for topic in Bulletin.objects.values_list("topic", flat=True))


def test_a_batch_is_no_larger_than_it_says(fairline: Organisation, now: datetime) -> None:
    desk = Desk(fairline, 5)
    assert treat_waiting(desk.work(batch=2), now=now) == 2
    assert treat_all_waiting(desk.work(batch=2), now=now) == 3
    assert treated() == [1, 2, 3, 4, 5]


def test_a_row_that_breaks_is_put_off_alone(fairline: Organisation, now: datetime) -> None:
    desk = Desk(fairline, 6, broken={3})
    treat_all_waiting(desk.work(), now=now)
    assert treated() == [1, 2, 4, 5, 6]
    assert desk.put_off == [3]
