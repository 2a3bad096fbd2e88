"""The button: a press is on flash before the light says so, and is sent until it is heard.

Each press has a name of its own, so that one sent twice counts once. Runs on an ESP32 and on
MicroPython's unix port; what differs is `board`.
"""

import time

from connecting import Connecting
from kept import Kept
from running import run

ALIVE_EVERY = 20 * 60_000  # ms; who is silent for three hours is looked for
RESTS_AFTER = 5_000


class Button:
    """`turn` it for ever."""

    def __init__(self, hardware, settings):
        self._board = hardware
        self._rests = settings.get("rests", False)
        self._kept = Kept(hardware.path("presses"))
        self._line = Connecting(
            hardware, settings, name=settings["id"], topic="b/" + settings["id"],
            heard=lambda topic, payload: None, alive_every=ALIVE_EVERY,
        )  # fmt: skip
        self._under_way = None
        self._busy_at = time.ticks_ms()

    def turn(self):
        """Takes presses, and sends what waits, one after the other."""
        for _ in range(self._board.presses()):
            self._kept.add()
            self._board.show("kept", str(len(self._kept)))
            self._busy_at = time.ticks_ms()
        self._kept.uptime()
        if self._line.turn():
            self._under_way = None  # a new line knows nothing of the old one's messages
        if self._line.line is not None:
            self._send()
        self._rest()

    def _send(self):
        if self._under_way is not None:
            key, number = self._under_way
            if not self._line.acknowledged(number):
                return
            self._line.forget(number)
            self._kept.heard(key)
            self._under_way = None
            self._busy_at = time.ticks_ms()
            self._board.show("heard", key)
        press = self._kept.first()
        if press is None:
            return
        battery = self._board.battery()
        if battery is not None:
            press["battery"] = battery
        number = self._line.say("press", press)
        self._under_way = None if number is None else (press["key"], number)

    def _rest(self):
        """A button on a battery sleeps until it is pressed, or has to say that it lives."""
        idle = time.ticks_diff(time.ticks_ms(), self._busy_at) > RESTS_AFTER
        if self._rests and idle and not len(self._kept):
            self._line.leave()
            self._board.rest(ALIVE_EVERY)


if __name__ == "__main__":
    run(Button)
