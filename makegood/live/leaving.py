"""Hears that the process is asked to stop before the server waits for its open streams to end."""

import asyncio
import signal
import threading
from collections.abc import Callable
from types import FrameType

STOPS = (signal.SIGTERM, signal.SIGINT)


def when_asked_to_stop(leave: Callable[[], None]) -> None:
    """Calls `leave` in the running loop on SIGTERM and Ctrl-C, besides whoever hears them now."""
    if threading.current_thread() is not threading.main_thread():
        return  # signals are heard by the main thread only; a server in another is stopped by hand
    loop = asyncio.get_running_loop()
    for number in STOPS:
        before = signal.getsignal(number)

        def hear(number: int, frame: FrameType | None, before: object = before) -> None:
            loop.call_soon_threadsafe(leave)
            if callable(before):
                before(number, frame)

        signal.signal(number, hear)
