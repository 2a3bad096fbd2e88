"""Who may speak over MQTT, and what becomes of what they say. A conversation knows no more."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

import structlog

from makegood.devices import topics
from makegood.devices.heard import Heard
from makegood.devices.hearing import Hearing
from makegood.devices.mqtt.packets import Publish
from makegood.ground.refusals import Refused
from makegood.ground.tokens import Sealed

Send = Callable[[str, bytes], int | None]  # publishes with QoS 1; the packet id, or None: no room

log = structlog.get_logger()


class Speaker(Protocol):
    """One device that has proved who it is. Verbs raise `NotNow` or `NotOurs`."""

    @property
    def id(self) -> UUID:
        """Of its row."""

    def owns(self, topic: str) -> bool:
        """Whether it may publish and listen there."""

    async def alive(self) -> None:
        """It is there: it has connected, or sends a ping."""

    async def hear(self, message: Publish) -> None:
        """It published something of its own; safe when this returns."""

    async def listen(self, send: Send, hang_up: Callable[[], None]) -> None:
        """It subscribed: sends it what is for it, until cancelled."""

    async def received(self, packet_id: int) -> None:
        """It has a message of ours."""

    async def lost(self) -> None:
        """It is gone, in whatever way."""


class Listening(Speaker, Protocol):
    """One that is told something of its own accord, below its own topic."""

    @property
    def topic(self) -> str:
        """Where it is told."""

    async def remind(self, send: Send) -> None:
        """It says that it is there: sends again what it may have missed."""


Admit = Callable[[str, str], Awaitable[Speaker]]  # by user name and password


class ButtonSpeaker:
    """A button: speaks below its own prefix, and is told nothing."""

    def __init__(self, hearing: Hearing, sealed: Sealed) -> None:
        self._hearing = hearing
        self._sealed = sealed

    @property
    def id(self) -> UUID:
        """Of its row."""
        return self._sealed.id

    def owns(self, topic: str) -> bool:
        """Its own topics only."""
        return topics.below(self.id, topic) is not None

    async def alive(self) -> None:
        """Notes that it lives."""
        await self._take(Heard())

    async def hear(self, message: Publish) -> None:
        """Commits its presses and notes the rest; what nobody can read is only a sign of life."""
        tail = topics.below(self.id, message.topic) or ""
        if tail == topics.LOST:
            return  # its last will is no sign of life; its silence is noticed by itself
        try:
            heard = topics.read(tail, message.payload, now=datetime.now(UTC))
        except Refused as refusal:
            # There is no answer for this in MQTT 3.1.1, and it would be sent again for ever.
            log.warning("not understood", button=self.id.hex, tail=tail, why=refusal.message)
            heard = Heard()
        if message.retain and heard.presses:
            log.warning("a kept message is no press", button=self.id.hex, tail=tail)
            heard = Heard(battery=heard.battery)
        await self._take(heard)

    async def listen(self, send: Send, hang_up: Callable[[], None]) -> None:
        """Nothing is published for buttons; some hardware subscribes all the same."""

    async def received(self, packet_id: int) -> None:
        """Never happens."""

    async def lost(self) -> None:
        """Its silence is noticed by itself."""

    async def _take(self, heard: Heard) -> None:
        await self._hearing.take(self._sealed, heard, now=datetime.now(UTC))


def admit_button(hearing: Hearing) -> Admit:
    """Lets in buttons: the user name is the id, the password the sealed secret."""

    async def admit(name: str, password: str) -> Speaker:
        sealed = hearing.open(password, name=name)
        await hearing.button(sealed)
        return ButtonSpeaker(hearing, sealed)

    return admit


def admit_any(by_purpose: Mapping[str, Admit]) -> Admit:
    """Asks by what the user name begins with: `pager-<id>`, or an id alone for a button."""

    async def admit(name: str, password: str) -> Speaker:
        kind, dash, device = name.rpartition("-")
        return await by_purpose[kind if dash and kind in by_purpose else ""](device, password)

    return admit
