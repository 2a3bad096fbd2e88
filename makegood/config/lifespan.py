"""How an ASGI process of ours begins and ends."""

from collections.abc import Callable, Sequence
from typing import Protocol

from makegood.ground.asgi import App, Receive, Scope, Send


class Door(Protocol):
    """Something that works between start and stop."""

    async def start(self) -> None:
        """Begins."""

    async def stop(self) -> None:
        """Ends."""


def with_lifespan(
    answer: App, doors: Sequence[Door], *, started: Callable[[], None] = lambda: None
) -> App:
    """`answer` for requests; `doors` start before the first one and stop after the last."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await answer(scope, receive, send)
        elif scope["type"] == "lifespan":
            await _live(receive, send, doors, started)

    return app


async def _live(
    receive: Receive, send: Send, doors: Sequence[Door], started: Callable[[], None]
) -> None:
    await receive()
    for door in doors:
        await door.start()
    started()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    for door in reversed(doors):
        await door.stop()
    await send({"type": "lifespan.shutdown.complete"})
