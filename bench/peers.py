"""What others would search with: PostgreSQL full text and SQLite FTS5, over the same texts.

Both hold pairs of neighbouring characters of names and everyday words, any of which may match: the
usual way without a Chinese parser. Over local items the place is a word too, which must match, so
that both can use their index for it.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import psycopg

from tongban.catalogue.model.index.document import Document
from tongban.catalogue.model.index.text import folded

Ask = Callable[[str], list[str]]
FIRST = 20
# A name, and what is said of it, cut into pairs.
Said = tuple[str, str]


@lru_cache(maxsize=10_000)
def pairs(text: str) -> str:
    plain = folded(text).replace(" ", "")
    return " ".join(plain[i : i + 2] for i in range(max(1, len(plain) - 1)))


def said_of(documents: Sequence[Document]) -> Iterator[Said]:
    for one in documents:
        yield one.name, " ".join(map(pairs, (one.name, *one.aliases)))


def said_of_items(items: Iterable[tuple[str, str]]) -> Iterator[Said]:
    """Yield what is said of local items, given as name and region."""
    for name, region in items:
        yield name, f"{pairs(name)} r{region}"


def full_text(connection: "psycopg.Connection[Any]", said: Iterable[Said], at: str = "") -> Ask:
    """Fill the table ``said`` and return what asks it, for one region or for all."""
    connection.execute("drop table if exists said")
    connection.execute("create unlogged table said (name text, pairs tsvector)")
    with connection.cursor() as cursor:
        cursor.execute("create temp table typed (name text, pairs text)")
        with cursor.copy("copy typed from stdin") as copy:
            for row in said:
                copy.write_row(row)
        cursor.execute("insert into said select name, to_tsvector('simple', pairs) from typed")
        cursor.execute("drop table typed")
    connection.execute("set maintenance_work_mem = '1GB'")
    connection.execute("create index said_pairs on said using gin (pairs)")
    connection.execute("analyze said")
    connection.commit()

    def ask(text: str) -> list[str]:
        query = " | ".join(f"'{pair}'" for pair in pairs(text).replace("'", "").split())
        if query and at:
            query = f"r{at} & ({query})"
        found = connection.execute(
            "select name from said, to_tsquery('simple', %s) q where pairs @@ q"
            " order by ts_rank(pairs, q) desc limit %s",
            [query, FIRST],
        )
        return [name for (name,) in found] if query else []

    return ask


def full_text_bytes(connection: "psycopg.Connection[Any]") -> tuple[int, int]:
    """Return what the index takes, and what the table with all its indexes takes."""
    row = connection.execute(
        "select pg_relation_size('said_pairs'), pg_total_relation_size('said')"
    ).fetchone()
    assert row
    return int(row[0]), int(row[1])


def fts5(said: Iterable[Said], at: str = "", file: Path | None = None) -> Ask:
    """Fill a virtual table in memory, or in a file, and return what asks it."""
    connection = sqlite3.connect(file or ":memory:")
    connection.execute("create virtual table said using fts5 (name unindexed, pairs)")
    connection.executemany("insert into said values (?, ?)", said)
    connection.execute("insert into said (said) values ('optimize')")
    connection.commit()

    def ask(text: str) -> list[str]:
        query = " OR ".join(f'"{pair}"' for pair in pairs(text).replace('"', "").split())
        if query and at:
            query = f"r{at} AND ({query})"
        found = connection.execute(
            "select name from said where said match ? order by rank limit ?", [query, FIRST]
        )
        return [name for (name,) in found] if query else []

    return ask
