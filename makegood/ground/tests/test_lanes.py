"""A lane wakes at a call, at a due time, and by itself when a call was lost."""

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError, connection, connections

from makegood.ground import lanes, wakeup
from makegood.ground.lanes import Lane, run_lane
from makegood.ground.waiting import Work

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 20.0  # seconds until a test that waits for a thread gives up
Starter = Callable[[Work], None]


class Box:
    """A row put in waits until a lane takes it out."""

    def __init__(self) -> None:
        self.rows: list[Any] = []
        self.taken = threading.Semaphore(0)
        self.looked = threading.Semaphore(0)
        self.breaks: list[Exception] = []
        self.due: datetime | None = None

    def work(self) -> Work:
        return Work(
            name="test.box",
            claim=self.claim,
            treat=lambda rows, now: self.taken.release(len(rows)),
            failed=lambda row, error, now: None,
            next_due=lambda now: self.due,
        )

    def claim(self, now: datetime, limit: int) -> Sequence[Any]:
        self.looked.release()
        if self.breaks:
            raise self.breaks.pop()
        if self.due and self.due > now:
            return []
        rows, self.rows = self.rows, []
        return rows

    def put(self) -> None:
        self.rows.append(SimpleNamespace(pk=1))


@pytest.fixture
def start() -> Iterator[Starter]:
    stop = threading.Event()
    threads: list[threading.Thread] = []

    def run(lane: Lane) -> None:
        try:
            run_lane(lane, stop)
        finally:
            connections.close_all()

    def starter(work: Work) -> None:
        thread = threading.Thread(target=run, args=(Lane("test", [work]),))
        threads.append(thread)
        thread.start()

    yield starter
    stop.set()
    with connection.cursor() as cursor:
        cursor.execute(f"notify {wakeup.LANE_CHANNEL}, 'test'")
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive()


def test_a_call_wakes_the_lane(start: Starter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "SWEEP_EVERY", timedelta(seconds=PATIENCE * 2))
    box = Box()
    start(box.work())
    assert box.looked.acquire(timeout=PATIENCE)
    box.put()
    wakeup.wake("test")
    assert box.taken.acquire(timeout=PATIENCE)


def test_a_row_whose_call_was_lost_is_found_by_the_sweep(start: Starter) -> None:
    box = Box()
    start(box.work())
    assert box.looked.acquire(timeout=PATIENCE)
    box.put()
    assert box.taken.acquire(timeout=PATIENCE)


def test_a_due_time_wakes_the_lane(start: Starter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "SWEEP_EVERY", timedelta(seconds=PATIENCE * 2))
    box = Box()
    box.due = datetime.now(UTC) + timedelta(milliseconds=300)
    box.put()
    start(box.work())
    assert box.taken.acquire(timeout=PATIENCE)


def test_a_lane_outlives_a_database_that_goes_away(start: Starter) -> None:
    box = Box()
    box.breaks = [OperationalError("the server closed the connection")] * 2
    start(box.work())
    box.put()
    assert box.taken.acquire(timeout=PATIENCE)


def test_a_call_that_comes_while_the_lane_looks_is_heard_after(
    start: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "SWEEP_EVERY", timedelta(seconds=PATIENCE * 2))
    box, called = Box(), threading.Event()
    look = box.claim

    def look_slowly(now: datetime, limit: int) -> Sequence[Any]:
        found = look(now, limit)
        called.wait(PATIENCE)
        return found

    monkeypatch.setattr(box, "claim", look_slowly)
    start(box.work())
    assert box.looked.acquire(timeout=PATIENCE)
    box.put()
    wakeup.wake("test")
    called.set()
    assert box.taken.acquire(timeout=PATIENCE)


def test_calls_for_other_lanes_neither_wake_a_lane_nor_keep_it_waiting(
    start: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "SWEEP_EVERY", timedelta(seconds=1))
    box = Box()
    start(box.work())
    assert box.looked.acquire(timeout=PATIENCE)
    calls = 0
    while not box.looked.acquire(timeout=0.02):
        wakeup.wake("another")
        calls += 1
        assert calls < PATIENCE / 0.02
    assert calls > 5
