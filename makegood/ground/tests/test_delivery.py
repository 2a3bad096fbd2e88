"""A delivery's call happens between two transactions, never within one."""

from collections.abc import Callable
from datetime import datetime
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from makegood.ground.delivering import Delivery
from makegood.ground.waiting import Work, treat_all_waiting, treat_round, treat_waiting
from tests.patience import PATIENCE

pytestmark = pytest.mark.django_db(transaction=True)


class Post:
    """Two parcels, and what was done to them in and out of transactions."""

    def __init__(self) -> None:
        self.waiting = [SimpleNamespace(pk=1), SimpleNamespace(pk=2)]
        self.story: list[tuple[str, Any, bool]] = []
        self.breaks: set[str] = set()

    def delivery(self) -> Delivery:
        return Delivery(
            name="test.parcels",
            claim=self.claim,
            deliver=lambda row, now: self.note("deliver", row.pk),
            settle=lambda row, result, now: self.note("settle", result),
            failed=lambda row, error, now: self.note("failed", str(error)),
        )

    def claim(self, now: datetime) -> Any:
        self.note("claim", len(self.waiting))
        return self.waiting.pop(0) if self.waiting else None

    def note(self, what: str, which: Any) -> str:
        self.story.append((what, which, connection.in_atomic_block))
        if what in self.breaks:
            raise RuntimeError(f"{what} broke")
        return f"result of {which}"


def test_intention_call_and_result_are_three_steps(now: datetime) -> None:
    post = Post()
    assert treat_waiting(post.delivery(), now=now) == 1
    assert post.story == [
        ("claim", 2, True),
        ("deliver", 1, False),
        ("settle", "result of 1", True),
    ]
    assert treat_all_waiting(post.delivery(), now=now) == 1
    assert treat_waiting(post.delivery(), now=now) == 0


@pytest.mark.parametrize("step", ["deliver", "settle"])
def test_what_breaks_is_put_off_and_the_next_is_delivered(now: datetime, step: str) -> None:
    post = Post()
    post.breaks = {step}
    assert treat_all_waiting(post.delivery(), now=now) == 2
    assert [entry for entry in post.story if entry[0] == "failed"] == [
        ("failed", f"{step} broke", True)
    ] * 2


def one_call(name: str, deliver: Callable[[Any, datetime], Any], told: list[str]) -> Delivery:
    """Something that waits for a call, many of which may be under way."""
    waiting = [SimpleNamespace(pk=name)]
    return Delivery(
        name=name,
        claim=lambda now: waiting.pop() if waiting else None,
        deliver=deliver,
        settle=lambda row, result, now: told.append(f"{name}: {result}"),
        failed=lambda row, error, now: told.append(f"{name} broke: {error}"),
        at_once=2,
    )


def test_whoever_hangs_keeps_nothing_else_of_the_lane_waiting(now: datetime) -> None:
    told: list[str] = []
    let_go = Event()
    due: list[SimpleNamespace] = []

    def hang(row: Any, now: datetime) -> str:
        return "went on" if let_go.wait(PATIENCE) else "kept all waiting"

    def call(row: Any, now: datetime) -> str:
        due.append(SimpleNamespace(pk="due meanwhile"))
        return "called"

    def treat(rows: Any, now: datetime) -> None:
        told.extend(row.pk for row in rows)
        due.clear()
        let_go.set()

    work = Work(
        name="test.work",
        claim=lambda now, limit: list(due),
        treat=treat,
        failed=lambda row, error, now: None,
    )
    lane: list[Work | Delivery] = [
        work,
        one_call("slow", hang, told),
        one_call("quick", call, told),
    ]
    assert treat_round(lane, now=now).took == 3
    assert told == ["quick: called", "due meanwhile", "slow: went on"]
