"""Migrates one database for a whole run; the other workers have copies of it (a pytest plugin)."""

import fcntl
import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

NAME = "test_makegood_to_copy"


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """As pytest-django does it, one worker after the other."""
    place = Path(os.environ["MAKEGOOD_DATA"])
    with _alone(place / "copying"):
        copied = (place / NAME).exists()
        if copied:
            connection.settings_dict["TEST"]["TEMPLATE"] = NAME
        request.getfixturevalue("django_db_setup")
        if not copied and "PYTEST_XDIST_WORKER" in os.environ:
            with django_db_blocker.unblock():
                connection.close()  # nobody may be in what is copied
            ours = connection.ops.quote_name(connection.settings_dict["NAME"])
            _say(f"drop database if exists {NAME}")
            _say(f"create database {NAME} template {ours}")
            (place / NAME).touch()
    yield
    gc.collect()  # psycopg leaves a connection that was cancelled half-way to the collector


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Removes the one that was copied: a PostgreSQL of your own is left as it was."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        place = Path(os.environ["MAKEGOOD_DATA"])
        if (place / NAME).exists():
            _say(f"drop database {NAME}")


def _say(statement: LiteralString) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as direct:
        direct.execute(statement)


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    with place.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
