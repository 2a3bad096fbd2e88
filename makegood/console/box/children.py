"""The processes of a box: started, listened to, restarted when they die, stopped together."""

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from typing import IO

from makegood.console.box.failures import BoxFailed
from makegood.console.box.lifeline import tied_to_this_process

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 30.0
LONG_ENOUGH = 60.0  # a child that lived this long has its patience restored
FALSE_STARTS = 3
LAST_WORDS = 2.0
WIDTH = len("gateway")


class Child:
    """One process, kept alive."""

    def __init__(self, name: str, command: list[str], environ: Mapping[str, str]) -> None:
        self.name = name
        self.deaths = 0
        self.pause = FIRST_PAUSE
        self._command = command
        self._environ = {**environ, "PYTHONUNBUFFERED": "1"}
        self._next_pause = FIRST_PAUSE
        self._start_again_at = 0.0
        self._started_at = 0.0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> subprocess.Popen[bytes]:
        """Start it in a session of its own, so that Ctrl-C reaches it through us only."""
        self._started_at = time.monotonic()
        self.process = subprocess.Popen(
            self._command,
            env=self._environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=tied_to_this_process(signal.SIGTERM),  # noqa: PLW1509 - one thread here
        )
        return self.process

    def died(self) -> int | None:
        """Its exit status, once, when it has just died; it is due again after a pause."""
        if self.process is None or self.process.poll() is None:
            return None
        status = self.process.returncode
        if time.monotonic() - self._started_at > LONG_ENOUGH:
            self._next_pause = FIRST_PAUSE
        self.process = None
        self.deaths += 1
        self.pause, self._next_pause = self._next_pause, min(self._next_pause * 2, LONGEST_PAUSE)
        self._start_again_at = time.monotonic() + self.pause
        return status

    def due(self) -> bool:
        """Whether it is down and has waited long enough."""
        return self.process is None and time.monotonic() >= self._start_again_at


class Children:
    """All of them: one loop merges what they say and looks after the dead."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._children: list[Child] = []
        self._say = say
        self._ears = selectors.DefaultSelector()

    def add(self, child: Child) -> None:
        """Start one more and keep it alive."""
        self._children.append(child)
        self._start(child)

    def look_after(self, *, for_seconds: float) -> None:
        """Pass on what they say, and start the dead again, for about this long."""
        end = time.monotonic() + for_seconds
        while (left := end - time.monotonic()) > 0:
            self._listen(left)
            for child in self._children:
                self._revive(child)

    def wait_until(self, ready: Callable[[], bool], *, timeout: float) -> None:
        """Look after them until `ready` says so; one that dies again and again ends the wait."""
        end = time.monotonic() + timeout
        while not ready():
            self.look_after(for_seconds=0.05)
            for child in self._children:
                if child.deaths >= FALSE_STARTS:
                    raise BoxFailed(f"{child.name} does not stay up; it says why above.")
            if time.monotonic() > end:
                raise BoxFailed(f"Not ready after {timeout:.0f} s; see above.")

    def stop(self, *, timeout: float = 10) -> None:
        """Ask them all to stop, pass on their last words, and end those who will not."""
        running = [child.process for child in self._children if child.process is not None]
        for process in running:
            process.terminate()
        end = time.monotonic() + timeout
        while any(process.poll() is None for process in running):
            self._listen(0.05)
            if time.monotonic() > end:
                for process in running:
                    process.kill()
        while self._ears.get_map() and time.monotonic() < end + LAST_WORDS:
            self._listen(0.1)

    def _start(self, child: Child) -> None:
        stream = child.start().stdout
        assert stream is not None
        os.set_blocking(stream.fileno(), False)
        self._ears.register(stream, selectors.EVENT_READ, Mouth(child.name, stream))

    def _revive(self, child: Child) -> None:
        status = child.died()
        if status is not None:
            end = f"signal {-status}" if status < 0 else f"exit {status}"
            self._say(f"{child.name} stopped ({end}); starting again in {child.pause:.1f} s")
        if child.due():
            self._start(child)

    def _listen(self, patience: float) -> None:
        if not self._ears.get_map():
            time.sleep(min(patience, 0.05))
            return
        for key, _ in self._ears.select(min(patience, 0.2)):
            said = os.read(key.fd, 65536)
            for line in key.data.lines(said):
                self._say(f"{key.data.name:<{WIDTH}} | {line}")
            if not said:
                self._ears.unregister(key.fileobj)
                key.data.stream.close()


class Mouth:
    """Turns the bytes a child says into whole lines."""

    def __init__(self, name: str, stream: IO[bytes]) -> None:
        self.name = name
        self.stream = stream
        self._rest = b""

    def lines(self, said: bytes) -> list[str]:
        """Whole lines so far; at the end (nothing said) also the last, unfinished one."""
        *whole, self._rest = (self._rest + said).split(b"\n")
        if not said and self._rest:
            whole, self._rest = [*whole, self._rest], b""
        return [line.decode(errors="replace").rstrip() for line in whole]
