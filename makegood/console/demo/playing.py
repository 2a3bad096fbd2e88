"""Plays the Fairline Hotel: eight months ago one mishap, then four months of them, then tonight."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random

from django.db import connection

from makegood.console.demo.house import House, found_house
from makegood.console.demo.mishaps import LONG_AGO, WHOLE, Mishap
from makegood.console.demo.repair import Repair
from makegood.console.demo.stage import Stage
from makegood.console.demo.tonight import TheLastDays, Tonight, as_of
from makegood.console.demo.unsaid import Unsaid
from makegood.console.playing import Player
from makegood.ground import clock

SEED = 14
FOUNDED = timedelta(days=LONG_AGO.days_ago + 9)
LAST_MINUTES = timedelta(minutes=8)  # left for tonight, which is played at the end of the play


def play(seen: Callable[[datetime], None], mishaps: Sequence[Mishap] = WHOLE) -> House:
    """Founds the house in the past and lives through its months until this very minute.

    The same every time, but for the moment it ends at. Nothing is written around the verbs.
    """
    _hurry()
    today = clock.now()
    house = found_house(today - FOUNDED)
    stage = Stage(Player(today - FOUNDED, seen))
    repairs = _plan(house, stage, mishaps, today)
    stage.play(today - LAST_MINUTES)
    ana = repairs[LONG_AGO.who].case.customer
    assert ana, "Ana left her address"
    tonight = clock.now()
    Tonight(house, stage).plan(tonight, ana)
    stage.play(tonight)
    return house


def _plan(
    house: House, stage: Stage, mishaps: Sequence[Mishap], today: datetime
) -> dict[str, Repair]:
    rng = Random(SEED)  # noqa: S311 - a play, not a secret
    local = today.astimezone(house.zone)
    repairs = {}
    for mishap in mishaps:
        repair = Repair(house, stage, as_of(mishap, local), rng)
        repair.plan(today)
        repairs[mishap.who] = repair
    TheLastDays(house, stage).plan(today - LAST_MINUTES, repairs)
    Unsaid(house, stage).plan(today - LAST_MINUTES)
    return repairs


def _hurry() -> None:
    """No commit of this play waits for the disk; a crash would only lose its last moments."""
    with connection.cursor() as cursor:
        cursor.execute("set synchronous_commit to off")
