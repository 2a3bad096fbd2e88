"""One PostgreSQL for the whole test run (a pytest plugin, loaded by `-p` in pyproject.toml).

It has to come before pytest-django reads the settings, so it cannot be a conftest. Whoever leads
the run starts the server; xdist's workers inherit DATABASE_URL and make a database each.
A DATABASE_URL of your own is used as it is.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from makegood.console.box.postgres import EmbeddedPostgres

ROOMIER = {
    "max_connections": "200",
    "shared_buffers": "128MB",
    "autovacuum": "off",  # a table that is analysed while it is empty gets plans for an empty one
}


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Set the environment up before Django's settings are read."""
    if "MAKEGOOD_DATA" in os.environ and "DATABASE_URL" in os.environ:
        return  # one of xdist's workers
    base = Path(tempfile.mkdtemp(prefix="makegood-test-"))
    base.chmod(0o711)  # as root, PostgreSQL's own account must be able to enter
    atexit.register(shutil.rmtree, base, ignore_errors=True)
    (base / "static").mkdir()  # where collected files would lie; their absence is a warning
    os.environ["MAKEGOOD_DATA"] = str(base)
    os.environ.setdefault("MAKEGOOD_SECRET", "a secret for tests, long enough and never used")
    if "DATABASE_URL" not in os.environ:
        postgres = EmbeddedPostgres(base / "postgres", fast=True, settings=ROOMIER).start()
        atexit.register(postgres.stop)
        os.environ["DATABASE_URL"] = postgres.url
