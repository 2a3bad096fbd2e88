"""Reads what belongs to a whole batch in one statement: its keys travel as one array."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg.pq import Format


def fetch(statement: str, keys: Collection[UUID], *more: Any) -> list[tuple[Any, ...]]:
    """The rows of `statement`, whose first parameter is the array of keys."""
    if not keys:
        return []
    with connection.cursor() as cursor:
        cursor.cursor.format = Format.BINARY  # moments come as numbers, and need not be parsed
        cursor.execute(statement, [list(keys), *more])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
