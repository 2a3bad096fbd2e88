"""Cover for the next hours, from the rota and the opening hours."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import prefetch_related_objects
from django.utils import timezone

from makegood.people import opening
from makegood.people.models import Site
from makegood.people.planning import Planned, plan_of
from makegood.web.floor.cover import Stretch, Window, gaps, shut, without

AHEAD = timedelta(hours=18)
EDGE = 101.0  # a hair beyond the bar, so that none of it shows behind


@dataclass(frozen=True)
class Drawn:
    """A stretch with its place on the bar, in per cent."""

    starts_at: datetime
    ends_at: datetime
    a: float
    b: float

    @property
    def goes_on(self) -> bool:
        """Whether it lasts beyond what is shown."""
        return self.b >= EDGE


@dataclass(frozen=True)
class Line:
    """One person's planned hours: what is drawn is when they are not there."""

    name: str
    away: Sequence[Drawn]


@dataclass(frozen=True)
class Cover:
    """The bar of the site, one for each person planned, and the hours above them."""

    hours: Sequence[tuple[datetime, float]]
    shut: Sequence[Drawn]
    gaps: Sequence[Drawn]
    lines: Sequence[Line]

    @property
    def is_planned(self) -> bool:
        """Whether anybody is; a house without a rota is not told of gaps."""
        return bool(self.lines)


def cover_of(site: Site, *, now: datetime) -> Cover:
    """Who is planned in the hours from `now` (local) on, and where nobody is."""
    window = Window(now, now + AHEAD)
    planned = plan_of(site, window.starts_at, window.ends_at)
    return cover_within(window, planned, open_hours_of(site))


def cover_within(
    window: Window,
    planned: Sequence[Planned],
    is_open: Callable[[datetime], bool],
    *,
    every: int = 4,
) -> Cover:
    """The same for any hours, from what was read already; whoever is away covers nothing."""
    touching = [
        (one.staff.first_name, Stretch(one.starts_at, one.ends_at))
        for one in planned
        if one.staff and one.starts_at < window.ends_at and one.ends_at > window.starts_at
    ]
    covered = [stretch for _, stretch in touching]
    return Cover(
        hours=[(hour, window.position(hour)) for hour in window.hours(every)],
        shut=_drawn(shut(window, is_open), window),
        gaps=_drawn(gaps(window, is_open, covered), window),
        lines=[
            Line(name, _drawn(without(window, theirs), window))
            for name, theirs in _by_name(touching)
        ],
    )


def open_hours_of(site: Site) -> Callable[[datetime], bool]:
    """Whether the site is open at a moment; its hours are read once."""
    prefetch_related_objects([site], "opening_periods", "holidays")
    return lambda moment: opening.is_open(site, moment)


def _by_name(planned: Iterable[tuple[str, Stretch]]) -> list[tuple[str, list[Stretch]]]:
    found: dict[str, list[Stretch]] = {}
    for name, stretch in planned:
        found.setdefault(name, []).append(stretch)
    return list(found.items())


def _drawn(stretches: Iterable[Stretch], window: Window) -> list[Drawn]:
    return [
        Drawn(
            timezone.localtime(stretch.starts_at),
            timezone.localtime(stretch.ends_at),
            window.position(stretch.starts_at),
            _to_the_edge(window.position(stretch.ends_at)),
        )
        for stretch in stretches
    ]


def _to_the_edge(position: float) -> float:
    return EDGE if position >= 100 else position
