"""The wrist pager: shows who needs you and where, shakes the harder the graver it is, and answers.

The page shown is the latest that rings, but the one its wearer is on the way to stays until they
are there; what is shown is what is answered. Yes is "I'm going", then "with the guest"; no is
"can't". An answer is said until it is acknowledged, with how long ago that was; a page that comes
twice rings once.
"""

import json
import time

from connecting import Connecting
from running import run

ALIVE_EVERY = 60_000  # ms
SHAKES_EVERY = 5_000
SHAKES_FOR = 120_000  # then it is shown only
REMEMBERS = 20
WORTH_SAYING_FOR = 86_400_000  # a day; ticks begin anew after some

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
            heard=self._hear, alive_every=ALIVE_EVERY, listens=True, shows=self._line_is,
        )  # fmt: skip
        self._ringing = []  # what we were told, the latest last
        self._rung = []
        self._said = []  # what nobody has acknowledged
        self._shaken_at = 0
        self._away = False

    def turn(self):
        """Hears, shakes, answers."""
        if self._line.turn():
            for said in self._said:
                said.number = None  # a new line knows nothing of the old one's messages
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
            self._begin(told, PATTERNS.get(told.get("severity"), PATTERNS[3]))
        elif self._ringing:
            self._show()
        self._receipt({"page": told["page"], "round": told["round"]})

    def _test(self, told):
        if not any(one.get("test") == told["test"] for one in self._ringing):
            self._ringing = [one for one in self._ringing if "test" not in one]
            self._begin(told, A_TEST)
        self._receipt({"test": told["test"]})

    def _begin(self, told, pattern):
        told["state"] = "ringing"
        told["since"] = time.ticks_ms()
        told["pattern"] = pattern
        self._ringing.append(told)
        self._show()
        self._shake_now(told)

    def _stop(self, told):
        by = told.get("by")
        left = [one for one in self._ringing if not self._is_stopped(one, told)]
        if len(left) < len(self._ringing):
            self._ringing = left
            if by and by != self._wearer and not left:
                self._board.show("taken", by)
            else:
                self._show()
        self._receipt({"page": told["page"], "round": told.get("round", 0), "stopped": True})

    def _is_stopped(self, one, told):
        """A page that rang anew since rings on; the one its wearer is going to stays."""
        if one.get("page") != told["page"] or one["round"] > told.get("round", one["round"]):
            return False
        mine = told.get("because") == "taken" and told.get("by") == self._wearer
        return not (mine and one["state"] == "going" and told.get("state") != "with")

    def _receipt(self, said):
        self._said.append(Said("received", said))

    # What the wearer says

    def _top(self):
        """What is shown, and answered: where the wearer is going, or else the latest."""
        for page in self._ringing:
            if page["state"] == "going":
                return page
        return self._ringing[-1]

    def _answer(self, word):
        if not self._ringing:
            return
        page = self._top()
        if "test" in page:
            if word == "yes":
                self._said.append(Said("answer", {"kind": "felt", "test": page["test"]}))
            self._drop(page)
        else:
            kind = {"no": "cant"}.get(word, "with" if page["state"] == "going" else "going")
            said = {"kind": kind, "page": page["page"], "round": page["round"]}
            self._said.append(Said("answer", said))
            page["state"] = kind
            if kind != "going":
                self._drop(page)
        self._show()

    def _drop(self, page):
        self._ringing = [one for one in self._ringing if one is not page]

    def _say(self):
        """Sends what was said, in its order, and forgets what is acknowledged."""
        waiting = []
        for said in self._said:
            if said.number is not None and self._line.acknowledged(said.number):
                self._line.forget(said.number)
            elif said.ago() < WORTH_SAYING_FOR:
                waiting.append(said)
                if said.number is None:
                    said.number = self._line.say(said.tail, said.words())
        self._said = waiting

    # What is seen and felt

    def _line_is(self, state, words):
        """Whether we are connected fills the display while there is nothing else to show."""
        self._away = state == "away"
        if self._ringing:
            self._show()
        else:
            self._board.show(state, words)

    def _show(self):
        if not self._ringing:
            self._board.show("quiet", "")
            return
        page = self._top()
        state, lines = page["state"], [page.get(name) for name in ("place", "hint", "what", "who")]
        if "test" in page:
            state, lines = "test", ["Did you feel this?"]
        lines.append(self._beside(page))
        self._board.show(state, "\n".join(line for line in lines if line))

    def _beside(self, page):
        """What there is to know beside the page that is shown."""
        if self._away:
            return "No network"
        others = [one.get("place", "A test") for one in self._ringing if one is not page]
        return "+ " + others[-1] if others else ""

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


class Said:
    """Something to say, its packet id while it is under way, and how long ago it was said."""

    def __init__(self, tail, words):
        self.tail = tail
        self.number = None
        self._words = words
        self._at = time.ticks_ms()

    def ago(self):
        """In milliseconds."""
        return time.ticks_diff(time.ticks_ms(), self._at)

    def words(self):
        """As it is said now."""
        return dict(self._words, seconds_ago=self.ago() // 1000)


if __name__ == "__main__":
    run(Pager)
