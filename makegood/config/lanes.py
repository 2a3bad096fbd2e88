"""Which work runs in which lane. `makegood worker --lanes urgent,ordinary` runs any of them."""

import contextlib
import signal
import sys
import threading
from collections.abc import Callable, Sequence

import structlog
from django.db import DatabaseError

from makegood.config.auditing import NAME as AUDIT, run_audit
from makegood.config.errands import NAME as ERRANDS, run_errands
from makegood.ground.lanes import Lane, run_lane
from makegood.ground.wakeup import wake
from makegood.page import jobs as page_jobs
from makegood.recover import jobs as recover_jobs
from makegood.sense import minding
from makegood.triage import jobs as triage_jobs
from makegood.words import jobs as words_jobs

log = structlog.get_logger()

LANES = {
    lane.name: lane
    for lane in (
        Lane("urgent", [page_jobs.WORDS, page_jobs.FELT, triage_jobs.SIGNALS]),
        Lane(
            "carrying",
            [page_jobs.DELAYED, page_jobs.RINGS, page_jobs.STOPS, page_jobs.TESTS],
        ),
        Lane("ordinary", [words_jobs.LETTERS, recover_jobs.MISSING]),
        Lane(
            "tick",
            [
                page_jobs.RUNGS,
                page_jobs.INSISTS,
                recover_jobs.PAUSES,
                recover_jobs.STEPS,
                recover_jobs.CALLBACKS,
                minding.BUTTONS,
                minding.LAMPS,
            ],
        ),
    )
}
NAMES = (*LANES, ERRANDS, AUDIT)


def run(names: Sequence[str]) -> None:
    """Runs the named lanes, a thread each, until SIGTERM or Ctrl-C.

    A lane that dies takes the process with it: a supervisor restarts a dead process, but nobody
    would notice a dead thread.
    """
    stop = threading.Event()
    dead: list[str] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    threads = [
        threading.Thread(target=_guarded, args=(name, stop, dead), name=name) for name in names
    ]
    for thread in threads:
        thread.start()
    stop.wait()
    _wake(names)
    for thread in threads:
        thread.join()
    if dead:
        sys.exit(1)


def _wake(names: Sequence[str]) -> None:
    """Calls the lanes, so that they see they should stop before their next sweep."""
    with contextlib.suppress(DatabaseError):  # without a database nobody listens, nor waits long
        for name in names:
            wake(name)


def _guarded(name: str, stop: threading.Event, dead: list[str]) -> None:
    try:
        _runner(name)(stop)
    except Exception:
        log.exception("a lane died", lane=name)
        dead.append(name)
    finally:
        stop.set()


def _runner(name: str) -> Callable[[threading.Event], None]:
    if name == ERRANDS:
        return run_errands
    if name == AUDIT:
        return run_audit
    return lambda stop: run_lane(LANES[name], stop)
