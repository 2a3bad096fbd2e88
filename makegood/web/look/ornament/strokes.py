"""The pen: believable cracks, and how a run of points becomes SVG path data."""

import math
import random
from collections.abc import Iterable, Sequence

Point = tuple[float, float]

EASE = 0.34
"""How far before a corner a line starts to bend: corners are eased, not rounded away."""

TENSION = 0.31
"""Half of a Catmull-Rom spline's usual pull: bends, but keeps the snap of a crack."""


def number(value: float) -> str:
    """A coordinate with at most two decimals, written as short as it can be."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def pair(point: Point) -> str:
    """A point as path data."""
    return f"{number(point[0])} {number(point[1])}"


def polyline(points: Iterable[Point]) -> str:
    """Straight runs through all points."""
    return "M" + "L".join(pair(point) for point in points)


def eased(points: Sequence[Point], ease: float = EASE) -> str:
    """Straight runs whose corners are eased, as lacquer settles in a bend."""
    parts = [f"M{pair(points[0])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        into = between(corner, before, ease)
        out_of = between(corner, after, ease)
        parts.append(f"L{pair(into)}Q{pair(corner)} {pair(out_of)}")
    parts.append(f"L{pair(points[-1])}")
    return "".join(parts)


def between(start: Point, end: Point, share: float) -> Point:
    """The point that lies `share` of the way from start to end."""
    return (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)


def chance(seed: int) -> random.Random:
    """The same luck for the same seed, so a drawing never changes between two requests."""
    return random.Random(seed)  # noqa: S311 (ornament, not secrets)


def crack(
    start: Point, end: Point, *, seed: int, runs: int = 4, wander: float = 4.0
) -> list[Point]:
    """A believable crack from start to end, both included: short runs that wander sideways."""
    luck = chance(seed)
    length = math.dist(start, end) or 1.0
    across = (-(end[1] - start[1]) / length, (end[0] - start[0]) / length)
    points = [start]
    for run in range(1, runs):
        along = between(start, end, (run + luck.uniform(-0.22, 0.22)) / runs)
        aside = luck.uniform(-wander, wander)
        points.append((along[0] + across[0] * aside, along[1] + across[1] * aside))
    return [*points, end]


def smooth(joints: Sequence[Point], per_joint: int = 8) -> list[Point]:
    """Points along a half-tense spline through the joints."""
    guides = [joints[0], *joints, joints[-1]]
    points: list[Point] = []
    for before, start, end, after in zip(guides, guides[1:], guides[2:], guides[3:], strict=False):
        leaving = ((end[0] - before[0]) * TENSION, (end[1] - before[1]) * TENSION)
        arriving = ((after[0] - start[0]) * TENSION, (after[1] - start[1]) * TENSION)
        points.extend(
            _on_spline(start, end, leaving, arriving, step / per_joint) for step in range(per_joint)
        )
    return [*points, joints[-1]]


def _on_spline(start: Point, end: Point, leaving: Point, arriving: Point, t: float) -> Point:
    """Where a cubic Hermite spline is at time t."""
    square, cube = t * t, t * t * t
    weights = (
        2 * cube - 3 * square + 1,
        cube - 2 * square + t,
        3 * square - 2 * cube,
        cube - square,
    )
    sources = (start, leaving, end, arriving)
    x = sum(weight * source[0] for weight, source in zip(weights, sources, strict=True))
    y = sum(weight * source[1] for weight, source in zip(weights, sources, strict=True))
    return (x, y)
