"""What was imported, and how it went."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from tongban.foundation.db import Db
from tongban.foundation.errors import NotFound


class NoSuchImport(NotFound):
    message = "没有编号为 {number} 的导入"


@dataclass(frozen=True, slots=True)
class Import:
    """One import. ``preview`` is what would change; ``done`` how much has been read, in percent."""

    id: int
    file: str
    format: str
    mapping: str
    state: str
    preview: dict[str, Any] | None
    problem: str
    entries: int
    read: int
    accepted: int
    unchanged: int
    rejected: int
    doubts: dict[str, int]
    started_by: str
    started_name: str
    started_at: datetime
    grants: list[list[str]]
    confirmed_name: str
    finished_at: datetime | None
    undone_name: str
    undone_at: datetime | None
    left_alone: int

    def said(self, language: str) -> str:
        """Return in a language why it cannot be done; in Chinese only where it is an old one."""
        if not self.problem.startswith("{"):
            return self.problem
        told: dict[str, str] = msgspec.json.decode(self.problem)
        return told["reason" if language == "zh-CN" else "reason_en"]


@dataclass(frozen=True, slots=True)
class Change:
    """A version that an import made. ``present`` is the version that holds now."""

    code: str
    name: str
    version: int
    present: int
    department: str
    region: str


def imports(db: Db, *, before: int = 0, size: int = 20) -> list[Import]:
    """Return imports, the latest first."""
    return db.all(
        Import,
        """
        select id, file, format, mapping, state, preview, problem, entries, read, accepted,
               unchanged, rejected, doubts, started_by, started_name, started_at, grants,
               confirmed_name, finished_at, undone_name, undone_at, left_alone
          from catalogue.import
         where %(before)s = 0 or id < %(before)s
         order by id desc
         limit %(limit)s
        """,
        before=before,
        limit=size,
    )


def one_import(db: Db, *, number: int) -> Import:
    """Return an import.

    :raises NoSuchImport: if there is none of this number.
    """
    found = imports(db, before=number + 1, size=1)
    if not found or found[0].id != number:
        raise NoSuchImport(number=number)
    return found[0]


def import_content(db: Db, *, number: int) -> bytes:
    """Return the uploaded file of an import that waits; empty if there is none any more."""
    content: bytes | None = db.value(
        "select content from catalogue.import where id = %(number)s", number=number
    )
    return content or b""


def import_rejects(
    db: Db, *, number: int, after: int = 0, limit: int = 200
) -> list[dict[str, Any]]:
    """Return rejected lines, each with line, field, rule, reason, reason_en, record and sheet."""
    rows: list[dict[str, Any]] = db.value(
        """
        select coalesce(jsonb_agg(told order by line), '[]')
          from (select line, told from catalogue.import_reject
                 where import = %(number)s and line > %(after)s
                 order by line limit %(limit)s) as rejected
        """,
        number=number,
        after=after,
        limit=limit,
    )
    return rows


def import_changes(db: Db, *, number: int, after: str = "", limit: int = 200) -> list[Change]:
    """Return the versions that an import made, by code."""
    return db.all(
        Change,
        """
        select c.item_code as code, i.name, c.version, i.version as present, i.department, i.region
          from catalogue.import_change c
          join catalogue.item i on i.code = c.item_code
         where c.import = %(number)s and c.item_code > %(after)s
         order by c.item_code
         limit %(limit)s
        """,
        number=number,
        after=after,
        limit=limit,
    )
