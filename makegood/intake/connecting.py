"""How intake connects: every organisation's rows, every statement its own transaction."""

import psycopg

PATIENCE = 3  # seconds to wait for a connection, and for the network to admit that it is gone


async def connect(database_url: str) -> psycopg.AsyncConnection:
    """A fresh connection; raises `psycopg.OperationalError` when the database is away."""
    return await psycopg.AsyncConnection.connect(
        database_url,
        autocommit=True,
        prepare_threshold=0,
        connect_timeout=PATIENCE,
        tcp_user_timeout=PATIENCE * 1000,
        # One plan for every batch size: making a new one costs more than running it.
        options="-c makegood.organisation=* -c plan_cache_mode=force_generic_plan",
        application_name="makegood intake",
    )
