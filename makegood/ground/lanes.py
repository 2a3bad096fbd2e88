"""Runs lanes: one thread each, woken by NOTIFY or by the next due time, swept in between."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg
import structlog
from django.db import (
    DatabaseError,
    InterfaceError,
    OperationalError,
    close_old_connections,
    connection as django_connection,
)

from makegood.ground import clock, tenancy
from makegood.ground.delivering import Delivery
from makegood.ground.waiting import Work, beat_as, treat_round
from makegood.ground.wakeup import LANE_CHANNEL

log = structlog.get_logger()

SWEEP_EVERY = timedelta(seconds=2)  # how long a lost wake-up may go unnoticed
SHORTEST_PAUSE = timedelta(milliseconds=20)  # a due row may be locked by another worker
DATABASE_GONE_PAUSE = timedelta(seconds=0.5)


@dataclass(frozen=True)
class Lane:
    """A named thread of work: its works are treated in order, the urgent first."""

    name: str
    works: Sequence[Work | Delivery]


def run_lane(lane: Lane, stop: threading.Event) -> None:
    """Treats `lane` until `stop` is set; survives a database that goes away and comes back."""
    while not stop.is_set():
        try:
            with psycopg.connect(**django_connection.get_connection_params()) as ear:
                ear.autocommit = True
                ear.execute(f"listen {LANE_CHANNEL}")
                _listen(lane, ear, stop)
        except (OperationalError, InterfaceError, psycopg.Error, DatabaseError):
            log.exception("the database is out of reach", lane=lane.name)
            close_old_connections()
            stop.wait(DATABASE_GONE_PAUSE.total_seconds())


def _listen(lane: Lane, ear: psycopg.Connection[object], stop: threading.Event) -> None:
    with tenancy.everywhere():
        beat_as(lane.name)
        while not stop.is_set():
            # What comes during the round is not missed: its call waits in our ear.
            if not treat_round(lane.works, now=clock.now()).leaves_more:
                _wait_for_call(lane, ear)


def treat_lane_once(lane: Lane, *, now: datetime) -> int:
    """One round over the lane's works; says how many rows were treated."""
    return treat_round(lane.works, now=now).took


def _wait_for_call(lane: Lane, ear: psycopg.Connection[object]) -> None:
    pause = _pause(lane, now=clock.now()).total_seconds()
    for call in ear.notifies(timeout=pause):
        if call.payload == lane.name:
            return


def _pause(lane: Lane, *, now: datetime) -> timedelta:
    due = [at for work in lane.works if work.next_due and (at := work.next_due(now))]
    until_due = min(due) - now if due else SWEEP_EVERY
    return max(SHORTEST_PAUSE, min(until_due, SWEEP_EVERY))
