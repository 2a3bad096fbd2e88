"""The process that carries bulletins to pagers and pages (`makegood live`). No Django."""

import os

from makegood.config import env
from makegood.config.lifespan import with_lifespan
from makegood.ground.asgi import App
from makegood.live.door import Live
from makegood.live.leaving import when_asked_to_stop


def door(settings: env.Settings) -> Live:
    """Live under these settings."""
    return Live(database_url=settings.database_url, secret=settings.secret)


def build(settings: env.Settings) -> App:
    """The application under these settings."""
    live = door(settings)
    return with_lifespan(live, [live], started=lambda: when_asked_to_stop(live.leave))


app = build(env.read(os.environ))
