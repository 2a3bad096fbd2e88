"""One connection to the database for the statements of all pagers and lamps."""

import asyncio

import psycopg

from makegood.devices.hearing import NotNow

PATIENCE = 3


class Asking:
    """Connects when there is something to ask, and anew when it was cut off."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._connection: psycopg.AsyncConnection | None = None
        self._turn = asyncio.Lock()

    async def ask(self, statement: str, **values: object) -> list[tuple[str, ...]]:
        """Runs one statement, a transaction of its own; raises `NotNow`."""
        async with self._turn:
            try:
                if self._connection is None or self._connection.closed:
                    self._connection = await self._connect()
                cursor = await self._connection.execute(statement, values, prepare=True)
                return await cursor.fetchall() if cursor.description else []
            except (psycopg.OperationalError, OSError) as error:
                raise NotNow(str(error)) from error

    async def close(self) -> None:
        """Hangs up on the database."""
        if self._connection is not None:
            await self._connection.close()

    async def _connect(self) -> psycopg.AsyncConnection:
        return await psycopg.AsyncConnection.connect(
            self._url,
            autocommit=True,
            connect_timeout=PATIENCE,
            tcp_user_timeout=PATIENCE * 1000,
            options="-c makegood.organisation=*",
            application_name="makegood pagers",
        )
