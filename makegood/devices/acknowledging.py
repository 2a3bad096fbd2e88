"""Messages that are being taken, and acknowledged when they are safe."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class _Waiting:
    """A message being taken, and who waits to hear of it."""

    taken: asyncio.Task[None]
    packet_id: int | None


class Acknowledging:
    """Acknowledges in the order of sending [4.6.0-2], up to the first that is not safe.

    `unsafe` is told why, and ends the connection: what was not acknowledged is sent again.
    """

    def __init__(
        self,
        *,
        most: int,
        acknowledge: Callable[[int], None],
        unsafe: Callable[[BaseException], None],
    ) -> None:
        self._waiting: asyncio.Queue[_Waiting | None] = asyncio.Queue(most)
        self._acknowledge = acknowledge
        self._unsafe = unsafe

    async def add(self, taking: Coroutine[Any, Any, None], packet_id: int | None) -> None:
        """Begins to take a message; waits while `most` are being taken."""
        taken = asyncio.get_running_loop().create_task(taking)
        await self._waiting.put(_Waiting(taken, packet_id))

    async def end(self) -> None:
        """There is nothing more to come; `run` ends after what was added."""
        await self._waiting.put(None)

    async def run(self) -> None:
        """Until the end, or what `unsafe` raises."""
        safe = True
        while (waiting := await self._waiting.get()) is not None:
            try:
                await waiting.taken
            except Exception as error:  # noqa: BLE001 - whatever it was, it is not committed
                safe = False
                self._unsafe(error)
            if safe and waiting.packet_id is not None:
                self._acknowledge(waiting.packet_id)
