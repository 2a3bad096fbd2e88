"""Hears devices through a broker, over one connection for all of them.

Who a device is, the broker has checked: by its password, and by an ACL that lets it speak below
its own prefix only (`mosquitto`). What it says is judged as at our own listener, and the broker
gets our PUBACK when it is committed; what is not, it sends again.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol
from uuid import UUID

import psycopg
import structlog

from makegood.devices import topics
from makegood.devices.acknowledging import Acknowledging
from makegood.devices.hearing import Hearing, NotNow, NotOurs, TooOften
from makegood.devices.lamps import Lamps
from makegood.devices.mqtt.packets import Publish
from makegood.devices.pagers import Pagers
from makegood.devices.speaking import ButtonSpeaker, Listening

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
LONG_ENOUGH = 60.0  # a connection that lived this long has its patience restored
MOST_UNCOMMITTED = 500  # of all devices together

log = structlog.get_logger()


class BrokerAway(Exception):
    """The broker does not answer, does not let us in, or has hung up."""


class Line(Protocol):
    """One connection to the broker, subscribed to what all devices say."""

    def messages(self) -> AsyncIterator[Publish]:
        """What they say; raises `BrokerAway` when the connection is lost."""

    def acknowledge(self, packet_id: int) -> None:
        """PUBACK."""

    def send(self, topic: str, payload: bytes) -> int | None:
        """Publishes with QoS 1 and says 0: a broker's PUBACK is no device's. None: no room."""


Dial = Callable[[], AbstractAsyncContextManager[Line]]


class Bridge:
    """Run it beside `hearing` and `pagers`, which are started and stopped by whoever owns them."""

    def __init__(self, dial: Dial, hearing: Hearing, pagers: Pagers, lamps: Lamps) -> None:
        self._dial = dial
        self._hearing = hearing
        self._pagers = pagers
        self._lamps = lamps
        self.heard = asyncio.Event()  # set while the broker is there

    async def run(self) -> None:
        """Until cancelled; a broker that is away is tried again with growing pauses."""
        clock = asyncio.get_running_loop().time
        pause = FIRST_PAUSE
        while True:
            began = clock()
            try:
                async with self._dial() as line:
                    log.info("the broker is heard")
                    self.heard.set()
                    await _Connected(line, self._hearing, self._pagers, self._lamps).serve()
            except* (BrokerAway, NotNow) as errors:
                log.warning("the broker is not heard", because=str(errors.exceptions[0]))
            self.heard.clear()
            if clock() - began > LONG_ENOUGH:
                pause = FIRST_PAUSE
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


class _Connected:
    """What one connection knows: nothing that has to be kept."""

    def __init__(self, line: Line, hearing: Hearing, pagers: Pagers, lamps: Lamps) -> None:
        self._line = line
        self._hearing = hearing
        self._pagers = pagers
        self._lamps = lamps
        self._told: dict[UUID, Listening] = {}
        self._answers = Acknowledging(
            most=MOST_UNCOMMITTED, acknowledge=line.acknowledge, unsafe=_not_safe
        )

    async def serve(self) -> None:
        """Until the connection is lost, or something cannot be committed."""
        async with asyncio.TaskGroup() as self._work:
            for pager in await self._pagers.there():
                self._tell(pager)
            for lamp in await self._lamps.there():
                self._tell(lamp)
            self._work.create_task(self._answers.run())
            self._work.create_task(self._listen())

    async def _listen(self) -> None:
        async for message in self._line.messages():
            await self._answers.add(self._take(message), message.packet_id)

    async def _take(self, message: Publish) -> None:
        """Raises `NotNow` when it must come again. What nobody can take is let go, and logged: it
        would come for ever, and keep the presses of all others from us."""
        try:
            await self._hear(message)
        except (TooOften, NotOurs) as error:
            log.warning("a message is not taken", topic=message.topic, because=repr(error))
        except (NotNow, psycopg.OperationalError, psycopg.InterfaceError, OSError) as error:
            raise NotNow(str(error)) from error
        except Exception:  # one device's trouble is not the others'
            log.exception("a message broke what takes it", topic=message.topic)

    async def _hear(self, message: Publish) -> None:
        match topics.speaker(message.topic):
            case None:
                raise NotOurs
            case (topics.PAGERS, pager):
                await self._hear_listening(pager, message, self._pagers.vouched)
            case (topics.LAMPS, lamp):
                await self._hear_listening(lamp, message, self._lamps.vouched)
            case (_, button):
                sealed = await self._hearing.vouched(button)
                await ButtonSpeaker(self._hearing, sealed).hear(message)

    async def _hear_listening(
        self, id: UUID, message: Publish, vouched: Callable[[UUID], Awaitable[Listening]]
    ) -> None:
        device = self._told.get(id) or await vouched(id)
        await device.hear(message)
        if message.topic == f"{device.topic}/alive" and not message.retain:
            if id in self._told:
                await device.remind(self._line.send)
            else:
                self._tell(device)

    def _tell(self, device: Listening) -> None:
        self._told[device.id] = device
        self._work.create_task(self._keep_telling(device))

    async def _keep_telling(self, device: Listening) -> None:
        """Until it is put away, or too much was to be said: with its next sign of life we ask who
        it is, and what it missed."""
        try:
            with contextlib.suppress(NotOurs):
                await device.listen(self._line.send, lambda: None)
        finally:
            del self._told[device.id]


def _not_safe(error: BaseException) -> None:
    raise error
