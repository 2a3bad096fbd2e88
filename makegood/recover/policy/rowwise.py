"""Which line of one list is which line of another. Pure."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Generic, TypeVar

R = TypeVar("R")


@dataclass(frozen=True)
class Pair(Generic[R]):
    """A line before and after; one of them is None where it is new or gone.

    `was` and `place` count from 0. `moved`: it stands elsewhere among the lines that stayed.
    """

    before: R | None
    after: R | None
    was: int
    place: int
    moved: bool = False


def paired(
    before: Sequence[R], after: Sequence[R], identity: Callable[[R], str]
) -> Iterator[Pair[R]]:
    """Pairs lines of the same identity; of the rest, those in the same place of what is left.

    In the order of `after`; what is gone comes where it was, before what stands there now.
    """
    old, new = _named(before, identity), _named(after, identity)
    partner = {new[name]: old[name] for name in new if name in old}
    left = [place for name, place in old.items() if name not in new]
    fresh = [place for name, place in new.items() if name not in old]
    gone = []
    for was, place in zip_longest(left, fresh):
        if place is None:
            gone.append(was)
        elif was is not None:
            partner[place] = was
    steady = _longest_rise([partner[place] for place in sorted(partner)])
    for place in range(max(len(before), len(after))):
        if place in gone:
            yield Pair(before[place], None, place, place)
        if place < len(after):
            was = partner.get(place)
            if was is None:
                yield Pair(None, after[place], place, place)
            else:
                moved = was not in steady and was != place
                yield Pair(before[was], after[place], was, place, moved)


def _named(rows: Sequence[R], identity: Callable[[R], str]) -> dict[tuple[str, int], int]:
    seen: Counter[str] = Counter()
    named = {}
    for place, row in enumerate(rows):
        name = identity(row)
        named[name, seen[name]] = place
        seen[name] += 1
    return named


def _longest_rise(places: Iterable[int]) -> set[int]:
    """The longest run of places that rises: what stayed in order."""
    ends: list[int] = []
    chains: list[tuple[int, ...]] = []
    for place in places:
        at = bisect_left(ends, place)
        chain = (*(chains[at - 1] if at else ()), place)
        ends[at : at + 1] = [place]
        chains[at : at + 1] = [chain]
    return set(chains[-1]) if chains else set()
