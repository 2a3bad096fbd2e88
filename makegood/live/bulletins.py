"""Reads bulletins, and who may hear them, from the database."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from makegood.live.wire import Bulletin

PATIENCE = 3
MOST_REPLAYED = 200
LOOK_BACK = 5_000  # ids: how far below the last seen one a row may have been committed later

COLUMNS = "id, topic, coalesce(data->>'kind', 'message') as kind, data::text as data"

NEW = f"select {COLUMNS} from ground_bulletin where id = any(%(ids)s) order by id"  # noqa: S608

# Ids are drawn before the commit: a row with a lower id may become visible after a higher one.
SINCE = (
    " id > %(last)s - %(look_back)s"
    " and (id > %(last)s or at > makegood_now() - interval '30 seconds')"
)
ALL_SINCE = f"select {COLUMNS} from ground_bulletin where {SINCE} order by id"  # noqa: S608
OF_TOPIC_SINCE = (
    f"select {COLUMNS} from ground_bulletin where topic = %(topic)s and {SINCE}"  # noqa: S608
    " order by id desc limit %(most)s"
)
LATEST = "select coalesce(max(id), 0) from ground_bulletin"
STAFF = "select 1 from people_staff where id = %s and link_version = %s and is_active"


async def connect(database_url: str) -> psycopg.AsyncConnection:
    """A connection that sees every organisation; raises when the database is away."""
    return await psycopg.AsyncConnection.connect(
        database_url,
        autocommit=True,
        prepare_threshold=0,
        connect_timeout=PATIENCE,
        tcp_user_timeout=PATIENCE * 1000,
        options="-c makegood.organisation=*",
        application_name="makegood live",
    )


class Bulletins:
    """Questions to the database over one connection, one at a time."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._connection: psycopg.AsyncConnection | None = None
        self._turn = asyncio.Lock()

    async def latest(self) -> int:
        """The id of the newest bulletin."""
        async with self._turn:
            cursor = await (await self._connected()).execute(LATEST)
            row = await cursor.fetchone()
            return int(row[0]) if row else 0

    async def new(self, ids: Sequence[int]) -> list[Bulletin]:
        """The bulletins of these ids."""
        return await self._read(NEW, ids=list(ids))

    async def all_since(self, last: int) -> list[Bulletin]:
        """Every bulletin after `last`, and those that may have been committed late."""
        return await self._read(ALL_SINCE, last=last, look_back=LOOK_BACK)

    async def of_topic_since(self, topic: str, last: int) -> list[Bulletin] | None:
        """What a listener of `topic` missed, oldest first; None when it is too much to replay."""
        missed = await self._read(
            OF_TOPIC_SINCE, topic=topic, last=last, look_back=LOOK_BACK, most=MOST_REPLAYED
        )
        return missed[::-1] if len(missed) < MOST_REPLAYED else None

    async def staff_may_listen(self, id: UUID, link_version: int) -> bool:
        """Whether this member of staff is active and the link is not an older one."""
        async with self._turn:
            cursor = await (await self._connected()).execute(STAFF, (id, link_version))
            return await cursor.fetchone() is not None

    async def close(self) -> None:
        """Hangs up."""
        if self._connection is not None:
            await self._connection.close()

    async def _read(self, query: str, **values: object) -> list[Bulletin]:
        async with self._turn:
            connection = await self._connected()
            async with connection.cursor(row_factory=class_row(Bulletin)) as cursor:
                await cursor.execute(query, values, prepare=True)
                return await cursor.fetchall()

    async def _connected(self) -> psycopg.AsyncConnection:
        if self._connection is None or self._connection.closed:
            self._connection = await connect(self._url)
        return self._connection
