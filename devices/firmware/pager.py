"""The wrist pager: shows who needs you and where, shakes the harder the graver it is, and answers.

The page shown is the latest that rings. Yes is "I'm going", then "with the guest"; no is "can't".
An answer is said until it is acknowledged; a page that comes twice rings once.
"""

import json
import time

from connecting import Connecting
from running import run

ALIVE_EVERY = 60_000  # ms
SHAKES_EVERY = 5_000
SHAKES_FOR = 120_000  # then it is shown only
REMEMBERS = 20

# Milliseconds on, off, on, ...; by severity.
PATTERNS = {
    1: (200,),
    2: (300, 200, 300),
    3: (500, 200, 500),
    4: (700, 150, 700, 150, 700),
    5: (1000, 100, 1000, 100, 1000, 100, 1000),
}
A_TEST = (150, 150, 150)


class Pager:
    """`turn` it for ever."""

    def __init__(self, hardware, settings):
        self._board = hardware
        self._wearer = settings.get("wearer", "")
        self._topic = "p/" + settings["id"]
        self._line = Connecting(
            hardware, settings, name="pager-" + settings["id"], topic=self._topic,
            heard=self._hear, alive_every=ALIVE_EVERY, listens=True,
        )  # fmt: skip
        self._ringing = []  # what we were told, the latest last
        self._rung = []
        self._said = []  # answers nobody has acknowledged: what, and its packet id
        self._shaken_at = 0

    def turn(self):
        """Hears, shakes, answers."""
        if self._line.turn():
            self._said = [(said, None) for said, _ in self._said]
        for word in self._board.words():
            self._answer(word)
        self._say()
        self._shake()

    # What we are told

    def _hear(self, topic, payload):
        try:
            self._understand(json.loads(payload))
        except (ValueError, KeyError):
            self._board.show("broken", "")  # acknowledged all the same, or it would come for ever

    def _understand(self, told):
        kind = told.get("kind")
        if kind == "ring":
            self._ring(told)
        elif kind == "test":
            self._test(told)
        elif kind == "stop":
            self._stop(told)

    def _ring(self, told):
        name = (told["page"], told["round"], told.get("again", 0))
        if name not in self._rung:
            self._rung.append(name)
            del self._rung[:-REMEMBERS]
            self._ringing = [one for one in self._ringing if one.get("page") != told["page"]]
            self._ringing.append(begun(told, PATTERNS.get(told.get("severity"), PATTERNS[3])))
            self._show()
            self._shake_now(self._ringing[-1])
        self._said.append((("received", {"page": told["page"], "round": told["round"]}), None))

    def _test(self, told):
        if not any(one.get("test") == told["test"] for one in self._ringing):
            self._ringing = [one for one in self._ringing if "test" not in one]
            self._ringing.append(begun(told, A_TEST))
            self._show()
            self._shake_now(self._ringing[-1])
        self._said.append((("received", {"test": told["test"]}), None))

    def _stop(self, told):
        mine = told.get("because") == "taken" and told.get("by") == self._wearer
        self._ringing = [
            one
            for one in self._ringing
            if one.get("page") != told["page"] or (mine and one["state"] == "going")
        ]
        self._show()
        if told.get("by") and not mine and not self._ringing:
            self._board.show("taken", told["by"])

    # What the wearer says

    def _answer(self, word):
        if not self._ringing:
            return
        page = self._ringing[-1]
        if "test" in page:
            if word == "yes":
                self._said.append((("answer", {"kind": "felt", "test": page["test"]}), None))
            self._ringing.pop()
        else:
            kind = {"no": "cant"}.get(word, "with" if page["state"] == "going" else "going")
            said = {"kind": kind, "page": page["page"], "round": page["round"]}
            self._said.append((("answer", said), None))
            page["state"] = kind
            if kind != "going":
                self._ringing.pop()
        self._show()

    def _say(self):
        """Sends what was said, in its order, and forgets what is acknowledged."""
        waiting = []
        for said, number in self._said:
            if number is not None and self._line.acknowledged(number):
                self._line.forget(number)
                continue
            waiting.append((said, self._line.say(*said) if number is None else number))
        self._said = waiting

    # What is seen and felt

    def _show(self):
        if not self._ringing:
            self._board.show("quiet", "")
            return
        page = self._ringing[-1]
        if "test" in page:
            self._board.show("test", "Did you feel this?")
        else:
            lines = (page.get("place"), page.get("hint"), page.get("what"), page.get("who"))
            self._board.show(page["state"], "\n".join(line for line in lines if line))

    def _shake(self):
        now = time.ticks_ms()
        if time.ticks_diff(now, self._shaken_at) < SHAKES_EVERY:
            return
        for page in reversed(self._ringing):
            if page["state"] == "ringing" and time.ticks_diff(now, page["since"]) < SHAKES_FOR:
                self._shake_now(page)
                return

    def _shake_now(self, page):
        self._shaken_at = time.ticks_ms()
        self._board.shake(page["pattern"])


def begun(told, pattern):
    """What we know of one that begins to ring."""
    told["state"] = "ringing"
    told["since"] = time.ticks_ms()
    told["pattern"] = pattern
    return told


if __name__ == "__main__":
    run(Pager)
