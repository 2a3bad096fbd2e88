"""Errands: what nobody waits for, run by Procrastinate; never the future of a case."""

import asyncio
import threading
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
LAST_WORDS: Final = 5.0  # seconds; what is not over by then, the next worker takes up

log = structlog.get_logger()


def run_errands(stop: threading.Event) -> None:
    """Runs errands, two at a time, until `stop` is set."""
    asyncio.run(_run(stop))


async def _run(stop: threading.Event) -> None:
    work = asyncio.create_task(_work())
    while not stop.is_set() and not work.done():
        await asyncio.sleep(STOP_LOOKED_AT_EVERY)
    work.cancel()
    # Without its database the worker would ask for a connection for half a minute.
    await asyncio.wait([work], timeout=LAST_WORDS)
    if work.done() and not stop.is_set():
        work.result()  # raises what ended it unasked


async def _work() -> None:
    connector = cast(DjangoConnector, app.connector)
    with app.replace_connector(connector.get_worker_connector()) as worker_app:
        async with worker_app.open_async():
            beating = asyncio.create_task(_keep_beating(worker_app))
            try:
                await _worker(worker_app)
            finally:
                beating.cancel()


async def _worker(worker_app: App) -> None:
    await worker_app.run_worker_async(
        queues=[HOUSEKEEPING, REPLAYS], concurrency=2, install_signal_handlers=False
    )


async def _keep_beating(worker_app: App) -> None:
    """Says that errands are run; a database that is away for a moment is no reason to die."""
    while True:
        try:
            await worker_app.connector.execute_query_async(heartbeats.BEAT, name=NAME)
        except ConnectorException as error:
            log.warning("the errands could not say that they are well", error=repr(error))
        await asyncio.sleep(heartbeats.EVERY.total_seconds())
