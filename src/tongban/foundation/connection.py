"""A connection on which the same few statements are executed again and again.

A cursor of psycopg costs more CPU than most statements that the product asks, on both sides: it
waits in a selector, it opens the transaction by an exchange of its own, and it is made anew each
time. Here a statement goes straight to libpq, prepared once it has proved to come back, and values
are adapted by psycopg as everywhere. What has to be streamed (``copy``, pipelines) still goes by a
cursor of the same connection.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, is_dataclass
from functools import lru_cache
from typing import Any, LiteralString, NamedTuple, Self, TypeVar

import psycopg
from psycopg import errors
from psycopg.abc import Transformer as Adapter
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ConnStatus, Escaping, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

Row = TypeVar("Row")
Make = Callable[[Sequence[Any]], Any]

PREPARED_AFTER = 3
"""A statement is prepared when it comes for the fourth time."""
KNOWN_MAX = 500
_GONE = (errors.InvalidSqlStatementName, errors.FeatureNotSupported)
_PLACEHOLDER = re.compile(r"%(?:%|\((\w+)\)([sbt]))?")
_FORMATS = {"s": PyFormat.AUTO, "b": PyFormat.BINARY, "t": PyFormat.TEXT}


class Outdated(psycopg.OperationalError):
    """Tables have changed beneath a connection: whoever tries again finds it like new."""


@dataclass(slots=True)
class _Known:
    """A statement with values of certain types, as one connection has met it."""

    used: int = 0
    name: bytes = b""
    makers: dict[type, Make] = field(default_factory=dict)


class Connection(psycopg.Connection[Any]):
    """A psycopg connection that remembers what it has prepared."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.known: OrderedDict[tuple[str, tuple[int, ...] | None], _Known] = OrderedDict()
        self.numbered = 0
        # What adapts values finds out how once for each type, so one is kept; under the lock.
        self.adapter: Adapter = Transformer(self)
        self.said: tuple[Mapping[str, str], bytes] = ({}, b"")

    @classmethod
    def connect(cls, *arguments: Any, **named: Any) -> Self:
        """Connect so that psycopg prepares nothing by itself, whatever goes by its cursors.

        Else a rollback would make it drop every prepared statement, ours with its own.
        """
        return super().connect(*arguments, **named | {"prepare_threshold": None})

    def commit(self) -> None:
        """Commit, in a single call where nothing speaks against it."""
        status = self.pgconn.transaction_status
        plain = status in (TransactionStatus.INTRANS, TransactionStatus.IDLE)
        if not plain or self._num_transactions or self._pipeline:
            super().commit()
        elif status == TransactionStatus.INTRANS:
            with self.lock:
                _checked(self.pgconn, self.pgconn.exec_(b"commit"))


