"""Whom we reached before they left, and how fast: counts, shares with their doubt, medians. Pure.

By site, by hour and by what rang; never by person: this shows whether the house reaches people, not
who is quick.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import median, quantiles
from typing import Final, TypeVar
from uuid import UUID

Key = TypeVar("Key", bound=Hashable)

Z: Final = 1.959964  # of a 95 % interval
FEW: Final = 30  # fewer than this are said to be few
ENOUGH_FOR_A_SPREAD: Final = 4


@dataclass(frozen=True)
class Visit:
    """Somebody was asked to go to a customer.

    `hour`: of the day at the site when it happened. `channel`: what rang for whoever went, empty
    where nobody was rung and went. `seconds` from press to face, None: nobody came.
    `in_time`: before the threshold; None where there was none, or it is still ahead.
    """

    site_id: UUID
    hour: int
    channel: str
    seconds: float | None
    in_time: bool | None


@dataclass(frozen=True)
class Share:
    """So many of so many, with the 95 % interval after Wilson, which is honest for few."""

    hits: int
    of: int

    @property
    def percent(self) -> int:
        """In per cent; of none: 0."""
        return round(100 * self.hits / self.of) if self.of else 0

    @property
    def low(self) -> int:
        """The lower end in per cent."""
        return self._ends()[0]

    @property
    def high(self) -> int:
        """The upper end in per cent."""
        return self._ends()[1]

    @property
    def is_few(self) -> bool:
        """Whether there are too few to say more than the interval."""
        return self.of < FEW

    def _ends(self) -> tuple[int, int]:
        low, high = wilson(self.hits, self.of)
        return round(100 * low), round(100 * high)


@dataclass(frozen=True)
class Summary:
    """What is to say about some visits. Spans in seconds, None where nobody was reached."""

    asked: int
    reached: Share
    median: float | None
    middle: tuple[float, float] | None  # half lie between these
    faces: int  # how many both speak of


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share; of none it may be anything."""
    if not of:
        return 0.0, 1.0
    share, z2 = hits / of, Z * Z
    middle = share + z2 / (2 * of)
    half = Z * sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    below, above = (middle - half) / (1 + z2 / of), (middle + half) / (1 + z2 / of)
    return max(0.0, min(below, share)), min(1.0, max(above, share))


def summarise(visits: Iterable[Visit]) -> Summary:
    """All of them together."""
    all_of_them = list(visits)
    known = [one.in_time for one in all_of_them if one.in_time is not None]
    spans = [one.seconds for one in all_of_them if one.seconds is not None]
    return Summary(
        asked=len(all_of_them),
        reached=Share(sum(known), len(known)),
        median=median(spans) if spans else None,
        middle=_middle(spans),
        faces=len(spans),
    )


def by(visits: Iterable[Visit], key: Callable[[Visit], Key]) -> dict[Key, Summary]:
    """The same for each group; a group with nothing in it is not there."""
    groups: dict[Key, list[Visit]] = {}
    for visit in visits:
        groups.setdefault(key(visit), []).append(visit)
    return {name: summarise(group) for name, group in groups.items()}


def _middle(spans: Sequence[float]) -> tuple[float, float] | None:
    if len(spans) < ENOUGH_FOR_A_SPREAD:
        return None
    first, _, third = quantiles(spans, n=4, method="inclusive")
    return first, third
