"""Gold laid by hand: an outline whose width wanders a little and thins where it ends."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from makegood.web.look.ornament.strokes import Point, chance, polyline, smooth


@dataclass(frozen=True, slots=True)
class Vein:
    """One line of gold. `laid` is the share already filled, from 0 to 1."""

    joints: Sequence[Point]
    weight: float = 1.0
    thins: bool = False
    swells: bool = False
    laid: float = 1.0


@dataclass(frozen=True, slots=True)
class Gold:
    """Path data of filled gold: its body, and the light on its upper side."""

    body: str
    light: str


def gild(veins: Sequence[Vein], width: float, *, lift: float = 0.22) -> Gold:
    """Lay gold along the veins, then light on the upper side of those wide enough to catch it."""
    body = "".join(
        outline(vein, width * vein.weight, seed=7 + place) for place, vein in enumerate(veins)
    )
    light = "".join(
        outline(_lit_side(vein, width * lift), width * vein.weight * 0.27, seed=50 + place)
        for place, vein in enumerate(veins)
        if vein.weight > 0.7
    )
    return Gold(body=body, light=light)


def outline(vein: Vein, width: float, *, seed: int) -> str:
    """The closed outline of one vein."""
    points, distances = _laid_part(smooth(vein.joints), vein.laid)
    phases = _phases(seed)
    total = distances[-1]
    left: list[Point] = []
    right: list[Point] = []
    for place, (x, y) in enumerate(points):
        before, after = points[max(0, place - 1)], points[min(len(points) - 1, place + 1)]
        run = math.dist(before, after) or 1.0
        half = _width_at(distances[place], total, width, vein, phases) / 2
        aside = (-(after[1] - before[1]) / run * half, (after[0] - before[0]) / run * half)
        left.append((x + aside[0], y + aside[1]))
        right.append((x - aside[0], y - aside[1]))
    return polyline([*left, *reversed(right)]) + "z"


def _lit_side(vein: Vein, lift: float) -> Vein:
    joints = [(x - lift * 0.7, y - lift) for x, y in vein.joints]
    return Vein(joints, thins=vein.thins, laid=vein.laid)


def _phases(seed: int) -> tuple[float, float, float]:
    luck = chance(seed)
    return (luck.uniform(0, 6.28), luck.uniform(0, 6.28), luck.uniform(0, 6.28))


def _laid_part(points: Sequence[Point], laid: float) -> tuple[list[Point], list[float]]:
    """The points reached so far, with their distance from the start."""
    distances = [0.0]
    for before, after in pairwise(points):
        distances.append(distances[-1] + math.dist(before, after))
    reached = sum(distance <= distances[-1] * laid for distance in distances)
    return list(points[:reached]), distances[:reached]


def _width_at(
    distance: float, total: float, width: float, vein: Vein, phases: tuple[float, float, float]
) -> float:
    """How wide the gold is at this distance: three slow waves, then how it begins and ends."""
    travelled, left = distance / width, total - distance
    wander = (
        0.20 * math.sin(travelled * 0.23 + phases[0])
        + 0.13 * math.sin(travelled * 0.61 + phases[1])
        + 0.07 * math.sin(travelled * 1.3 + phases[2])
    )
    result = width * (1 + wander)
    if vein.thins:
        result *= max(0.18, min(1.0, left / (width * 9) + 0.18))
    if vein.swells:
        result *= 1 + 0.55 * max(0.0, 1 - distance / (width * 4))
    if vein.laid < 1:
        result *= max(0.3, min(1.0, left / (width * 3) + 0.3))
    return result
