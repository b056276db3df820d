"""Connections for the web and the worker, under the role that owns nothing."""

from typing import Any

from psycopg_pool import ConnectionPool

from tongban.foundation.connection import Connection


def _as_it_came(connection: Connection) -> None:
    """Let nobody find that whoever had the connection before only wanted to read."""
    connection.isolation_level = connection.read_only = None


def open_pool(url: str, *, size: int = 8, statement_timeout: str = "15s") -> ConnectionPool[Any]:
    """Return a pool that keeps trying while the database is away, for as long as it lives."""

    def configure(connection: Connection) -> None:
        connection.execute("set role tongban_app")
        connection.execute(
            "select set_config('statement_timeout', %s, false),"
            " set_config('idle_in_transaction_session_timeout', '60s', false),"
            # Compiling a query that takes milliseconds costs more than it saves, and so does
            # planning it again for each value: one plan is to fit them all.
            " set_config('jit', 'off', false),"
            " set_config('plan_cache_mode', 'force_generic_plan', false)",
            [statement_timeout],
        )
        connection.commit()

    return ConnectionPool(
        url,
        connection_class=Connection,
        min_size=1,
        max_size=size,
        timeout=10,
        configure=configure,
        reset=_as_it_came,
        reconnect_timeout=0,
        open=True,
        name="tongban",
    )
