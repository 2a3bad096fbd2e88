"""Runs the audit, and minds the ways of those on duty, once a minute, in a thread that no other
work can hold up."""

import threading
from collections.abc import Callable
from typing import Final

import structlog
from django.db import Error, close_old_connections

from makegood.ground import clock, tenancy
from makegood.ground.waiting import beat_as
from makegood.page.duty.minding import mind
from makegood.page.proof.auditing import audit

EVERY: Final = 60.0  # seconds
NAME: Final = "audit"

log = structlog.get_logger()


def run_audit(stop: threading.Event) -> None:
    """Audits until `stop` is set; survives a database that goes away and comes back.

    It begins after a minute: what lay still while no worker ran is treated first.
    """
    _well(lambda: None)
    while not stop.wait(EVERY):
        _well(_look)


def _look() -> None:
    now = clock.now()
    audit(now=now)
    mind(now=now)


def _well(do: Callable[[], object]) -> None:
    try:
        with tenancy.everywhere():
            do()
        beat_as(NAME)
    except Error:
        log.exception("the audit could not ask the database")
    finally:
        close_old_connections()
