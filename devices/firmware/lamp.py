"""The lamp: burns while a customer waits and nobody goes, the quicker the graver it is.

Dark means that nobody waits, so it must be known: told nothing for a while, it says with a short
flash that it knows nothing.
"""

import json
import time

from connecting import Connecting
from running import run

ALIVE_EVERY = 60_000  # ms
TRUSTED_FOR = 150_000  # we are told every minute

# Milliseconds on and off; by severity.
DARK = (0, 1000)
LIGHTS = {1: (2700, 300), 2: (1500, 500), 3: (600, 600), 4: (300, 300), 5: (120, 120)}
KNOWS_NOTHING = (50, 4950)


class Lamp:
    """`turn` it for ever."""

    def __init__(self, hardware, settings):
        self._board = hardware
        self._trusted_for = settings.get("trusted_for", TRUSTED_FOR)
        self._line = Connecting(
            hardware, settings, name="lamp-" + settings["id"], topic="l/" + settings["id"],
            heard=self._hear, alive_every=ALIVE_EVERY, listens=True,
        )  # fmt: skip
        self._told_at = None
        self._light = DARK
        self._shown = None

    def turn(self):
        """Hears, and burns as it was told."""
        self._line.turn()
        self._show(self._light if self._is_trusted() else KNOWS_NOTHING)

    def _hear(self, topic, payload):
        try:
            told = json.loads(payload)
            if told["kind"] == "light":
                self._light = light_of(told["severity"])
                self._told_at = time.ticks_ms()
        except (ValueError, KeyError, TypeError):
            self._board.show("broken", "")  # acknowledged all the same, or it would come for ever

    def _is_trusted(self):
        if self._told_at is None:
            return False
        if time.ticks_diff(time.ticks_ms(), self._told_at) > self._trusted_for:
            self._told_at = None  # ticks begin anew some day: what is old stays old
        return self._told_at is not None

    def _show(self, light):
        if light != self._shown:
            self._shown = light
            self._board.light(light)


def light_of(severity):
    """How it burns; a severity we do not know is one."""
    return LIGHTS.get(severity, LIGHTS[3]) if severity else DARK


if __name__ == "__main__":
    run(Lamp)
