"""`makegood web`: Django's sync views on granian, for the gateway in front."""

import importlib
import os
import signal
from collections.abc import Callable
from typing import Any

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from makegood.config import env
from makegood.console.box.lifeline import tie_to_parent
from makegood.console.box.ports import refuse_taken


@click.command()
def command() -> None:
    """Serve the screens on the loopback port."""
    settings = env.read(os.environ)
    refuse_taken("127.0.0.1", settings.web_port, "MAKEGOOD_WEB_PORT")
    Granian(
        "makegood.config.wsgi:application",
        address="127.0.0.1",
        port=settings.web_port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=4,
        websockets=False,
        log_level=LogLevels.warning,
        log_access=False,
        workers_kill_timeout=5,
    ).serve(target_loader=load)


def load(target: str) -> Callable[..., Any]:
    """Load the application in granian's worker, which must not outlive the process above it."""
    tie_to_parent(signal.SIGTERM)
    module, _, name = target.partition(":")
    application: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return application
