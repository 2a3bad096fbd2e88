"""What staff and customers are like, case by case: drawn from the seed and the key of the press.

Nothing here depends on when or how often it is asked, so that a storm does not change who keeps
their promises.
"""

import random
from datetime import timedelta

KEEN, LATE, SLOPPY, GIVES_UP, NEVER = "keen", "late", "sloppy", "gives up", "never"
STAFF = {KEEN: 0.42, LATE: 0.18, SLOPPY: 0.12, GIVES_UP: 0.23, NEVER: 0.05}
EARLIEST = timedelta(days=3)  # nobody does a step longer before it is due

LEAVES_AN_ADDRESS, TAKES_IT_BACK, PRESSES_AGAIN = 0.4, 0.04, 0.1
ANSWERS, CONFIRMS, IS_NOT_CONTENT = 0.5, 0.5, 0.1
CLOSES_HONESTLY, OPENS_AGAIN = 0.8, 0.1


class Temper:
    """The people of one case."""

    def __init__(self, seed: int, key: str) -> None:
        self._seed = f"{seed}/{key}"
        self.staff = self._draw("staff").choices([*STAFF], weights=[*STAFF.values()])[0]

    @property
    def leaves_an_address(self) -> bool:
        """Whether the customer says where to write to."""
        return self._draw("address").random() < LEAVES_AN_ADDRESS

    @property
    def takes_it_back(self) -> bool:
        """Whether the customer cancels a moment later."""
        return self._draw("back").random() < TAKES_IT_BACK

    @property
    def presses_again(self) -> bool:
        """Whether the button is pressed twice in a row."""
        return self._draw("again").random() < PRESSES_AGAIN

    def does(self, kind: str) -> tuple[str, timedelta] | None:
        """What staff make of a step, and how long after it is due; None: they forget it."""
        chance = self._draw(kind)
        roll = chance.random()
        if self.staff in (KEEN, GIVES_UP):
            return ("skip" if roll < 0.1 else "finish", _days(chance, -2.8, -0.1))
        if self.staff == LATE:
            return ("finish", _days(chance, -1, 9))
        if self.staff == SLOPPY and roll < 0.8:
            return ("skip" if roll < 0.5 else "finish", _days(chance, -1, 20))
        return None

    def gives_up_after(self) -> timedelta | None:
        """How long after the opening a manager closes the case as lost."""
        chance = self._draw("gives up")
        if self.staff == GIVES_UP:
            return _days(chance, 2, 30)
        if self.staff == NEVER and chance.random() < CLOSES_HONESTLY:
            return _days(chance, 30, 120)
        return None

    def opens_again_after(self) -> timedelta | None:
        """How long after that somebody sees that it was not over."""
        chance = self._draw("opens again")
        return _days(chance, 1, 20) if chance.random() < OPENS_AGAIN else None

    def answers_after(self) -> tuple[int, timedelta] | None:
        """How the customer rates us when asked, and when; None: never."""
        chance = self._draw("answers")
        if chance.random() > ANSWERS:
            return None
        return chance.choice((4, 4, 5, 5, 5)), _days(chance, 0.2, 8)

    def says_after(self) -> tuple[str, timedelta] | None:
        """What the customer says on the promise page once asked, and when; None: never."""
        chance = self._draw("says")
        roll = chance.random()
        if roll < CONFIRMS:
            return "confirms", _days(chance, 0.2, 20)
        if roll < CONFIRMS + IS_NOT_CONTENT:
            return "is not content", _days(chance, 0.2, 20)
        return None

    def closes_after(self) -> timedelta | None:
        """How long after it was asked in vain a manager closes the case as lost."""
        chance = self._draw("closes")
        return _days(chance, 15, 45) if chance.random() < CLOSES_HONESTLY else None

    def _draw(self, what: str) -> random.Random:
        return random.Random(f"{self._seed}/{what}")


def _days(chance: random.Random, low: float, high: float) -> timedelta:
    return timedelta(days=chance.uniform(low, high))
