"""Tenant fences: row-level security as a second wall behind the access functions.

PostgreSQL shows a row of a fenced table only when `makegood.organisation` names its organisation
or says `*`. Unset shows nothing. Doors enter `scope(...)`; jobs and link look-ups `everywhere()`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.migrations.operations import RunSQL
from psycopg.pq import TransactionStatus

EVERYWHERE = "*"
NOWHERE = ""


@contextmanager
def scope(organisation_id: UUID) -> Iterator[None]:
    """Within, this connection sees one organisation's rows."""
    with _seeing(str(organisation_id)):
        yield


@contextmanager
def everywhere() -> Iterator[None]:
    """Within, this connection sees every organisation's rows: jobs and link look-ups only."""
    with _seeing(EVERYWHERE):
        yield


@contextmanager
def nowhere() -> Iterator[None]:
    """Within, this connection sees no tenant's rows: what a stranger's request starts with."""
    with _seeing(NOWHERE):
        yield


def binds_us() -> bool:
    """Whether row-level security binds the role we sign in as."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select not (rolsuper or rolbypassrls) from pg_roles where rolname = current_user"
        )
        (bound,) = cursor.fetchone()
    return bool(bound)


@contextmanager
def _seeing(value: str) -> Iterator[None]:
    before = _set(value)
    try:
        yield
    finally:
        if not _broken():
            _set(before)


def _broken() -> bool:
    """Whether the transaction can only be rolled back, which restores the setting by itself."""
    raw = connection.connection
    failed = raw is not None and raw.info.transaction_status == TransactionStatus.INERROR
    return connection.needs_rollback or failed


def _set(value: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "select coalesce(current_setting('makegood.organisation', true), ''),"
            " set_config('makegood.organisation', %s, false)",
            [value],
        )
        before, _ = cursor.fetchone()
    return str(before)


class Fence(RunSQL):
    """Migration operation: fences a tenant table by its `organisation_id`."""

    def __init__(self, table: str) -> None:
        self.table = table
        super().__init__(
            f"""
            alter table {table} enable row level security;
            alter table {table} force row level security;
            create policy fence on {table} using (
                (select current_setting('makegood.organisation', true)) = '*'
                or organisation_id::text = (select current_setting('makegood.organisation', true))
            );
            """,
            f"""
            drop policy fence on {table};
            alter table {table} no force row level security;
            alter table {table} disable row level security;
            """,
        )

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        return (self.__class__.__name__, (self.table,), {})
