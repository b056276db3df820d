"""What really goes over the wire to PostgreSQL, whoever sends it and by whichever way."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

_SENT = re.compile(r'F\t\d+\t(Query|Parse|Bind|Execute)\t (?:"([^"]*)")?(?: "([^"]*)")?')

_FRAME = re.compile("begin|commit|rollback|set local", re.IGNORECASE)


@contextmanager
def statements(connection: psycopg.Connection[Any]) -> Iterator[list[str]]:
    """Write down every statement that a connection is asked to execute, as libpq traces it.

    A statement of a pipeline counts as often as it is executed. What only frames a transaction does
    not count: its begin and commit, and the settings that say who acts, which go with it.
    """
    sent: list[str] = []
    with tempfile.NamedTemporaryFile() as file:
        connection.pgconn.trace(file.fileno())
        try:
            yield sent
        finally:
            connection.pgconn.untrace()
        with open(file.name, encoding="utf-8") as trace:
            sent += _executed(trace.read())


def _executed(trace: str) -> Iterator[str]:
    texts: dict[str, str] = {}
    portal = ""
    for message, first, second in _SENT.findall(trace):
        if message == "Parse":
            texts[first] = " ".join(second.split())[:60]
        elif message == "Bind":
            portal = second
        elif message == "Execute":
            yield texts.get(portal, portal)
        elif message == "Query" and not _FRAME.match(first):
            yield " ".join(first.split())[:60]
