"""Identifiers that sort by the time they were made."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A fresh UUIDv7: made here, not in the database, so that a batch knows its keys beforehand."""
    return uuid7()
