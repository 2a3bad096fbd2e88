"""Makes one real case, with its customer and its twelve steps, into very many, set-wise.

The pattern was opened through the verbs; every copy is a row of the same columns, later by its
share of a year, with keys of its own. Needs the server's superuser, who may leave foreign keys
unchecked while copying.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta

import psycopg
from psycopg import sql

STEPS_WAITING = 11  # of the twelve: the first is done with the opening
SPREAD = timedelta(days=275)  # with the policy's ninety days, the last step waits for a year
CASES_AT_ONCE = 50_000

COPIES = """
create temp table copy as
select number, number * %(apart)s::interval as later,
       uuidv7(number * %(apart)s::interval) as case_id,
       uuidv7(number * %(apart)s::interval) as customer_id
from generate_series(%(first)s::int, %(last)s::int) as number
"""
LATER = "pattern.{0} + copy.later"
OVERRIDES: Mapping[str, Mapping[str, str]] = {
    "people_customer": {
        "id": "copy.customer_id",
        "name": "'Guest ' || copy.number",
        "first_met_at": LATER,
    },
    "people_contactpoint": {
        "id": "uuidv7(copy.later)",
        "customer_id": "copy.customer_id",
        "value": "'guest-' || copy.number || '@bench.example'",
        "valid_from": LATER,
    },
    "recover_case": {
        "id": "copy.case_id",
        "number": "pattern.number + copy.number",
        "customer_id": "copy.customer_id",
        "caused_by": "gen_random_uuid()",
        "place": "'Table ' || copy.number",
        "happened_at": LATER,
        "last_signal_at": LATER,
        "opened_at": LATER,
        "leaves_at": LATER,
    },
    "recover_step": {
        "id": "uuidv7(copy.later)",
        "case_id": "copy.case_id",
        "due_at": LATER,
        "look_at": LATER,
        "ended_at": LATER,
    },
}


def multiply(url: str, *, waiting: int, said: Callable[[int], None]) -> None:
    """Adds cases until about `waiting` steps wait; says now and then how many do."""
    cases = max(1, waiting // STEPS_WAITING)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute("set synchronous_commit = off")
        for table in OVERRIDES:
            connection.execute(_pattern_of(table))
        for first in range(1, cases, CASES_AT_ONCE):
            last = min(first + CASES_AT_ONCE, cases) - 1
            with connection.transaction():
                connection.execute(COPIES, {"apart": SPREAD / cases, "first": first, "last": last})
                for table, overrides in OVERRIDES.items():
                    connection.execute(_copy(connection, table, overrides))
                connection.execute("drop table copy")
            said((last + 1) * STEPS_WAITING)
        connection.execute("vacuum (analyze)")
        connection.execute("checkpoint")


def _pattern_of(table: str) -> sql.Composed:
    return sql.SQL("create temp table {} as select * from {}").format(
        sql.Identifier(f"pattern_{table}"), sql.Identifier(table)
    )


def _copy(connection: psycopg.Connection, table: str, overrides: Mapping[str, str]) -> sql.Composed:
    """An insert of every copy of every pattern's row, in the order in which they came to be."""
    found = connection.execute(
        "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0"
        " and not attisdropped order by attnum",
        [table],
    ).fetchall()
    names = [name for (name,) in found]
    values = [sql.SQL(overrides.get(name, "pattern.{0}").format(name)) for name in names]
    return sql.SQL(
        "insert into {table} ({names}) select {values} from copy cross join {pattern} as pattern"
        " order by copy.number"
    ).format(
        table=sql.Identifier(table),
        names=sql.SQL(", ").join(map(sql.Identifier, names)),
        values=sql.SQL(", ").join(values),
        pattern=sql.Identifier(f"pattern_{table}"),
    )
