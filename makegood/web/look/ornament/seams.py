"""The seam: progress drawn as a crack that fills with gold, one node per state."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from makegood.web.look.ornament.strokes import Point, chance, crack, eased

SWAY = (0, -5, 4, -3, 6, -6, 3, -4, 5, -2, 4, -5, 1, 3)
"""How far the nodes lie above or below the middle, in forty-fourths of the height."""

LINK_SIZE = (28, 100)
LINK_MIDDLE = 14.0


class State(StrEnum):
    """What a node says about its step."""

    MENDED = "mended"
    NOW = "now"
    AHEAD = "ahead"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Node:
    """One state on the seam."""

    at: Point
    radius: float
    state: State


@dataclass(frozen=True, slots=True)
class Course:
    """Where a seam runs. `reach` is how far gold runs past the last mended node: up to 1 it nears
    the node that is now, up to 2 the one after it."""

    width: float = 1200
    height: float = 44
    pad: float = 10
    node: float = 5
    reach: float = 0.45
    seed: int = 0
    stops: Sequence[float] | None = None


@dataclass(frozen=True, slots=True)
class Seam:
    """Path data of a horizontal seam and its nodes."""

    width: float
    height: float
    crack: str
    spurs: str
    gold: str
    gold_spurs: str
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """Path data of a seam without nodes of its own."""

    crack: str
    spur: str = ""


@dataclass(frozen=True, slots=True)
class MiniSeam:
    """A seam for a table row: how many of all steps are mended."""

    crack: str
    gold: str
    end: Point | None


def horizontal(states: Sequence[State], course: Course = Course()) -> Seam:
    """Lay a seam through one node per state. Refuses an empty list of states."""
    places = node_places(len(states), course)
    starts = [(0.0, course.height / 2), *places]
    runs = [
        _run(start, end, place, course)
        for place, (start, end) in enumerate(zip(starts, places, strict=False))
    ]
    spurs = [_spur(run, place, course) for place, run in enumerate(runs[:-1])] + [""]
    tail = _tail(places[-1], course)
    return Seam(
        width=course.width,
        height=course.height,
        crack="".join(eased(run) for run in runs) + tail,
        spurs="".join(spurs),
        gold="".join(_gold(run, place, states, course.reach) for place, run in enumerate(runs)),
        gold_spurs="".join(
            spur for spur, state in zip(spurs, states, strict=True) if state is State.MENDED
        ),
        nodes=tuple(
            Node(at, _radius(state, course.node), state)
            for at, state in zip(places, states, strict=True)
        ),
    )


def node_places(count: int, course: Course) -> list[Point]:
    """Where the nodes lie: evenly, or at the course's stops, swaying around the middle."""
    if count < 1:
        raise ValueError("a seam needs at least one state")
    if course.stops is not None and len(course.stops) != count:
        raise ValueError("a seam needs one stop per state")
    gap = (course.width - 2 * course.pad) / (count - 1) if count > 1 else 0.0
    xs = course.stops or [course.pad + gap * place for place in range(count)]
    step = 1 + course.seed % 3
    return [
        (x, course.height * (0.5 + SWAY[(place * step + course.seed) % len(SWAY)] / 44))
        for place, x in enumerate(xs)
    ]


def _run(start: Point, end: Point, place: int, course: Course) -> list[Point]:
    runs = max(2, int(abs(end[0] - start[0]) // 18))
    wander = 2.6 * course.height / 44
    points = crack(start, end, seed=17 + place + course.seed * 31, runs=runs, wander=wander)
    return [_inside(point, course) for point in points]


def _spur(run: Sequence[Point], place: int, course: Course) -> str:
    """A short side crack leaving the middle of a run, on some runs only."""
    luck = chance(91 + place + course.seed * 7)
    if luck.random() >= 0.62:
        return ""
    root = run[(len(run) - 1) // 2 + 1]
    side = -1 if place % 2 else 1
    tip = (
        root[0] + luck.uniform(6, 14),
        root[1] + side * luck.uniform(0.24, 0.4) * course.height,
    )
    points = crack(root, _inside(tip, course), seed=7 + place, runs=2, wander=1.5)
    return eased([_inside(point, course) for point in points])


def _inside(point: Point, course: Course) -> Point:
    """Ornament never leaves its drawing."""
    return (
        min(max(point[0], 0.0), float(course.width)),
        min(max(point[1], 0.0), float(course.height)),
    )


def _tail(last: Point, course: Course) -> str:
    if course.width - last[0] <= 2:
        return ""
    return eased([last, (course.width, course.height / 2)])


def _gold(run: Sequence[Point], place: int, states: Sequence[State], reach: float) -> str:
    """The gold on the run that leads to a node: all of it, the beginning of it, or none."""
    before = states[place - 1] if place else None
    joints = len(run) - 1
    if states[place] is State.MENDED:
        filled = joints
    elif states[place] in (State.NOW, State.LATE) and before is State.MENDED:
        filled = max(1, int(joints * min(1.0, reach)))
    elif before is State.NOW and reach > 1:
        filled = max(1, int(joints * min(1.0, reach - 1)))
    else:
        return ""
    return eased(run[: filled + 1])


def _radius(state: State, node: float) -> float:
    match state:
        case State.MENDED:
            return node
        case State.NOW | State.LATE:
            return node + 1.5
        case State.AHEAD:
            return node - 1.5


def vertical(index: int) -> Line:
    """One link of a seam beside a list, 28 x 100, stretched to its row by CSS. It always enters and
    leaves in the middle, so any two links join."""
    top, bottom = (LINK_MIDDLE, 0.0), (LINK_MIDDLE, float(LINK_SIZE[1]))
    points = crack(top, bottom, seed=300 + index, runs=5, wander=3.2)
    if index % 3 == 0:
        return Line(crack=eased(points))
    luck = chance(index)
    side = 1 if index % 2 else -1
    root = points[2]
    tip = (root[0] + side * luck.uniform(4, 8), root[1] + luck.uniform(6, 12))
    return Line(crack=eased(points), spur=eased([root, tip]))


def mini(done: int, total: int, *, width: float, height: float) -> MiniSeam:
    """A thin seam with `done` of `total` steps mended."""
    runs: list[str] = []
    at: Point = (1.0, height / 2)
    end: Point | None = None
    for place in range(total):
        sway = SWAY[(place * 5 + 1) % 12] * 0.36
        target = (1 + (width - 4) * (place + 1) / total, height / 2 + sway)
        runs.append(eased(crack(at, target, seed=40 + place, runs=2, wander=1.2)))
        at = target
        end = target if place + 1 == done else end
    return MiniSeam(crack="".join(runs), gold="".join(runs[:done]), end=end)


def bar(*, width: float, height: float, seed: int) -> Line:
    """A mended stretch without nodes, for tracks and gift cards."""
    runs = max(4, int(width // 26))
    points = crack((0.0, height / 2), (width, height / 2), seed=seed, runs=runs, wander=2.2)
    return Line(crack=eased(points))
