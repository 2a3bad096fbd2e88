"""Errands: what nobody waits for, run by Procrastinate; never the future of a case."""

import asyncio
import threading
from typing import cast

from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from makegood.ground.errands import HOUSEKEEPING
from makegood.recover.replaying.jobs import REPLAYS

STOP_LOOKED_AT_EVERY = 0.5


def run_errands(stop: threading.Event) -> None:
    """Runs errands, two at a time, until `stop` is set."""
    asyncio.run(_run(stop))


async def _run(stop: threading.Event) -> None:
    connector = cast(DjangoConnector, app.connector)
    with app.replace_connector(connector.get_worker_connector()) as worker_app:
        async with worker_app.open_async():
            worker = asyncio.create_task(_worker(worker_app))
            while not stop.is_set() and not worker.done():
                await asyncio.sleep(STOP_LOOKED_AT_EVERY)
            worker.cancel()
            await asyncio.gather(worker, return_exceptions=stop.is_set())


async def _worker(worker_app: App) -> None:
    await worker_app.run_worker_async(
        queues=[HOUSEKEEPING, REPLAYS], concurrency=2, install_signal_handlers=False
    )
