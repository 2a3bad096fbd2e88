"""One MQTT connection: who it is, what it may, and PUBACK only when its press is committed."""

import asyncio
import contextlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from makegood.devices import topics
from makegood.devices.heard import Heard
from makegood.devices.hearing import Hearing, NotNow, NotOurs
from makegood.devices.mqtt import session as mqtt
from makegood.devices.mqtt.packets import Connect, Ping, PubAck, Publish, Subscribe, Unsubscribe
from makegood.devices.mqtt.session import Over, Said, Session
from makegood.ground.refusals import Refused
from makegood.ground.tokens import Sealed

READ_AT_ONCE = 4 * 1024
MOST_UNCOMMITTED = 32  # messages of one client; more are read when these are safe
MOST_UNSENT = 64 * 1024  # bytes that a client lets pile up before it counts as lost
LAST_ANSWERS_WITHIN = 3.0  # seconds, for what is being committed when a client leaves

log = structlog.get_logger()


@dataclass(frozen=True)
class Waiting:
    """A message being taken, and who waits to hear of it."""

    taken: asyncio.Task[None]
    packet_id: int | None


class Conversation:
    """Serves one client until it leaves, is lost, breaks the protocol or is replaced."""

    def __init__(
        self,
        hearing: Hearing,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        introduced: Callable[["Conversation"], None],
    ) -> None:
        self._hearing = hearing
        self._introduced = introduced
        self._reader = reader
        self._writer = writer
        self._loop = asyncio.get_running_loop()
        self._session = Session(opened_at=self._loop.time())
        self._waiting: asyncio.Queue[Waiting | None] = asyncio.Queue(MOST_UNCOMMITTED)
        self._sealed: Sealed | None = None

    @property
    def sealed(self) -> Sealed | None:
        """Which button it is, once it has proved it."""
        return self._sealed

    def end(self) -> None:
        """Hangs up, after what is already on its way."""
        self._writer.close()

    async def serve(self) -> None:
        """Until the end. What is being committed by then is still answered."""
        answering = asyncio.create_task(self._answer())
        try:
            await self._listen()
        except (NotNow, NotOurs, OSError) as error:
            log.info("a button is sent away", error=repr(error))
        finally:
            self._flush()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LAST_ANSWERS_WITHIN):
                    await self._waiting.put(None)
                    await answering
            answering.cancel()

    async def _listen(self) -> None:
        while not self._session.is_over:
            try:
                async with asyncio.timeout_at(self._session.deadline):
                    data = await self._reader.read(READ_AT_ONCE)
            except TimeoutError:
                log.info("a button is lost", button=self._name())
                return
            if not data:
                return
            for said in self._session.receive(data, at=self._loop.time()):
                if not await self._hear(said):
                    return
            self._flush()

    async def _hear(self, said: Said) -> bool:
        """Whether the conversation goes on."""
        match said:
            case Connect():
                return await self._welcome(said)
            case Publish():
                tail = self._below(said.topic)
                if tail is None:
                    log.warning("a button speaks for another", button=self._name())
                    return False
                taken = self._loop.create_task(self._take(said, tail))
                await self._waiting.put(Waiting(taken, said.packet_id))
            case Subscribe(packet_id=packet_id, filters=filters):
                self._session.grant(packet_id, [self._granted(*one) for one in filters])
            case Unsubscribe(packet_id=packet_id):
                self._session.unsubscribed(packet_id)
            case Ping():
                self._session.pong()
                await self._take_heard(Heard())
            case PubAck():
                pass
            case Over():
                if not said.in_order:
                    log.info("a client is sent away", button=self._name(), because=said.reason)
                return False
        return True

    async def _welcome(self, hello: Connect) -> bool:
        code = await self._admit(hello)
        if code == mqtt.ACCEPTED:
            self._session.accept()
            self._introduced(self)
        else:
            log.info("a client is not admitted", code=code, user=(hello.username or "")[:40])
            self._session.refuse(code)
        return code == mqtt.ACCEPTED

    async def _admit(self, hello: Connect) -> int:
        try:
            sealed = self._hearing.open((hello.password or b"").decode("latin-1"))
            if not hmac.compare_digest((hello.username or "").encode(), sealed.id.hex.encode()):
                return mqtt.BAD_CREDENTIALS
            await self._hearing.button(sealed)
        except NotOurs:
            return mqtt.BAD_CREDENTIALS
        except NotNow:
            return mqtt.UNAVAILABLE
        self._sealed = sealed
        if hello.will is not None and self._below(hello.will.topic) is None:
            return mqtt.NOT_ALLOWED
        await self._take_heard(Heard())
        return mqtt.ACCEPTED

    def _below(self, topic: str) -> str | None:
        return topics.below(self._sealed.id, topic) if self._sealed else None

    def _granted(self, wanted: str, qos: int) -> int:
        """Its own topics; nothing is published there, but hardware asks for it and waits."""
        return min(qos, 1) if self._below(wanted) is not None else mqtt.NOT_GRANTED

    async def _take(self, message: Publish, tail: str) -> None:
        try:
            heard = topics.read(tail, message.payload, now=datetime.now(UTC))
        except Refused as refusal:
            # There is no answer for this in MQTT 3.1.1, and it would be sent again for ever.
            log.warning("not understood", button=self._name(), tail=tail, why=refusal.message)
            heard = Heard()
        if message.retain and heard.presses:
            log.warning("a kept message is no press", button=self._name(), tail=tail)
            heard = Heard(battery=heard.battery)
        await self._take_heard(heard)

    async def _take_heard(self, heard: Heard) -> None:
        if self._sealed is not None:
            await self._hearing.take(self._sealed, heard, now=datetime.now(UTC))

    async def _answer(self) -> None:
        """Acknowledges in the order of sending [4.6.0-2], up to the first that is not safe."""
        safe = True
        while (waiting := await self._waiting.get()) is not None:
            try:
                await waiting.taken
            except Exception as error:  # noqa: BLE001 - whatever it was, it is not committed
                log.warning("a message is not acknowledged", button=self._name(), why=repr(error))
                safe = False
                self.end()
            if safe and waiting.packet_id is not None:
                self._session.acknowledge(waiting.packet_id)
                self._flush()

    def _flush(self) -> None:
        out = self._session.take()
        if out and not self._writer.is_closing():
            self._writer.write(out)
            if self._writer.transport.get_write_buffer_size() > MOST_UNSENT:
                self._writer.transport.abort()

    def _name(self) -> str:
        return self._sealed.id.hex if self._sealed else ""
