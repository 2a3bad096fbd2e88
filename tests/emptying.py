"""Empties the tables after a test that committed, and nothing more (a pytest plugin).

Django's way is to make the files of all tables anew, and then its permissions, which nobody here
asks for: half a second a test.
"""

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection
from django.db.models.signals import post_migrate

EMPTY = """
do $$ declare name text; begin
    perform set_config('makegood.organisation', '*', true);
    foreach name in array array[{names}] loop execute format('delete from %I', name); end loop;
end $$"""


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """What refers to what is checked when the transaction ends, so the order does not matter."""
    pytest.MonkeyPatch().setattr(connection.ops, "sql_flush", _empty)
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    from django.contrib.contenttypes.management import (  # noqa: PLC0415 - models, after set-up
        create_contenttypes,
    )

    post_migrate.disconnect(create_contenttypes)


def _empty(style: Any, tables: Sequence[str], **how: Any) -> list[str]:
    return [EMPTY.format(names=", ".join(f"'{table}'" for table in tables))] if tables else []
