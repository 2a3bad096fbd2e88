"""Which work runs in which lane. `makegood worker --lanes urgent,ordinary` runs any of them."""

import signal
import threading
from collections.abc import Sequence

from makegood.ground.lanes import Lane, run_lane
from makegood.page import jobs as page_jobs
from makegood.recover import jobs as recover_jobs
from makegood.triage import jobs as triage_jobs
from makegood.words import jobs as words_jobs

LANES = {
    lane.name: lane
    for lane in (
        Lane("urgent", [triage_jobs.SIGNALS, page_jobs.RUNGS]),
        Lane("ordinary", [words_jobs.LETTERS]),
        Lane("tick", [recover_jobs.STEPS, recover_jobs.CALLBACKS]),
    )
}


def run(names: Sequence[str]) -> None:
    """Runs the named lanes, a thread each, until SIGTERM or Ctrl-C."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    threads = [
        threading.Thread(target=run_lane, args=(LANES[name], stop), name=name) for name in names
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
