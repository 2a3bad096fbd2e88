"""No hardware: lines on standard input press, lines of JSON on standard output are seen and felt.

The network is there unless the input says `offline`; its files lie where it was started.
"""

import json
import select
import sys
import time


class Board:
    """What the devices know of their hardware."""

    def __init__(self):
        self._input = select.poll()
        self._input.register(sys.stdin, select.POLLIN)
        self._said = []
        self._online = True

    def path(self, name):
        """Where a file of ours lies."""
        return name

    def begin(self, settings):
        """There is nothing to set up."""
        self._online = not settings.get("offline")
        self._tell("begun", "")

    def online(self):
        """As the input said last."""
        return self._online

    def presses(self):
        """One for each `press`."""
        return self._take(("press",)).count("press")

    def words(self):
        """Each `yes` and `no`."""
        return self._take(("yes", "no"))

    def battery(self):
        """Always the same."""
        return 87

    def show(self, state, words):
        """A line of JSON."""
        self._tell(state, words)

    def shake(self, pattern):
        """A line of JSON."""
        self._tell("shake", pattern)

    def light(self, pattern):
        """A line of JSON."""
        self._tell("light", pattern)

    def rest(self, most):
        """It ends."""
        self._tell("rest", most)
        sys.exit(0)

    def pause(self):
        """The breath between two turns."""
        while self._input.poll(0):
            line = sys.stdin.readline()
            if not line:
                sys.exit(0)
            word = line.strip()
            if word in ("online", "offline"):
                self._online = word == "online"
            else:
                self._said.append(word)
        time.sleep_ms(10)

    def _take(self, words):
        taken = [word for word in self._said if word in words]
        self._said = [word for word in self._said if word not in words]
        return taken

    def _tell(self, what, how):
        print(json.dumps({"what": what, "how": how}))  # noqa: T201 - it is how it is seen
