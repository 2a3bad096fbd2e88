"""The one process on the public port: presses, buttons, streams, and the web behind. No Django.

It goes on serving the button and accepting presses while the web process is away; for the rest it
then says so. See docs/decisions/0004-group-commit-at-the-gateway.md.
"""

import os

from makegood.config import env
from makegood.config.devices import Devices
from makegood.config.intake import door as intake_door, health
from makegood.config.lifespan import with_lifespan
from makegood.config.live import door as live_door
from makegood.config.watchdog import Watchdog
from makegood.config.web_behind import WebBehind
from makegood.ground.asgi import App, Receive, Scope, Send
from makegood.live.leaving import when_asked_to_stop


def build(settings: env.Settings) -> App:
    """The application under these settings."""
    intake, live = intake_door(settings), live_door(settings)
    devices = Devices(settings, intake, live)
    watchdog = Watchdog(settings.database_url, broker=settings.broker is not None)
    web = WebBehind(settings.web_port, intake.pages, intake.seal)

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path.startswith("/t/"):
            await intake(scope, receive, send)
        elif path.startswith("/b/"):
            await devices.webhooks(scope, receive, send)
        elif path.startswith("/live/"):
            await live(scope, receive, send)
        elif path == "/healthz":
            await health(intake, send)
        elif path == "/watchdog":
            await watchdog(scope, send)
        else:
            await web(scope, receive, send)

    def started() -> None:
        when_asked_to_stop(live.leave)

    return with_lifespan(answer, [intake, live, web, devices, watchdog], started=started)


app = build(env.read(os.environ))
