"""A look into the database that survives the database's own death."""

from typing import Any

import psycopg


class View:
    """Reads every organisation's rows; connects anew when it was cut off."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._connection: psycopg.Connection[Any] | None = None

    def rows(self, query: str, *values: object) -> list[Any]:
        """All rows; raises `psycopg.OperationalError` while the database is away."""
        try:
            return self._connected().execute(query, values or None).fetchall()
        except psycopg.OperationalError:
            self.close()
            raise

    def one(self, query: str, *values: object) -> Any:
        """The only value of the only row."""
        [[value]] = self.rows(query, *values)
        return value

    def answers(self) -> bool:
        """Whether the database is there."""
        try:
            return bool(self.one("select true"))
        except psycopg.OperationalError:
            return False

    def close(self) -> None:
        """Hangs up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self) -> psycopg.Connection[Any]:
        if self._connection is None:
            self._connection = psycopg.connect(
                self._url,
                autocommit=True,
                connect_timeout=3,
                options="-c makegood.organisation=*",
                application_name="view",
            )
        return self._connection
