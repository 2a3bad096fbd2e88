"""What hears hardware in the gateway: webhooks on the public port, MQTT for the rest. No Django."""

import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from makegood.config import env
from makegood.devices.asking import Asking
from makegood.devices.buttons import Buttons
from makegood.devices.hearing import Hearing, NotNow, TooOften
from makegood.devices.lamps import Lamps
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


class Listeners:
    """Wrist pagers and lamps, told what `live` hears for them."""

    def __init__(self, settings: env.Settings, intake: Intake, live: Live) -> None:
        self._live = live
        self._asking = Asking(settings.database_url)
        self.pagers = Pagers(self._asking, seal=intake.seal, follow=self._follow, wake=intake.wake)
        self.lamps = Lamps(self._asking, seal=intake.seal, follow=self._follow)

    async def close(self) -> None:
        """Hangs up on the database."""
        await self._asking.close()

    @asynccontextmanager
    async def _follow(self, topic: str, device: UUID) -> AsyncIterator[_Followed]:
        await self._live.ready()
        stream = self._live.streams.open(topic, device.hex)
        try:
            yield _Followed(stream)
        finally:
            self._live.streams.close(stream, device.hex)


class Devices:
    """Webhooks always; a listener if the settings name a port for it. Commits through `intake`.

    With `live`, which hears of pages, wrist pagers and lamps are let in too.
    """

    def __init__(self, settings: env.Settings, intake: Intake, live: Live | None = None) -> None:
        self._hearing = hearing_of(settings, intake)
        self._listeners = Listeners(settings, intake, live) if live else None
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
        if self._listeners:
            await self._listeners.close()

    def _admit(self) -> Admit:
        admitted = {"": admit_button(self._hearing)}
        if self._listeners:
            admitted["pager"] = self._listeners.pagers.admit
            admitted["lamp"] = self._listeners.lamps.admit
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
