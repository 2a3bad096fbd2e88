"""Lives through the year: the clock moves on in strides, people act, processes are struck dead.

At the end of a stride the house comes to rest: nothing that is due waits any more. These moments
are what the oracle holds the rows against: what had fallen due before one must have been done.
"""

import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from tests.endurance.aftermath import unsettled
from tests.endurance.year.house import POLICIES, YearHouse
from tests.endurance.year.town import Press, Stretch, Town

YEAR = timedelta(days=365)
STRIDE = (24, 64)  # hours
PUBLISHED = {0.35: "2.yaml", 0.65: "3.yaml"}  # how far the year has come
NO_TICK = ((0.22, 0.235), (0.71, 0.73))  # stretches of the year in which every tick lies dead
TICKS = ("tick", "tock")
IN_THE_MIDDLE = 0.7  # so many strikes wait until the victim is in the middle of something
LONGEST_WAIT = 3.0
RESTS_WITHIN = 300.0
GLANCE = 0.002
OFFSET_GOOD_FOR = 1.05  # seconds for which processes need not look whether the clock was moved
SET_CLOCK = """
insert into ground_clock (id, ahead_by) values (1, %s::timestamptz - clock_timestamp())
on conflict (id) do update set ahead_by = excluded.ahead_by returning ahead_by
"""


class Year:
    """One year. `rests` are the moments at which nothing due was left undone."""

    def __init__(self, house: YearHouse, town: Town, *, seed: int, cases: int, kills: int) -> None:
        self._house, self._town, self._cases = house, town, cases
        self._chance = random.Random(seed)
        self._blows = self._drawn(kills)
        self._publications = sorted(PUBLISHED.items())
        self._alive = True
        self._all_know_at = 0.0
        self.presses: dict[str, Press] = {}
        self.published: list[tuple[datetime, str]] = []
        self.rests: list[datetime] = []
        self.did: Counter[str] = Counter()
        self.struck: Counter[str] = Counter()
        self.in_the_middle: Counter[str] = Counter()
        self.strides = 0
        self.lasted = 0.0

    def pass_by(self) -> None:
        """Lives through it, to its last rest."""
        began = time.monotonic()
        self._note_publication("1.yaml")
        for moment, gone in self._strides():
            self._move_clock(moment)
            self._house.tell(self._stretches(gone))
            self._strike(gone)
            self._hear()
            self._house.check()
            if self._ticks_live(gone):
                self._rest()
                self._publish(gone)
            self.strides += 1
        self.lasted = time.monotonic() - began

    @property
    def now(self) -> datetime:
        """The house's time."""
        now: datetime = self._house.view.one("select makegood_now()")
        return now

    def _move_clock(self, moment: datetime) -> None:
        self._house.view.rows(SET_CLOCK, moment)
        self._all_know_at = time.monotonic() + OFFSET_GOOD_FOR

    def _strides(self) -> Iterator[tuple[datetime, float]]:
        """Moments to move on to, and how much of the year is gone then."""
        begins = moment = self.now
        while moment < begins + YEAR:
            stride = timedelta(hours=self._chance.uniform(*STRIDE))
            moment = min(moment + stride, begins + YEAR)
            yield moment, (moment - begins) / YEAR

    def _stretches(self, gone: float) -> list[Stretch]:
        """So many presses as the year has come on, each of another button."""
        due = round(self._cases * gone) - len(self.presses)
        stretches = [Stretch() for _ in self._town.places]
        fresh = {
            number: iter(self._chance.sample(place.tables, len(place.tables)))
            for number, place in enumerate(self._town.places)
        }
        for _ in range(due):
            number = self._chance.randrange(len(stretches))
            press = Press(f"year-{len(self.presses):05}", next(fresh[number]))
            self.presses[press.key] = press
            stretches[number].presses.append(press)
        return stretches

    def _drawn(self, kills: int) -> list[tuple[float, str]]:
        blows = dict.fromkeys(("worker", *TICKS), kills) | {"postgres": -(-kills // 5)}
        drawn = [
            (self._chance.uniform(0.02, 0.98), name) for name in blows for _ in range(blows[name])
        ]
        return sorted(drawn, reverse=True)

    def _strike(self, gone: float) -> None:
        while self._blows and self._blows[-1][0] <= gone:
            _, name = self._blows.pop()
            if name in TICKS and not self._alive:
                continue
            time.sleep(self._chance.uniform(0, 0.5))
            self._await_middle(name)
            self.in_the_middle[name] += bool(self._house.at_work(*self._parts(name)))
            if name == "postgres":
                self._house.strike_postgres()
            else:
                self._house.strike(name)
                self._house.start_again(name)
            self.struck[name] += 1

    def _await_middle(self, name: str) -> None:
        if self._chance.random() > IN_THE_MIDDLE:
            return
        end = time.monotonic() + LONGEST_WAIT
        while not self._house.at_work(*self._parts(name)) and time.monotonic() < end:
            time.sleep(GLANCE)

    def _parts(self, name: str) -> tuple[str, ...]:
        return ("worker", *TICKS) if name == "postgres" else (name,)

    def _ticks_live(self, gone: float) -> bool:
        """Whether a tick runs from here on; kills or starts all of them when that changes."""
        alive = not any(low <= gone < high for low, high in NO_TICK)
        if alive != self._alive:
            for name in TICKS:
                (self._house.start_again if alive else self._house.strike)(name)
            self.struck["tick and tock at once"] += not alive
            self._alive = alive
        return alive

    def _hear(self) -> None:
        for lived in self._house.hear():
            self.did.update(lived.did)

    def _rest(self) -> None:
        """Waits until nothing is due; then notes the moment from which that is certain."""
        time.sleep(max(0, self._all_know_at - time.monotonic()))
        for lane in ("urgent", "tick", "ordinary"):
            self._house.view.rows("select pg_notify('makegood_lane', %s)::text", lane)
        moment = self.now

        end = time.monotonic() + RESTS_WITHIN
        while still := unsettled(self._house.view):
            assert time.monotonic() < end, f"no rest: {still}\n{self._house.last_words()}"
            time.sleep(0.05)
            moment = self.now
        self.rests.append(moment)

    def _publish(self, gone: float) -> None:
        while self._publications and self._publications[0][0] <= gone:
            _, name = self._publications.pop(0)
            others = [Stretch() for _ in self._town.places[1:]]
            self._house.tell([Stretch(policy=str(POLICIES / name)), *others])
            self._hear()
            self._note_publication(name)

    def _note_publication(self, name: str) -> None:
        self.published.append((self.now, (POLICIES / name).read_text("utf-8")))
