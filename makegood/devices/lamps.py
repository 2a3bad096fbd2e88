"""Lamps: each is told how urgently its site asks for a hand, whenever that changes, and burns so.

A state, not an event: it is said anew every minute, so a lamp that was told nothing for longer
knows that it knows nothing. It is never retained: a broker would light it for a page of yesterday.
"""

import asyncio
from collections.abc import Callable
from typing import Final
from uuid import UUID

import msgspec
import structlog

from makegood.devices import topics
from makegood.devices.asking import Asking
from makegood.devices.following import Follow, Followed
from makegood.devices.heard import decode, percent
from makegood.devices.hearing import NotOurs, unseal
from makegood.devices.mqtt.packets import Publish
from makegood.devices.speaking import Send, Speaker
from makegood.ground.refusals import Refused
from makegood.ground.tokens import Seal
from makegood.page.hands import lamp_statements as sql
from makegood.sense import hearing_statement

PURPOSE: Final = "lamp"  # of sealed links, as in ground's links, which live in Django
SAID_EVERY: Final = 60.0  # seconds

log = structlog.get_logger()


class Light(msgspec.Struct, frozen=True, tag_field="kind", tag="light"):
    """The gravest page nobody goes to, 0 for none, and how many there are."""

    severity: int
    asking: int


class _Alive(msgspec.Struct):
    battery: float | None = None


class Lamps:
    """What the connections of all lamps share."""

    def __init__(self, asking: Asking, *, seal: Seal, follow: Follow) -> None:
        self._seal = seal
        self.ask = asking.ask
        self.follow = follow

    async def admit(self, name: str, password: str) -> Speaker:
        """The lamp with this id and secret, if it is in use: an `Admit` of `speaking`."""
        sealed = unseal(self._seal, PURPOSE, password, name=name)
        lamp = LampSpeaker(self, sealed.id, version=sealed.version)
        await lamp.site()
        return lamp

    async def vouched(self, id: UUID) -> "LampSpeaker":
        """The lamp in use with this id, when a broker has checked its password instead of us."""
        lamp = LampSpeaker(self, id)
        await lamp.site()
        return lamp

    async def there(self) -> "list[LampSpeaker]":
        """All lamps in use that were heard and are not lost."""
        return [LampSpeaker(self, UUID(lamp)) for (lamp,) in await self.ask(sql.THERE)]


class LampSpeaker:
    """One lamp: is told at `l/<id>`, lives at `l/<id>/alive`; its will is `l/<id>/lost`."""

    def __init__(self, lamps: Lamps, id: UUID, *, version: int | None = None) -> None:
        """`version`: of the password it gave us; None when a broker has let it in."""
        self._lamps = lamps
        self._id = id
        self._version = version

    @property
    def id(self) -> UUID:
        """Of its row."""
        return self._id

    @property
    def topic(self) -> str:
        """Where it is told."""
        return f"{topics.LAMPS}{self._id.hex}"

    def owns(self, topic: str) -> bool:
        """Its own topic and what lies below."""
        return topic == self.topic or topic.startswith(f"{self.topic}/")

    async def site(self) -> UUID:
        """Where it burns. Raises `NotOurs` when it is not in use, or has another password now."""
        for (site,) in await self._ask(sql.SITE):
            return UUID(site)
        raise NotOurs

    async def alive(self) -> None:
        """Notes that it is there."""
        await self._note(None)

    async def hear(self, message: Publish) -> None:
        """Notes that it is there, and its battery if it says so; nothing else is to be said."""
        tail = message.topic.removeprefix(f"{self.topic}/")
        if message.retain or tail == topics.LOST:
            return  # neither is a sign of life; its silence is noticed by itself
        try:
            said = decode(_alive, message.payload or b"{}")
        except Refused as refusal:
            log.warning("not understood", lamp=self._id.hex, why=refusal.message)
            said = _Alive()
        await self._note(percent(said.battery))

    async def listen(self, send: Send, hang_up: Callable[[], None]) -> None:
        """Says how urgent it is, at once, with every change, and every minute without one.

        It ends when the lamp was put away, or given another password.
        """
        async with self._lamps.follow(f"site:{await self.site()}", self._id) as news:
            told: Light | None = None
            while (light := await self._asking()) is not None:
                if light != told:
                    if self._send(send, light) is None:
                        break
                    told, again_at = light, asyncio.get_running_loop().time() + SAID_EVERY
                heard, due = await _next(news, again_at)
                if not heard:
                    break
                told = None if due else told
        hang_up()  # it comes again, if it may

    async def remind(self, send: Send) -> None:
        """Says how urgent it is: it is back, while we were speaking to it all the time."""
        if light := await self._asking():
            self._send(send, light)

    async def received(self, packet_id: int) -> None:
        """It shows what it was told."""

    async def lost(self) -> None:
        """Its silence is noticed by itself."""

    def _send(self, send: Send, light: Light) -> int | None:
        return send(self.topic, msgspec.json.encode(light))

    async def _asking(self) -> Light | None:
        for severity, asking in await self._ask(sql.ASKING):
            return Light(int(severity), int(asking))
        return None

    async def _ask(self, statement: str) -> list[tuple[str, ...]]:
        return await self._lamps.ask(statement, lamp=self._id, version=self._version)

    async def _note(self, battery: int | None) -> None:
        heard = hearing_statement.parameters({self._id: battery})
        await self._lamps.ask(hearing_statement.LAMPS, **heard)


async def _next(news: Followed, again_at: float) -> tuple[bool, bool]:
    """Waits for news, until it is to be said again: whether we still hear, and whether it is."""
    try:
        async with asyncio.timeout_at(again_at):
            return await news.take() is not None, False
    except TimeoutError:
        return True, True


_alive = msgspec.json.Decoder(_Alive)
