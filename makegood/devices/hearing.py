"""Takes what buttons say: a press is committed before anybody answers, the rest is written soon."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

import psycopg
import structlog

from makegood.devices.buttons import Button, Buttons, DatabaseAway
from makegood.devices.heard import Heard, Pressed, happened_at, key_of
from makegood.ground.tokens import Seal, Sealed, TokenInvalid
from makegood.sense.press_statement import Press

PURPOSE = "button"  # of sealed links, as in ground's links, which live in Django
WRITTEN_EVERY = 2.0  # seconds; a button that says something every second costs one row in two

Commit = Callable[[Press], Awaitable[UUID | None]]

log = structlog.get_logger()


class NotNow(Exception):
    """It is not safe yet; the same again later helps, and counts once."""


class TooOften(NotNow):
    """Its place has been pressed more often than we take; the others are not to wait for it."""


class NotOurs(Exception):
    """No button in use has this secret."""


def unseal(seal: Seal, purpose: str, secret: str, *, name: str | None = None) -> Sealed:
    """What a device's secret says, if it was made here for `purpose` and goes with its name."""
    try:
        sealed = seal.open(purpose, secret)
    except TokenInvalid as error:
        raise NotOurs from error
    if name is not None and not hmac.compare_digest(name.encode(), sealed.id.hex.encode()):
        raise NotOurs
    return sealed


class Hearing:
    """What the listener and the webhooks share. `commit` says the signal, or None for no place."""

    def __init__(self, buttons: Buttons, *, seal: Seal, commit: Commit) -> None:
        self._buttons = buttons
        self._seal = seal
        self._commit = commit
        self._heard: dict[UUID, int | None] = {}
        self._work: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins to write down who was heard."""
        self._work = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Writes what is left, and ends."""
        if self._work is not None:
            self._work.cancel()
            await asyncio.gather(self._work, return_exceptions=True)
        await self._write()
        await self._buttons.close()

    def open(self, secret: str, *, name: str | None = None) -> Sealed:
        """Which button this secret was made for; raises `NotOurs`. Asks nobody: it is sealed.

        Who gives a `name` as well must give the button's own id.
        """
        return unseal(self._seal, PURPOSE, secret, name=name)

    async def vouched(self, id: UUID) -> Sealed:
        """The button with this id, when a broker has checked its secret instead of us.

        Raises `NotOurs` or `NotNow`. What is no button is not remembered: a broker may let
        anything through.
        """
        try:
            found = await self._buttons.find(id)
        except DatabaseAway as error:
            raise NotNow(str(error)) from error
        if found is None:
            self._buttons.forget(id)
            raise NotOurs
        return Sealed(id, found.link_version)

    async def button(self, sealed: Sealed) -> Button:
        """The button in use with this secret; raises `NotOurs` or `NotNow`."""
        try:
            found = await self._buttons.find(sealed.id)
        except DatabaseAway as error:
            raise NotNow(str(error)) from error
        if found is None or found.link_version != sealed.version:
            raise NotOurs
        return found

    async def take(self, sealed: Sealed, heard: Heard, *, now: datetime) -> None:
        """Commits the presses and notes the rest; raises `NotOurs` or `NotNow`."""
        await self.button(sealed)
        for pressed in heard.presses:
            await self._press(sealed, pressed, now)
        battery = heard.battery if heard.battery is not None else self._heard.get(sealed.id)
        self._heard[sealed.id] = battery

    async def _press(self, sealed: Sealed, pressed: Pressed, now: datetime) -> None:
        for _ in range(2):
            button = await self.button(sealed)
            press = Press(
                touchpoint_id=button.touchpoint_id,
                link_version=button.touchpoint_version,
                key=key_of(button.id, pressed, now=now),
                happened_at=happened_at(pressed, now=now),
            )
            if await self._commit(press) is not None:
                return
            self._buttons.forget(button.id)  # its place may have got another link
        raise NotOurs

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(WRITTEN_EVERY)
            await self._write()

    async def _write(self) -> None:
        if not self._heard:
            return
        heard, self._heard = self._heard, {}
        try:
            await self._buttons.note(heard)
        except (psycopg.Error, OSError) as error:
            log.warning("cannot write down which buttons were heard", error=str(error))
            self._heard = heard | self._heard
