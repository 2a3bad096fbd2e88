"""The process that hears devices through a stock broker (`makegood devices`). No Django."""

import asyncio
import ssl
from functools import partial

import structlog

from makegood.config import env
from makegood.config.devices import Listeners, hearing_of
from makegood.config.intake import door as intake_door
from makegood.config.live import door as live_door
from makegood.devices.bridge import Bridge
from makegood.devices.broker import Broker, dial
from makegood.devices.hearing import NotNow
from makegood.ground import heartbeats

log = structlog.get_logger()


class Bridged:
    """`start` and `stop` it; in between devices are heard whenever the broker is there."""

    def __init__(self, settings: env.Settings) -> None:
        self._intake, self._live = intake_door(settings), live_door(settings)
        self._hearing = hearing_of(settings, self._intake)
        self._told = Listeners(settings, self._intake, self._live)
        self._bridge = Bridge(
            partial(dial, _broker(settings)), self._hearing, self._told.pagers, self._told.lamps
        )
        self._work: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begins to hear."""
        await self._intake.start()
        await self._live.start()
        self._hearing.start()
        self._work = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Ends; what is not committed by now, the broker keeps for us."""
        if self._work:
            self._work.cancel()
            await asyncio.gather(self._work, return_exceptions=True)
        await self._hearing.stop()
        await self._told.close()
        await self._live.stop()
        await self._intake.stop()

    async def _run(self) -> None:
        async with asyncio.TaskGroup() as work:
            work.create_task(self._bridge.run())
            work.create_task(self._beat())

    async def _beat(self) -> None:
        """Says that the broker is heard, while it is; a database that is away for a moment is no
        reason to die."""
        while True:
            await self._bridge.heard.wait()
            try:
                await self._told.pagers.ask(heartbeats.BEAT, name=heartbeats.BROKER)
            except NotNow as error:
                log.warning("could not say that the broker is heard", error=str(error))
            await asyncio.sleep(heartbeats.EVERY.total_seconds())

    async def ended(self) -> None:
        """Waits for an end that nobody asked for; raises what it was."""
        if self._work:
            await asyncio.shield(self._work)

    async def ready(self) -> None:
        """Waits until the broker is heard."""
        await self._bridge.heard.wait()


def _broker(settings: env.Settings) -> Broker:
    at = settings.broker
    if at is None:
        raise env.Misconfigured(
            "MAKEGOOD_MQTT_BROKER is not set: without a broker of your own, the gateway listens "
            "for devices itself (MAKEGOOD_MQTT_PORT)."
        )
    tls = _tls(settings.mqtt_broker_ca) if at.tls else None
    return Broker(host=at.host, port=at.port, name=at.user, password=at.password, tls=tls)


def _tls(authority: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=authority or None)
    except (OSError, ssl.SSLError) as error:
        raise env.Misconfigured(f"MAKEGOOD_MQTT_BROKER_CA cannot be used: {error}") from error
