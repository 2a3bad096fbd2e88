"""Listens for devices that speak MQTT. A port that is taken or lost never takes presses with it."""

import asyncio
import ssl
from uuid import UUID

import structlog

from makegood.devices.conversation import READ_AT_ONCE, Conversation
from makegood.devices.speaking import Admit, Speaker

MOST_CONNECTIONS = 5_000
TRIES_AGAIN_AFTER = 5.0
HANGS_UP_WITHIN = 3.0
BACKLOG = 1_024

log = structlog.get_logger()


class Listener:
    """`start` and `stop` it around serving."""

    def __init__(
        self, admit: Admit, *, host: str, port: int, tls: ssl.SSLContext | None = None
    ) -> None:
        self._admit = admit
        self._host, self._port, self._tls = host, port, tls
        self._open: set[asyncio.Task[None]] = set()
        self._known: dict[UUID, Conversation] = {}
        self._server: asyncio.Server | None = None
        self._work: asyncio.Task[None] | None = None
        self.listening = asyncio.Event()

    @property
    def port(self) -> int:
        """Where it listens; 0 while it does not."""
        return int(self._server.sockets[0].getsockname()[1]) if self._server else 0

    async def start(self) -> None:
        """Begins to listen, at once or as soon as the port is free."""
        self._work = asyncio.create_task(self._bind())

    async def stop(self) -> None:
        """Hangs up on everybody; what is not acknowledged is sent to us again."""
        if self._work is not None:
            self._work.cancel()
            await asyncio.gather(self._work, return_exceptions=True)
        if self._server is not None:
            self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _bind(self) -> None:
        while True:
            try:
                self._server = await asyncio.start_server(
                    self._serve, self._host, self._port,
                    ssl=self._tls, limit=READ_AT_ONCE, backlog=BACKLOG,
                )  # fmt: skip
            except OSError as error:
                log.error("cannot listen for devices", port=self._port, error=str(error))
                await asyncio.sleep(TRIES_AGAIN_AFTER)
            else:
                self.listening.set()
                return

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            if len(self._open) <= MOST_CONNECTIONS:
                await self._converse(reader, writer)
        except asyncio.CancelledError:
            pass  # we leave; asyncio's own callback cannot bear a task that was cancelled
        except Exception:  # one device's trouble is not the others': they go on being served
            log.exception("a conversation broke")
        finally:
            self._open.discard(task)
            await _hang_up(writer)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        conversation = Conversation(
            self._admit, reader, writer, introduced=self._take_the_place_of_an_earlier
        )
        try:
            await conversation.serve()
        finally:
            speaker = conversation.speaker
            if speaker and self._known.get(speaker.id) is conversation:
                del self._known[speaker.id]

    def _take_the_place_of_an_earlier(self, conversation: Conversation, speaker: Speaker) -> None:
        """A device is connected once: the newer connection is the one that lives [3.1.4-2]."""
        earlier = self._known.get(speaker.id)
        self._known[speaker.id] = conversation
        if earlier is not None:
            earlier.replaced = True
            earlier.end()


async def _hang_up(writer: asyncio.StreamWriter) -> None:
    writer.close()
    try:
        async with asyncio.timeout(HANGS_UP_WITHIN):
            await writer.wait_closed()
    except (OSError, TimeoutError):
        writer.transport.abort()
