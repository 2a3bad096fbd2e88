"""Reads many rows at once: the keys travel as one array, and values come in binary.

So nothing need be parsed: a moment that comes as text takes longer than the rest of its row.
"""

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from psycopg.pq import Format

Line = tuple[Any, ...]


def fetch(statement: str, keys: Collection[UUID], *more: Any) -> list[Line]:
    """The rows of `statement`, whose first parameter is the array of keys."""
    if not keys:
        return []
    array = f"{{{','.join(key.hex for key in keys)}}}"
    with connection.cursor() as cursor:
        cursor.cursor.format = Format.BINARY
        cursor.execute(statement, [array, *more])
        rows: list[Line] = cursor.fetchall()
    return rows


def stream(lines: "QuerySet[Any, Line]", size: int) -> Iterator[list[Line]]:
    """The rows of a `values_list`, `size` at a time, however many there are."""
    statement, values = lines.query.sql_with_params()
    with connection.chunked_cursor() as cursor:
        cursor.cursor.format = Format.BINARY
        cursor.execute(statement, values)
        while rows := cursor.fetchmany(size):
            yield rows
