"""What hears hardware buttons in the gateway: webhooks on the public port, and MQTT. No Django."""

import ssl
import time
from uuid import UUID

from makegood.config import env
from makegood.devices.buttons import Buttons
from makegood.devices.hearing import Hearing, NotNow
from makegood.devices.listener import Listener
from makegood.devices.webhooks import Webhooks
from makegood.intake.committing import NotCommitted
from makegood.intake.door import Intake
from makegood.sense.press_statement import Press


class Devices:
    """Webhooks always; a listener if the settings name a port for it. Commits through `intake`."""

    def __init__(self, settings: env.Settings, intake: Intake) -> None:
        async def commit(press: Press) -> UUID | None:
            try:
                return await intake.keep(press)
            except NotCommitted as error:
                raise NotNow(str(error)) from error

        buttons = Buttons(settings.database_url, clock=time.monotonic)
        self._hearing = Hearing(buttons, seal=intake.seal, commit=commit)
        self.webhooks = Webhooks(self._hearing)
        self.listener = _listener(settings, self._hearing)

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


def _listener(settings: env.Settings, hearing: Hearing) -> Listener | None:
    if settings.mqtt_port is None:
        return None
    return Listener(hearing, host=settings.mqtt_host, port=settings.mqtt_port, tls=_tls(settings))


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
