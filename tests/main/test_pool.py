"""Connections that many use one after the other."""

from tongban.foundation.db import Db
from tongban.main import pool

READS_ONLY = "select current_setting('transaction_read_only')"


def test_whoever_comes_after_a_reader_may_write(own_database: str) -> None:
    with pool.open_pool(own_database, size=1) as connections:
        with connections.connection() as connection:
            connection.read_only = True
            with connection.transaction():
                assert Db(connection).value(READS_ONLY) == "on"

        with connections.connection() as connection, connection.transaction():
            assert Db(connection).value(READS_ONLY) == "off"
