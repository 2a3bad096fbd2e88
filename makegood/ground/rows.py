"""Rows written together: one statement, whatever their number, planned once per connection.

The values travel as one JSON document and the database gives them the types of the table. Where
presses come in storms, that is several times faster than writing them through the ORM. As there,
only the room that owns a table writes to it.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, TypeVar

import msgspec
from django.db import connection
from django.db.models import Field, Model

Row = TypeVar("Row", bound=Model)
Fields = Sequence["Field[Any, Any]"]


def insert_all(model: type[Row], rows: Iterable[Row]) -> list[Row]:
    """Writes new rows of `model`; what the database makes up itself, numbers, is left to it.

    A row whose key is such a number has it afterwards.
    """
    new = list(rows)
    if not new:
        return []
    statement, fields = _insert(model)
    with connection.cursor() as cursor:
        cursor.execute(statement, [_as_json(new, fields)])
        numbers = [key for (key,) in cursor.fetchall()] if cursor.description else []
    for row, number in zip(new, numbers, strict=False):
        row.pk = number
    for row in new:
        row._state.adding = False
    return new


def save_all(model: type[Row], rows: Sequence[Row], names: Sequence[str]) -> None:
    """Writes the named fields of rows of `model` that exist, each with its own values."""
    if not rows:
        return
    statement, fields = _update(model, tuple(names))
    with connection.cursor() as cursor:
        cursor.execute(statement, [_as_json(rows, fields)])


@cache
def _insert(model: type[Model]) -> tuple[str, Fields]:
    meta = model._meta
    fields = [
        field
        for field in meta.concrete_fields
        if field is not meta.auto_field and not field.has_db_default()
    ]
    columns = ", ".join(_quoted(field) for field in fields)
    table = f'"{meta.db_table}"'
    statement = (
        f"insert into {table} ({columns}) select {columns}"  # noqa: S608 - names of our own
        f" from json_populate_recordset(null::{table}, %s)"
    )
    if meta.auto_field:
        statement += f" returning {_quoted(meta.auto_field)}"
    return statement, fields


@cache
def _update(model: type[Model], names: tuple[str, ...]) -> tuple[str, Fields]:
    meta = model._meta
    changed = [field for field in meta.concrete_fields if field.name in names]
    table, key = f'"{meta.db_table}"', _quoted(meta.pk)
    changes = ", ".join(f"{_quoted(field)} = fresh.{_quoted(field)}" for field in changed)
    statement = (
        f"update {table} as kept set {changes}"  # noqa: S608 - names of our own columns
        f" from json_populate_recordset(null::{table}, %s) as fresh"
        f" where kept.{key} = fresh.{key}"
    )
    return statement, [meta.pk, *changed]


def _quoted(field: "Field[Any, Any]") -> str:
    return f'"{field.column}"'


def _as_json(rows: Sequence[Model], fields: Fields) -> str:
    names = [(field.column, field.attname) for field in fields]
    values = [{column: getattr(row, name) for column, name in names} for row in rows]
    return msgspec.json.encode(values).decode()
