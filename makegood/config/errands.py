"""Errands: what nobody waits for, run by Procrastinate; never the future of a case."""

import asyncio
import threading
from time import monotonic
from typing import Final, cast

import structlog
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import ConnectorException

from makegood.ground import heartbeats
from makegood.ground.errands import HOUSEKEEPING
from makegood.recover.replaying.jobs import REPLAYS

NAME: Final = "errands"
STOP_LOOKED_AT_EVERY: Final = 0.5  # seconds

log = structlog.get_logger()


def run_errands(stop: threading.Event) -> None:
    """Runs errands, two at a time, until `stop` is set."""
    asyncio.run(_run(stop))


async def _run(stop: threading.Event) -> None:
    connector = cast(DjangoConnector, app.connector)
    with app.replace_connector(connector.get_worker_connector()) as worker_app:
        async with worker_app.open_async():
            worker = asyncio.create_task(_worker(worker_app))
            beat_at = float("-inf")
            while not stop.is_set() and not worker.done():
                if monotonic() - beat_at >= heartbeats.EVERY.total_seconds():
                    await _beat(worker_app)
                    beat_at = monotonic()
                await asyncio.sleep(STOP_LOOKED_AT_EVERY)
            worker.cancel()
            await asyncio.gather(worker, return_exceptions=stop.is_set())


async def _worker(worker_app: App) -> None:
    await worker_app.run_worker_async(
        queues=[HOUSEKEEPING, REPLAYS], concurrency=2, install_signal_handlers=False
    )


async def _beat(worker_app: App) -> None:
    """Says that errands are run; a database that is away for a moment is no reason to die."""
    try:
        await worker_app.connector.execute_query_async(heartbeats.BEAT, name=NAME)
    except ConnectorException as error:
        log.warning("the errands could not say that they are well", error=repr(error))
