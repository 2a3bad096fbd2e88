"""The process that accepts presses and does nothing else (`makegood intake`). No Django."""

import os

from makegood.config import env
from makegood.config.devices import Devices
from makegood.config.lifespan import with_lifespan
from makegood.ground.asgi import App, Receive, Scope, Send, json_answer, send_answer
from makegood.intake.door import Intake
from makegood.intake.pages import Look
from makegood.web.look import drawing, styles, symbols


def door(settings: env.Settings) -> Intake:
    """Intake in the house's look, which is drawn in one place and only read here."""
    look = Look(
        css=styles.inline_text("guest", lambda path: f"/static/{path}"),
        plate=drawing.plate_cracks(),
        person=symbols.icon("person"),
    )
    return Intake(database_url=settings.database_url, secret=settings.secret, look=look)


async def health(intake: Intake, send: Send) -> None:
    """200 while a press made now would be kept, else 503."""
    well = await intake.can_commit()
    await send_answer(send, json_answer(200 if well else 503, {"intake": well}))


def build(settings: env.Settings) -> App:
    """The application under these settings."""
    intake = door(settings)
    devices = Devices(settings, intake)

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/healthz":
            await health(intake, send)
        elif scope["path"].startswith("/b/"):
            await devices.webhooks(scope, receive, send)
        else:
            await intake(scope, receive, send)

    return with_lifespan(answer, [intake, devices])


app = build(env.read(os.environ))
