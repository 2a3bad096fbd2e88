"""What the button page says about itself: names from the database, kept while it is away."""

import asyncio
from collections.abc import Callable
from uuid import UUID

import msgspec
import psycopg
from psycopg.rows import class_row

from makegood.intake.connecting import connect

GOOD_FOR = 15.0  # seconds until a changed name shows

FIND = """
select t.link_version, t.place, t.arrival_words, s.name as site, s.helper_sign, s.timezone,
       o.name as house, o.language
from sense_touchpoint t
join people_site s on s.id = t.site_id
join people_organisation o on o.id = t.organisation_id
where t.id = %s and t.kind = 'button' and t.retired_at is null
"""


class DatabaseAway(Exception):
    """The database cannot be asked, and the answer was not asked for before."""


class Touchpoint(msgspec.Struct, frozen=True):
    """One button as the customer reads it."""

    link_version: int
    place: str
    arrival_words: str
    site: str
    helper_sign: str
    timezone: str
    house: str
    language: str


class Touchpoints:
    """Looks touchpoints up, at most every few seconds each, over one connection."""

    def __init__(self, database_url: str, *, clock: Callable[[], float]) -> None:
        self._url = database_url
        self._clock = clock
        self._known: dict[UUID, tuple[float, Touchpoint | None]] = {}
        self._connection: psycopg.AsyncConnection | None = None
        self._turn = asyncio.Lock()

    async def find(self, id: UUID) -> Touchpoint | None:
        """The touchpoint, or None when there is none in use. Raises `DatabaseAway`."""
        if fresh := self._fresh(id):
            return fresh[1]
        async with self._turn:
            if fresh := self._fresh(id):
                return fresh[1]
            try:
                found = await self._look_up(id)
            except (psycopg.Error, OSError) as error:
                return self._remembered(id, error)
            self._known[id] = (self._clock(), found)
            return found

    async def can_write(self) -> bool:
        """Whether the database answers and takes new rows."""
        async with self._turn:
            try:
                cursor = await (await self._connected()).execute(
                    "select current_setting('transaction_read_only') = 'off'"
                )
                row = await cursor.fetchone()
            except (psycopg.Error, OSError):
                return False
            return bool(row and row[0])

    async def close(self) -> None:
        """Hangs up."""
        if self._connection is not None:
            await self._connection.close()

    def _fresh(self, id: UUID) -> tuple[float, Touchpoint | None] | None:
        known = self._known.get(id)
        return known if known and self._clock() - known[0] < GOOD_FOR else None

    def _remembered(self, id: UUID, error: Exception) -> Touchpoint | None:
        if id not in self._known:
            raise DatabaseAway(str(error)) from error
        touchpoint = self._known[id][1]
        self._known[id] = (self._clock(), touchpoint)
        return touchpoint

    async def _look_up(self, id: UUID) -> Touchpoint | None:
        connection = await self._connected()
        async with connection.cursor(row_factory=class_row(Touchpoint)) as cursor:
            await cursor.execute(FIND, (id,))
            return await cursor.fetchone()

    async def _connected(self) -> psycopg.AsyncConnection:
        if self._connection is None or self._connection.closed:
            self._connection = await connect(self._url)
        return self._connection
