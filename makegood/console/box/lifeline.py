"""A child that stops when its parent does, even when the parent is killed without a word."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def tied_to_this_process(stop: signal.Signals) -> Callable[[], None]:
    """A `preexec_fn`: the kernel sends the child `stop` when this process is gone.

    The kernel watches the thread that forks, so start children from a thread that lives as long
    as the process. Linux only; elsewhere an orderly stop has to do.
    """
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    parent = os.getpid()

    def tie() -> None:
        if libc is None:
            return
        libc.prctl(PR_SET_PDEATHSIG, int(stop))
        if os.getppid() != parent:  # killed between fork and prctl
            os._exit(1)

    return tie


def tie_to_parent(stop: signal.Signals) -> None:
    """For a process that was forked by a library: the same tie, made from the inside."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(stop))
