"""A delivery's call happens between two transactions, never within one."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from makegood.ground.waiting import Delivery, treat_all_waiting, treat_waiting

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
