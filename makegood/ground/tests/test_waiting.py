"""Waiting rows are treated in batches; one that breaks never takes the others with it."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError, connection
from psycopg.errors import LockNotAvailable

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
        self.batches: list[int] = []
        self.stands_in_the_way_of: int | None = None  # batches of this size or more

    def work(self, batch: int = 50) -> Work:
        return Work(
            name="test.rows", claim=self.claim, treat=self.treat, failed=self.failed, batch=batch
        )

    def claim(self, now: datetime, limit: int) -> Sequence[Any]:
        done = {int(topic) for topic in Bulletin.objects.values_list("topic", flat=True)}
        open_rows = [row for row in self.waiting if row not in done | set(self.put_off)]
        return [SimpleNamespace(pk=row) for row in open_rows[:limit]]

    def treat(self, rows: Sequence[Any], now: datetime) -> None:
        self.batches.append(len(rows))
        if self.stands_in_the_way_of and len(rows) >= self.stands_in_the_way_of:
            raise OperationalError from LockNotAvailable()
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


def test_what_breaks_is_found_by_halves(fairline: Organisation, now: datetime) -> None:
    desk = Desk(fairline, 8, broken={3})
    assert treat_waiting(desk.work(), now=now) == 8
    assert desk.batches == [8, 4, 2, 2, 1, 1, 4]
    assert treated() == [1, 2, 4, 5, 6, 7, 8]
    assert desk.put_off == [3]


def test_a_batch_that_gives_way_goes_on_in_smaller_ones(
    fairline: Organisation, now: datetime
) -> None:
    desk = Desk(fairline, 7)
    desk.stands_in_the_way_of = 3
    assert treat_waiting(desk.work(), now=now) == 7
    assert desk.batches == [7, 3, 1, 2, 4, 2, 2]
    assert treated() == [1, 2, 3, 4, 5, 6, 7]
    assert desk.put_off == []


def test_a_row_alone_that_gave_way_is_treated_again(fairline: Organisation, now: datetime) -> None:
    desk = Desk(fairline, 1, broken={1})
    assert treat_waiting(desk.work(), now=now) == 1
    assert desk.batches == [1, 1]
    assert desk.put_off == [1]


def test_a_claim_that_breaks_is_told(fairline: Organisation, now: datetime) -> None:
    def claim(now: datetime, limit: int) -> Sequence[Any]:
        raise OperationalError("the table is gone")

    work = replace(Desk(fairline, 1).work(), claim=claim)
    with pytest.raises(OperationalError):
        treat_waiting(work, now=now)
