"""A hardware button: each press has a name of its own, and is sent until it is acknowledged."""

import msgspec

from makegood.ground.tokens import Seal
from tests.endurance.hotel import Button as Listed
from tests.endurance.person import Somebody
from tests.endurance.radio import Radio

BETWEEN_PRESSES = 1.5  # seconds on average
LOSES_POWER = 0.2


class Button:
    """One of several, each at a place of its own."""

    def __init__(self, somebody: Somebody, listed: Listed, *, port: int, seal: Seal) -> None:
        self._somebody = somebody
        self._listed = listed
        self._port = port
        self._secret = seal.close("button", listed.id)
        self._radio = self._new_radio()

    def switch_on(self) -> None:
        """Power."""
        self._radio.switch_on()

    def switch_off(self) -> None:
        """No more of it."""
        self._radio.switch_off()

    def live(self) -> None:
        """Is pressed until the evening is over; now and then a press is sent again after a power
        cut, from its flash."""
        for number, _ in enumerate(self._somebody.moments(BETWEEN_PRESSES)):
            self._press(f"{number:x}")
            if self._somebody.chance.random() < LOSES_POWER:
                self._radio.switch_off()
                self._radio = self._new_radio()
                self._radio.switch_on()
                self._press(f"{number:x}")

    def _press(self, event: str) -> None:
        heard = self._somebody.diary.hardware
        key = f"{self._listed.id.hex}:{event}"
        heard.setdefault(key, False)
        self._radio.say(f"b/{self._listed.id.hex}/press", msgspec.json.encode({"key": event}))
        heard[key] = True

    def _new_radio(self) -> Radio:
        return Radio(self._port, self._listed.id.hex, self._secret, self._somebody.diary)
