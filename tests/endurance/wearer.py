"""Somebody on duty with nothing but a pager on the wrist: is rung on it, and answers on it."""

import threading
from typing import Any

import msgspec

from makegood.ground.tokens import Seal
from tests.endurance.diary import Word
from tests.endurance.hotel import Wearer as Listed
from tests.endurance.person import Somebody
from tests.endurance.radio import Radio

BETWEEN_ANSWERS = 0.8  # seconds on average
GOES = 0.6


class Wearer:
    """One at each site. The wrist stays on when the evening is over: it still rings."""

    def __init__(self, somebody: Somebody, listed: Listed, *, port: int, seal: Seal) -> None:
        self._somebody = somebody
        self._device = listed.device_id
        self._topic = f"p/{self._device.hex}"
        secret = seal.close("pager", self._device)
        self._radio = Radio(port, f"pager-{self._device.hex}", secret, somebody.diary)
        self._radio.client.on_message = lambda client, user, told: self._hear(bytes(told.payload))
        self._radio.client.on_connect = lambda *_: self._listen()
        self._ringing: dict[str, int] = {}
        self._lock = threading.Lock()

    def switch_on(self) -> None:
        """On the wrist."""
        self._radio.switch_on()

    def switch_off(self) -> None:
        """Off the wrist."""
        self._radio.switch_off()

    def live(self) -> None:
        """Answers what rings until the evening is over."""
        for _ in self._somebody.moments(BETWEEN_ANSWERS):
            if ringing := self._take():
                goes = self._somebody.chance.random() < GOES
                for kind in ("going", "with") if goes else ("cant",):
                    self._say(kind, *ringing)

    def _listen(self) -> None:
        self._radio.client.subscribe(self._topic, 1)

    def _hear(self, payload: bytes) -> None:
        told: dict[str, Any] = msgspec.json.decode(payload)
        with self._lock:
            if told["kind"] == "ring":
                self._somebody.diary.rung[self._device, told["page"], told["round"]] += 1
                self._ringing[told["page"]] = told["round"]
            elif told["kind"] == "stop":
                self._ringing.pop(told["page"], None)

    def _take(self) -> tuple[str, int] | None:
        with self._lock:
            if not self._ringing:
                return None
            page = self._somebody.chance.choice(sorted(self._ringing))
            return page, self._ringing.pop(page)

    def _say(self, kind: str, page: str, round: int) -> None:
        word = Word(self._device, page, round, kind)
        self._somebody.diary.words.setdefault(word, False)
        said = {"kind": kind, "page": page, "round": round}
        self._radio.say(f"{self._topic}/answer", msgspec.json.encode(said))
        self._somebody.diary.words[word] = True
