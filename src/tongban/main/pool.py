"""Connections for the web and the worker, under the role that owns nothing."""

from typing import Any, Self

from psycopg_pool import ConnectionPool

from tongban.foundation.connection import Connection


class Pooled(Connection):
    """A connection that comes to everybody as it came to the first."""

    def __enter__(self) -> Self:
        """Let nobody find that whoever had the connection before only wanted to read.

        Told to the pool as what to do with a connection that comes back, this would be done by
        another thread, which costs each page more than most of its statements.
        """
        if self.isolation_level is not None:
            self.isolation_level = None
        if self.read_only is not None:
            self.read_only = None
        if self.autocommit:
            self.autocommit = False
        return super().__enter__()


def open_pool(url: str, *, size: int = 8, statement_timeout: str = "15s") -> ConnectionPool[Any]:
    """Return a pool that keeps trying while the database is away, for as long as it lives."""

    def configure(connection: Pooled) -> None:
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
        connection_class=Pooled,
        min_size=1,
        max_size=size,
        timeout=10,
        configure=configure,
        reconnect_timeout=0,
        open=True,
        name="tongban",
    )
