"""What hears hardware in the gateway: webhooks on the public port, MQTT for the rest. No Django."""

import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from makegood.config import env
from makegood.devices.buttons import Buttons
from makegood.devices.hearing import Hearing, NotNow, TooOften
from makegood.devices.listener import Listener
from makegood.devices.pagers import Pagers
from makegood.devices.speaking import Admit, admit_any, admit_button
from makegood.devices.webhooks import Webhooks
from makegood.intake.committing import NotCommitted, TooMuch
from makegood.intake.door import Intake
from makegood.live import wire
from makegood.live.door import Live
from makegood.live.streams import Stream
from makegood.sense.press_statement import Press


def hearing_of(settings: env.Settings, intake: Intake) -> Hearing:
    """What takes presses, and commits them through `intake`."""

    async def commit(press: Press) -> UUID | None:
        try:
            return await intake.keep(press)
        except TooMuch as error:
            raise TooOften(str(error)) from error
        except NotCommitted as error:
            raise NotNow(str(error)) from error

    buttons = Buttons(settings.database_url, clock=time.monotonic)
    return Hearing(buttons, seal=intake.seal, commit=commit)


class _Followed:
    """A stream of `live` without what makes it Server-Sent Events."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    async def take(self) -> list[bytes] | None:
        """The next bulletins; None when the stream has ended."""
        messages = await self._stream.take()
        return None if messages is None else wire.data_of(messages)


def pagers_of(settings: env.Settings, intake: Intake, live: Live) -> Pagers:
    """Wrist pagers, told what `live` hears for them."""

    @asynccontextmanager
    async def follow(topic: str) -> AsyncIterator[_Followed]:
        await live.ready()
        stream = live.streams.open(topic, topic)
        try:
            yield _Followed(stream)
        finally:
            live.streams.close(stream, topic)

    return Pagers(settings.database_url, seal=intake.seal, follow=follow, wake=intake.wake)


class Devices:
    """Webhooks always; a listener if the settings name a port for it. Commits through `intake`.

    With `live`, which hears of pages, wrist pagers are let in too.
    """

    def __init__(self, settings: env.Settings, intake: Intake, live: Live | None = None) -> None:
        self._hearing = hearing_of(settings, intake)
        self._pagers = pagers_of(settings, intake, live) if live else None
        self.webhooks = Webhooks(self._hearing)
        self.listener = _listener(settings, self._admit())

    async def start(self) -> None:
        """Begins to hear."""
        self._hearing.start()
        if self.listener:
            await self.listener.start()

    async def stop(self) -> None:
        """Hears nobody any more, and writes down who was heard."""
        if self.listener:
            await self.listener.stop()
        await self._hearing.stop()
        if self._pagers:
            await self._pagers.close()

    def _admit(self) -> Admit:
        admitted = {"": admit_button(self._hearing)}
        if self._pagers:
            admitted["pager"] = self._pagers.admit
        return admit_any(admitted)


def _listener(settings: env.Settings, admit: Admit) -> Listener | None:
    if settings.mqtt_port is None:
        return None
    return Listener(admit, host=settings.mqtt_host, port=settings.mqtt_port, tls=_tls(settings))


def _tls(settings: env.Settings) -> ssl.SSLContext | None:
    if not settings.mqtt_cert:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(settings.mqtt_cert, settings.mqtt_key or None)
    except (OSError, ssl.SSLError) as error:
        raise env.Misconfigured(
            f"MAKEGOOD_MQTT_CERT and MAKEGOOD_MQTT_KEY cannot be used: {error}"
        ) from error
    return context
