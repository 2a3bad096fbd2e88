"""Keeps a line to the server: tries again with growing pauses, and says that we are there."""

import json
import time

import mqtt

FIRST_PAUSE = 1_000  # ms
LONGEST_PAUSE = 60_000


class Connecting:
    """`turn` it in the device's loop; `line` is there while we are connected.

    Whether it is, `shows` is told, or the board: "there", or "away" and why.
    """

    def __init__(
        self, board, settings, *, name, topic, heard, alive_every, listens=False, shows=None
    ):
        self._board = board
        self._settings = settings
        self._name = name
        self._topic = topic
        self._heard = heard
        self._listens = listens
        self._shows = shows or board.show
        self._alive_every = alive_every
        self._alive_at = 0
        self._pause = FIRST_PAUSE
        self._next_try = time.ticks_ms()
        self.line = None

    def turn(self):
        """Whether something is new: the line was just made, or lost."""
        if self.line is None:
            return self._try()
        try:
            if not self._board.online():
                raise OSError("the network is gone")
            self.line.check()
            if time.ticks_diff(time.ticks_ms(), self._alive_at) > self._alive_every:
                self._say_alive()
        except OSError as error:
            self.lost(error)
            return True
        return False

    def say(self, tail, said):
        """Publishes below our topic; the packet id, or None: the line is lost."""
        if self.line is None:
            return None
        try:
            return self.line.publish(f"{self._topic}/{tail}", json.dumps(said).encode())
        except OSError as error:
            self.lost(error)
            return None

    def acknowledged(self, number):
        """Whether a message is safe."""
        return self.line is not None and number in self.line.acknowledged

    def forget(self, number):
        """Nobody will ask for this acknowledgement any more."""
        if self.line is not None:
            self.line.acknowledged.discard(number)

    def lost(self, error):
        """The line is gone; it is tried again."""
        self._shows("away", str(error))
        if self.line is not None:
            self.line.close()
        self.line = None
        self._wait()

    def leave(self):
        """Goes in order."""
        if self.line is not None:
            self.line.leave()
            self.line = None

    def _try(self):
        if time.ticks_diff(self._next_try, time.ticks_ms()) > 0 or not self._board.online():
            return False
        try:
            self.line = mqtt.Line(
                self._settings["server"], self._name, self._settings["secret"],
                client_id=self._name, will=self._topic + "/lost", heard=self._heard,
                keep_alive=self._settings.get("keep_alive", 30),
            )  # fmt: skip
            if self._listens:
                self.line.subscribe(self._topic)
            self._say_alive()
        except OSError as error:
            self.lost(error)
            return False
        self._pause = FIRST_PAUSE
        self._shows("there", "")
        return True

    def _wait(self):
        self._next_try = time.ticks_add(time.ticks_ms(), self._pause)
        self._pause = min(self._pause * 2, LONGEST_PAUSE)

    def _say_alive(self):
        self._alive_at = time.ticks_ms()
        battery = self._board.battery()
        self.line.publish(
            self._topic + "/alive",
            json.dumps({} if battery is None else {"battery": battery}).encode(),
        )
