"""What guests and hosts tried and what they were promised, to be held against the rows."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple
from uuid import UUID

import msgspec


class Press(msgspec.Struct):
    """A press under a guest's own key; `signal_id` is what they were promised, if anything."""

    touchpoint_id: UUID
    signal_id: UUID | None = None


class Tap(msgspec.Struct):
    """A tap on "give": minor units for so many things; `given` once the host was told so."""

    host_id: UUID
    minor: int
    things: int
    given: bool = False


class Word(NamedTuple):
    """What somebody said on a wrist pager."""

    device: UUID
    page: str
    round: int
    kind: str


class Diary:
    """Everybody's, by their own keys; also who waits for an answer of which process right now."""

    def __init__(self) -> None:
        self.presses: dict[str, Press] = {}
        self.taps: dict[str, Tap] = {}
        self.addresses: dict[str, bool] = {}  # whether the guest was told that it is kept
        self.hardware: dict[str, bool] = {}  # whether the press of a button was acknowledged
        self.words: dict[Word, bool] = {}  # whether it was acknowledged
        self.rung: Counter[tuple[UUID, str, int]] = Counter()  # on a wrist: device, page, round
        self.repeats: Counter[str] = Counter()
        self.waiting_for: Counter[str] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def asking(self, process: str) -> Iterator[None]:
        """Within, somebody waits for an answer of `process`."""
        self._count(self.waiting_for, process, 1)
        try:
            yield
        finally:
            self._count(self.waiting_for, process, -1)

    def again(self, process: str) -> None:
        """Somebody got no answer and tries again."""
        self._count(self.repeats, process, 1)

    def _count(self, counter: Counter[str], process: str, by: int) -> None:
        with self._lock:
            counter[process] += by
