"""Strikes the house's processes at random points of their work, until each was struck enough."""

import random
import time
from collections import Counter

from tests.endurance.crowd import Crowd
from tests.endurance.standing_house import PARTS, StandingHouse

IN_THE_MIDDLE = 0.6  # so many strikes wait until the victim is in the middle of something
LULL = (0.05, 0.8)  # seconds in which the house works undisturbed
LONGEST_WAIT = 2.0
GLANCE = 0.001
ANSWERS = {"gateway": "gateway", "web": "web", "views": "web"}  # whose answer people wait for


class Storm:
    """One storm; `struck` counts all strikes, `in_the_middle` those that hit work under way."""

    def __init__(self, house: StandingHouse, crowd: Crowd, *, seed: int, kills: int) -> None:
        self._house = house
        self._crowd = crowd
        self._chance = random.Random(seed)
        self._kills = kills
        self.struck: Counter[str] = Counter()
        self.in_the_middle: Counter[str] = Counter()
        self.lasted = 0.0

    def rage(self) -> None:
        """Strikes gateway, web, worker and tick `kills` times each, and PostgreSQL now and then."""
        began = time.monotonic()
        for blow in self._blows():
            time.sleep(self._chance.uniform(*LULL))
            self._await_middle(blow)
            self.in_the_middle[blow] += self._is_in_the_middle(blow)
            self._strike(blow)
            self.struck[blow] += 1
            self._house.check()
            self._crowd.check()
        self.lasted = time.monotonic() - began

    def _blows(self) -> list[str]:
        half, few = self._kills // 2, -(-self._kills // 5)
        blows = dict.fromkeys(PARTS, self._kills)
        blows |= {"web": self._kills - half, "views": half}
        blows |= {"postgres": few, "connection": few}
        order = [blow for blow, count in blows.items() for _ in range(count)]
        self._chance.shuffle(order)
        return order

    def _await_middle(self, blow: str) -> None:
        if self._chance.random() > IN_THE_MIDDLE:
            return
        end = time.monotonic() + LONGEST_WAIT
        while not self._is_in_the_middle(blow) and time.monotonic() < end:
            time.sleep(GLANCE)

    def _is_in_the_middle(self, blow: str) -> bool:
        """Of a transaction or, for what answers people, of an answer."""
        waiting_for = self._crowd.diary.waiting_for
        if blow in ANSWERS:
            return waiting_for[ANSWERS[blow]] > 0
        return bool(self._house.at_work(*([blow] if blow in PARTS else PARTS)))

    def _strike(self, blow: str) -> None:
        house = self._house
        if blow == "postgres":
            house.strike_postgres()
        elif blow == "connection":
            house.strike_connection()
        elif blow == "views":
            house.strike_views()
            house.start_again("web")
        else:
            house.strike(blow)
            house.start_again(blow)
