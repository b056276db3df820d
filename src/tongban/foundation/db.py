"""The only door to PostgreSQL: literal SQL goes in, typed rows come out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, LiteralString, TypeVar

from psycopg import Connection, Transaction

from tongban.foundation.connection import ask, begin

Row = TypeVar("Row")
_IN_ORDER: LiteralString = """
select set_config(name, %(on)s, true)
  from unnest(array['enable_sort', 'enable_bitmapscan', 'enable_seqscan']) as name
"""


class Db:
    """A connection with an open transaction. Whoever opened it commits; nobody else does."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection

    def one(self, row: type[Row], sql: LiteralString, **values: object) -> Row | None:
        found = ask(self._connection, sql, values).rows(row, limit=1)
        return found[0] if found else None

    def all(self, row: type[Row], sql: LiteralString, **values: object) -> list[Row]:
        return ask(self._connection, sql, values).rows(row)

    def value(self, sql: LiteralString, **values: object) -> Any:
        """Return the first column of the first row, or None where there is no row."""
        return ask(self._connection, sql, values).first()

    def run(self, sql: LiteralString, **values: object) -> int:
        """Execute a statement and return the number of rows it touched."""
        return ask(self._connection, sql, values).touched

    def run_each(self, sql: LiteralString, rows: Sequence[Mapping[str, object]]) -> None:
        """Execute one statement for each row of values, sent in one pipeline."""
        with self._connection.cursor() as cursor:
            cursor.executemany(sql, rows)

    def copy(self, sql: LiteralString, rows: Iterable[Sequence[object]]) -> None:
        """Load many rows with ``copy <table> (<columns>) from stdin``."""
        with self._connection.cursor() as cursor, cursor.copy(sql) as copy:
            for row in rows:
                copy.write_row(row)

    @contextmanager
    def in_index_order(self) -> Iterator[None]:
        """Plan statements along indexes that have the order asked for, and sort nothing.

        For short lists from long tables: what several conditions leave is guessed to be next to
        nothing, so that reading it all to sort it looks cheap, until a table has grown.
        """
        self.run(_IN_ORDER, on="off")
        yield
        self.run(_IN_ORDER, on="on")  # After an error the transaction ends, and this with it.

    def savepoint(self) -> AbstractContextManager[Transaction]:
        begin(self._connection)  # Else the savepoint would be a transaction, and commit.
        return self._connection.transaction()
