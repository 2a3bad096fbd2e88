"""The stage: scenes in the order of their time, and the lanes doing what falls due in between."""

import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count

from makegood.console.playing import Player

Scene = Callable[[datetime], object]


class Stage:
    """Scenes wait for their moment; a scene may plan others, later ones only."""

    def __init__(self, player: Player) -> None:
        self._player = player
        self._scenes: list[tuple[datetime, int, Scene]] = []
        self._number = count()

    def plan(self, at: datetime, scene: Scene) -> None:
        """Plays `scene` when its time has come."""
        heapq.heappush(self._scenes, (at, next(self._number), scene))

    def play(self, until: datetime) -> None:
        """Plays every scene until that moment, and leaves the others unplayed."""
        while self._scenes and self._scenes[0][0] <= until:
            at, _, scene = heapq.heappop(self._scenes)
            self._player.pass_time(at)
            scene(self._player.now)
            self._player.settle()
        self._player.advance(until)
