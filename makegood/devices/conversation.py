"""One MQTT connection: who it is, what it may, and PUBACK only when what it said is committed."""

import asyncio
import contextlib
from collections.abc import Callable

import structlog

from makegood.devices.acknowledging import Acknowledging
from makegood.devices.hearing import NotNow, NotOurs
from makegood.devices.mqtt import session as mqtt
from makegood.devices.mqtt.packets import Connect, Ping, PubAck, Publish, Subscribe, Unsubscribe
from makegood.devices.mqtt.session import Over, Said, Session
from makegood.devices.speaking import Admit, Speaker

READ_AT_ONCE = 4 * 1024
MOST_UNCOMMITTED = 32  # messages of one client; more are read when these are safe
MOST_UNSENT = 64 * 1024  # bytes that a client lets pile up before it counts as lost
LAST_ANSWERS_WITHIN = 3.0  # seconds, for what is being committed when a client leaves

log = structlog.get_logger()


class Conversation:
    """Serves one client until it leaves, is lost, breaks the protocol or is replaced."""

    def __init__(
        self,
        admit: Admit,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        introduced: Callable[["Conversation", Speaker], None],
    ) -> None:
        self._admit = admit
        self._introduced = introduced
        self._reader = reader
        self._writer = writer
        self._loop = asyncio.get_running_loop()
        self._session = Session(opened_at=self._loop.time())
        self._answers = Acknowledging(
            most=MOST_UNCOMMITTED, acknowledge=self._acknowledge, unsafe=self._not_safe
        )
        self._telling: asyncio.Task[None] | None = None
        self.speaker: Speaker | None = None
        self.replaced = False

    def end(self) -> None:
        """Hangs up, after what is already on its way."""
        self._writer.close()

    async def serve(self) -> None:
        """Until the end. What is being committed by then is still answered."""
        answering = asyncio.create_task(self._answers.run())
        try:
            await self._listen()
        except (NotNow, NotOurs, OSError) as error:
            log.info("a device is sent away", device=self._name(), because=repr(error))
        finally:
            if self._telling:
                self._telling.cancel()
            self._flush()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LAST_ANSWERS_WITHIN):
                    await self._answers.end()
                    await answering
            answering.cancel()
            if self.speaker and not self.replaced:
                with contextlib.suppress(NotNow):
                    await self.speaker.lost()

    async def _listen(self) -> None:
        while not self._session.is_over:
            try:
                async with asyncio.timeout_at(self._session.deadline):
                    data = await self._reader.read(READ_AT_ONCE)
            except TimeoutError:
                log.info("a device is lost", device=self._name())
                return
            if not data:
                return
            for said in self._session.receive(data, at=self._loop.time()):
                if not await self._hear(said):
                    return
            self._flush()

    async def _hear(self, said: Said) -> bool:
        """Whether the conversation goes on."""
        if isinstance(said, Connect):
            return await self._welcome(said)
        if isinstance(said, Over):
            if not said.in_order:
                log.info("a client is sent away", device=self._name(), because=said.reason)
            return False
        assert self.speaker  # the session hears nothing before CONNECT
        return await self._hear_from(self.speaker, said)

    async def _hear_from(
        self, speaker: Speaker, said: Publish | PubAck | Subscribe | Unsubscribe | Ping
    ) -> bool:
        match said:
            case Publish():
                if not speaker.owns(said.topic):
                    log.warning("a device speaks for another", device=self._name())
                    return False
                await self._answers.add(speaker.hear(said), said.packet_id)
            case Subscribe(packet_id=packet_id, filters=filters):
                self._grant(speaker, packet_id, filters)
            case Unsubscribe(packet_id=packet_id):
                self._session.unsubscribed(packet_id)
            case Ping():
                self._session.pong()
                await speaker.alive()
            case PubAck(packet_id=packet_id):
                await speaker.received(packet_id)
        return True

    async def _welcome(self, hello: Connect) -> bool:
        code = await self._introduce(hello)
        if code == mqtt.ACCEPTED:
            self._session.accept()
        else:
            log.info("a client is not admitted", code=code, user=(hello.username or "")[:40])
            self._session.refuse(code)
        return code == mqtt.ACCEPTED

    async def _introduce(self, hello: Connect) -> int:
        password = (hello.password or b"").decode("latin-1")
        try:
            speaker = await self._admit(hello.username or "", password)
            if hello.will is not None and not speaker.owns(hello.will.topic):
                return mqtt.NOT_ALLOWED
            await speaker.alive()
        except NotOurs:
            return mqtt.BAD_CREDENTIALS
        except NotNow:
            return mqtt.UNAVAILABLE
        self.speaker = speaker
        self._introduced(self, speaker)
        return mqtt.ACCEPTED

    def _grant(
        self, speaker: Speaker, packet_id: int, filters: tuple[tuple[str, int], ...]
    ) -> None:
        granted = [
            min(qos, 1) if speaker.owns(wanted) else mqtt.NOT_GRANTED for wanted, qos in filters
        ]
        self._session.grant(packet_id, granted)
        self._flush()
        if any(code != mqtt.NOT_GRANTED for code in granted):
            if self._telling:
                self._telling.cancel()  # subscribing again asks for everything again
            self._telling = self._loop.create_task(self._tell(speaker))

    async def _tell(self, speaker: Speaker) -> None:
        try:
            await speaker.listen(self._send, self.end)
        except Exception as error:  # noqa: BLE001 - it must not sit there and be told nothing
            log.warning("a device cannot be told", device=self._name(), because=repr(error))
            self.end()

    def _send(self, topic: str, payload: bytes) -> int | None:
        packet_id = self._session.publish(topic, payload)
        self._flush()
        return packet_id

    def _acknowledge(self, packet_id: int) -> None:
        self._session.acknowledge(packet_id)
        self._flush()

    def _not_safe(self, error: BaseException) -> None:
        log.warning("a message is not acknowledged", device=self._name(), why=repr(error))
        self.end()

    def _flush(self) -> None:
        out = self._session.take()
        if out and not self._writer.is_closing():
            self._writer.write(out)
            if self._writer.transport.get_write_buffer_size() > MOST_UNSENT:
                self._writer.transport.abort()

    def _name(self) -> str:
        return self.speaker.id.hex if self.speaker else ""
