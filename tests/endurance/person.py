"""Somebody with a browser who tries again until they are answered."""

import random
import threading
from collections.abc import Iterator
from typing import Any

import httpx

from tests.endurance.diary import Diary

PATIENCE = 15.0
AGAIN_AFTER = (0.02, 0.3)
NOT_NOW = (429, 500, 502, 503)  # 500 is what a page says when the database dies under it


class Somebody:
    """Who, or what, has a diary and chances until the evening is over."""

    def __init__(self, diary: Diary, over: threading.Event, seed: int) -> None:
        self.diary = diary
        self.chance = random.Random(seed)
        self._over = over

    def moments(self, on_average: float) -> Iterator[None]:
        """Again and again, at random moments, until the evening is over."""
        while not self._over.wait(self.chance.expovariate(1 / on_average)):
            yield


class Person(Somebody):
    """One browser, one diary, one way of being impatient (`chance`)."""

    def __init__(self, url: str, diary: Diary, over: threading.Event, seed: int) -> None:
        super().__init__(diary, over, seed)
        self.browser = httpx.Client(base_url=url, timeout=PATIENCE, trust_env=False)

    def say(
        self, process: str, path: str, *, loses_patience: float = 0.0, **what: Any
    ) -> httpx.Response | None:
        """Posts to what `process` serves, the same again until there is an answer.

        With a chance of `loses_patience` they leave it (None) whenever there is none.
        """
        while True:
            answer = self._try(process, path, what)
            if answer is not None and answer.status_code not in NOT_NOW:
                return answer
            if self.chance.random() < loses_patience:
                return None
            self.diary.again(process)
            self._over.wait(self.chance.uniform(*AGAIN_AFTER))

    def _try(self, process: str, path: str, what: dict[str, Any]) -> httpx.Response | None:
        try:
            with self.diary.asking(process):
                return self.browser.post(path, **what)
        except httpx.TransportError:
            return None
