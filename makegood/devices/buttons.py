"""Which button it is that speaks, from the database, and kept while it is away."""

import asyncio
from collections.abc import Callable, Mapping
from uuid import UUID

import msgspec
import psycopg
from psycopg.rows import class_row

from makegood.sense import hearing_statement

GOOD_FOR = 15.0  # seconds until a renewed or retired button is noticed
PATIENCE = 3

FIND = """
select b.id, b.link_version, b.touchpoint_id, t.link_version as touchpoint_version
from sense_button b
join sense_touchpoint t on t.id = b.touchpoint_id and t.retired_at is null
where b.id = %s and b.retired_at is null
"""


class DatabaseAway(Exception):
    """The database cannot be asked, and the answer was not asked for before."""


class Button(msgspec.Struct, frozen=True):
    """One button in use, and the place it stands for."""

    id: UUID
    link_version: int
    touchpoint_id: UUID
    touchpoint_version: int


class Buttons:
    """Looks buttons up, at most every few seconds each, and notes which were heard."""

    def __init__(self, database_url: str, *, clock: Callable[[], float]) -> None:
        self._url = database_url
        self._clock = clock
        self._known: dict[UUID, tuple[float, Button | None]] = {}
        self._connection: psycopg.AsyncConnection | None = None
        self._turn = asyncio.Lock()

    async def find(self, id: UUID) -> Button | None:
        """The button, or None when there is none in use. Raises `DatabaseAway`.

        Only ids under our own seal are asked for, so what is kept has an end.
        """
        if fresh := self._fresh(id):
            return fresh[1]
        async with self._turn:
            if fresh := self._fresh(id):
                return fresh[1]
            try:
                found = await self._look_up(id)
            except (psycopg.Error, OSError) as error:
                if id not in self._known:
                    raise DatabaseAway(str(error)) from error
                found = self._known[id][1]
            self._known[id] = (self._clock(), found)
            return found

    def forget(self, id: UUID) -> None:
        """The next question is asked of the database."""
        self._known.pop(id, None)

    async def note(self, heard: Mapping[UUID, int | None]) -> None:
        """Writes down which buttons were heard. Raises what the database raises."""
        async with self._turn:
            connection = await self._connected()
            await connection.execute(
                hearing_statement.BUTTONS, hearing_statement.parameters(heard), prepare=True
            )

    async def close(self) -> None:
        """Hangs up."""
        if self._connection is not None:
            await self._connection.close()

    def _fresh(self, id: UUID) -> tuple[float, Button | None] | None:
        known = self._known.get(id)
        return known if known and self._clock() - known[0] < GOOD_FOR else None

    async def _look_up(self, id: UUID) -> Button | None:
        connection = await self._connected()
        async with connection.cursor(row_factory=class_row(Button)) as cursor:
            await cursor.execute(FIND, (id,), prepare=True)
            return await cursor.fetchone()

    async def _connected(self) -> psycopg.AsyncConnection:
        if self._connection is None or self._connection.closed:
            self._connection = await psycopg.AsyncConnection.connect(
                self._url,
                autocommit=True,
                connect_timeout=PATIENCE,
                tcp_user_timeout=PATIENCE * 1000,
                options="-c makegood.organisation=*",
                application_name="makegood devices",
            )
        return self._connection
