"""How raw ASGI applications are served: one uvicorn process on the public port."""

import os

import uvicorn

from makegood.config import env
from makegood.config.whole_writes import Protocol
from makegood.console.box.ports import refuse_taken


def serve(application: str) -> None:
    """Serve `module:app` until SIGTERM or Ctrl-C."""
    settings = env.read(os.environ)
    refuse_taken(settings.host, settings.port, "MAKEGOOD_PORT")
    uvicorn.run(
        application,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http=Protocol,
        ws="none",
        access_log=False,
        log_level="warning",
        server_header=False,
        backlog=4096,
        timeout_graceful_shutdown=3,  # an open event stream never ends by itself
    )
