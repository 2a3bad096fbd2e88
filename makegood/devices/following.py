"""What `live` hears, as devices follow it."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol
from uuid import UUID


class Followed(Protocol):
    """What is told to one topic of bulletins, from the moment it was opened."""

    async def take(self) -> list[bytes] | None:
        """The next of it, each as JSON; None when it has ended and some may be missing."""


Follow = Callable[[str, UUID], AbstractAsyncContextManager[Followed]]  # a topic, for a device