@contextmanager
def transaction(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """Commit at the end, or roll back what an error has left half done.

    It begins with the first statement, so that nothing is sent only to begin it.
    """
    try:
        yield
    except BaseException:
        if not connection.closed:
            connection.rollback()
        raise
    connection.commit()


def begin(connection: psycopg.Connection[Any]) -> None:
    """Begin the transaction now, where no statement has begun it yet."""
    pgconn = connection.pgconn
    if pgconn.transaction_status == TransactionStatus.IDLE and not connection.autocommit:
        with connection.lock:
            _checked(pgconn, pgconn.exec_(_begin(connection)))


class Answer(NamedTuple):
    """What a statement gave, not yet turned into rows."""

    connection: psycopg.Connection[Any]
    result: PGresult
    adapter: Adapter
    known: _Known

    @property
    def touched(self) -> int:
        """How many rows were read or changed; -1 where that cannot be said."""
        if self.result.status == ExecStatus.TUPLES_OK:
            return self.result.ntuples
        count = self.result.command_tuples
        return -1 if count is None else count

    def rows(self, kind: type[Row], limit: int | None = None) -> list[Row]:
        """Return rows as instances of a class, or named tuple, with a field for each column."""
        count = self.result.ntuples if limit is None else min(limit, self.result.ntuples)
        if not count:
            return []
        make = self.known.makers.get(kind)
        if make is None:
            make = self.known.makers[kind] = _maker(kind, self.result)
        with self.connection.lock:
            self.adapter.set_pgresult(self.result)
            return self.adapter.load_rows(0, count, make)

    def first(self) -> Any:
        """Return the first column of the first row, None where there is no row."""
        if not self.result.ntuples:
            return None
        with self.connection.lock:
            self.adapter.set_pgresult(self.result)
            return self.adapter.load_row(0, tuple)[0]


def ask(
    connection: psycopg.Connection[Any], sql: LiteralString, values: Mapping[str, object]
) -> Answer:
    """Execute a statement with the values that it names as ``%(name)s``.

    As with a cursor, two threads that share a connection wait for each other.
    """
    begin(connection)
    with connection.lock:
        return _asked(connection, sql, values)


def _asked(
    connection: psycopg.Connection[Any], sql: LiteralString, values: Mapping[str, object]
) -> Answer:
    pgconn = connection.pgconn
    query, names, formats = _parsed(sql)
    remembers = connection if isinstance(connection, Connection) else None
    adapter: Adapter = remembers.adapter if remembers else Transformer(connection)
    given = adapter.dump_sequence([values[name] for name in names], formats)
    if remembers:
        known = _met(remembers, sql, adapter.types)
        if known.used > PREPARED_AFTER:
            result = _prepared(remembers, known, query, adapter, given)
            return Answer(connection, result, adapter, known)
    else:
        known = _Known()
    if names:
        result = pgconn.exec_params(query, given, adapter.types, adapter.formats)
    else:
        result = pgconn.exec_(query)
    return Answer(connection, _checked(pgconn, result), adapter, known)


def set_local(connection: psycopg.Connection[Any], settings: Mapping[str, str]) -> None:
    """Set parameters for the length of the transaction, which begins with them if need be."""
    pgconn = connection.pgconn
    if isinstance(connection, Connection):
        if connection.said[0] is not settings:  # The same actor is announced again and again.
            connection.said = (settings, _said(pgconn, settings))
        said = connection.said[1]
    else:
        said = _said(pgconn, settings)
    if pgconn.transaction_status == TransactionStatus.IDLE and not connection.autocommit:
        said = _begin(connection) + b";" + said
    with connection.lock:
        _checked(pgconn, pgconn.exec_(said))


def _said(pgconn: PGconn, settings: Mapping[str, str]) -> bytes:
    quoted = Escaping(pgconn).escape_literal
    return b";".join(
        b"set local %s = %s" % (name.encode(), bytes(quoted(_without_nul(value))))
        for name, value in settings.items()
    )


def _without_nul(text: str) -> bytes:
    if "\0" in text:
        raise psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
    return text.encode()


def _begin(connection: psycopg.Connection[Any]) -> bytes:
    parts = [b"begin"]
    if connection.isolation_level is not None:
        level = psycopg.IsolationLevel(connection.isolation_level)
        parts.append(b"isolation level " + level.name.replace("_", " ").encode())
    if connection.read_only is not None:
        parts.append(b"read only" if connection.read_only else b"read write")
    if connection.deferrable is not None:
        parts.append(b"deferrable" if connection.deferrable else b"not deferrable")
    return b" ".join(parts)


@lru_cache(maxsize=5_000)
def _parsed(sql: str) -> tuple[bytes, tuple[str, ...], list[PyFormat]]:
    """Return a statement as PostgreSQL numbers its parameters, their names and formats."""
    numbers: dict[str, int] = {}
    formats: list[PyFormat] = []

    def numbered(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%"
        if found[1] is None:
            raise psycopg.ProgrammingError("a single % in a statement is written %%")
        if found[1] not in numbers:
            numbers[found[1]] = len(numbers) + 1
            formats.append(_FORMATS[found[2]])
        return f"${numbers[found[1]]}"

    text = _PLACEHOLDER.sub(numbered, sql)
    return text.encode(), tuple(numbers), formats


def _met(connection: Connection, sql: str, types: tuple[int, ...] | None) -> _Known:
    key = (sql, types)
    known = connection.known.get(key)
    if known is None:
        while len(connection.known) >= KNOWN_MAX:
            _, old = connection.known.popitem(last=False)
            if old.name:
                connection.pgconn.exec_(b"deallocate " + old.name)
        known = connection.known[key] = _Known()
    else:
        connection.known.move_to_end(key)
    known.used += 1
    return known


def _prepared(
    connection: Connection,
    known: _Known,
    query: bytes,
    adapter: Adapter,
    given: Sequence[Any],
) -> PGresult:
    pgconn = connection.pgconn
    if not known.name:
        connection.numbered += 1
        name = b"tongban_%d" % connection.numbered
        _checked(pgconn, pgconn.prepare(name, query, adapter.types))
        known.name = name
    try:
        return _checked(pgconn, pgconn.exec_prepared(known.name, given, adapter.formats))
    except _GONE as error:
        connection.known.clear()
        raise Outdated(str(error)) from error


def _checked(pgconn: PGconn, result: PGresult) -> PGresult:
    status = result.status
    if status in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK, ExecStatus.EMPTY_QUERY):
        return result
    encoding = "utf-8"
    if pgconn.status == ConnStatus.BAD:
        raise psycopg.OperationalError(result.get_error_message(encoding) or "connection lost")
    raise errors.error_from_result(result, encoding=encoding)


def _maker(kind: type, result: PGresult) -> Make:
    names = [(result.fname(column) or b"").decode() for column in range(result.nfields)]
    if getattr(kind, "_fields", None) == tuple(names):
        made: Make = kind._make  # type: ignore[attr-defined]
        return made
    if is_dataclass(kind):
        wanted = [one.name for one in fields(kind) if one.init and not one.kw_only]
        if wanted[: len(names)] == names:
            return lambda values: kind(*values)
    return lambda values: kind(**dict(zip(names, values, strict=True)))
