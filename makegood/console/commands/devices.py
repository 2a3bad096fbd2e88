"""`makegood devices`: hears devices through a broker of your own."""

import asyncio
import os
import signal

import click

from makegood.config import env
from makegood.config.bridge import Bridged


@click.command()
def command() -> None:
    """Hear buttons and tell pagers through the broker of MAKEGOOD_MQTT_BROKER, without Django."""
    asyncio.run(_run(env.read(os.environ)))


async def _run(settings: env.Settings) -> None:
    bridged = Bridged(settings)
    asked_to_stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, asked_to_stop.set)
    await bridged.start()
    ends = [asyncio.create_task(wait) for wait in (asked_to_stop.wait(), bridged.ended())]
    done, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    for end in ends:
        end.cancel()
    await bridged.stop()
    for end in done:
        end.result()  # raises what ended us unasked
