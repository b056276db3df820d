"""The lists beside the services: one entry, its versions, pages of a list, and a search in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import LiteralString, TypeVar

from tongban.catalogue.model.content import decode_entry
from tongban.catalogue.model.entry import Entry, List, NoSuchEntry, list_of_kind
from tongban.catalogue.model.search import grams, normalise
from tongban.foundation.db import Db
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.paging import Page, cut, read_cursor

E = TypeVar("E", bound=Entry)


@dataclass(frozen=True, slots=True)
class EntryVersion:
    """One published version of an entry."""

    version: int
    effective_from: date
    published_at: datetime
    published_by: str
    change_note: str


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """Which entries are meant; an empty field means all. ``text`` is searched for."""

    department: str = ""
    kind: str = ""
    refers: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    code: str
    name: str
    content: str


def entry(db: Db, *, kind: type[E], code: str, version: int | None = None) -> E:
    """Return an entry of a list, its present version unless another is named.

    :raises NoSuchEntry: if there is no such entry or version.
    """
    found = entry_or_none(db, kind=kind, code=code, version=version)
    if found is None:
        raise NoSuchEntry(list=list_of_kind(kind).label, code=code)
    return found


def entry_or_none(db: Db, *, kind: type[E], code: str, version: int | None = None) -> E | None:
    """Return an entry, or None where there is none."""
    content = db.value(
        """
        select v.content::text
          from catalogue.entry_version v
         where v.list = %(list)s and v.code = %(code)s
           and v.version = coalesce(%(version)s, (select e.version from catalogue.entry e
                                                   where e.list = v.list and e.code = v.code))
        """,
        list=list_of_kind(kind),
        code=code,
        version=version,
    )
    return None if content is None else decode_entry(content, kind)


def entry_versions_of(db: Db, *, kind: type[E], pairs: Sequence[tuple[str, int]]) -> list[E]:
    """Return these versions (code, version) of entries of a list in the order of codes."""
    rows = db.all(
        _Row,
        """
        select v.code, '' as name, v.content::text as content
          from unnest(%(codes)s::text[], %(versions)s::int[]) as asked (code, version)
          join catalogue.entry_version v
            on (v.list, v.code, v.version) = (%(list)s, asked.code, asked.version)
         order by asked.code
        """,
        list=list_of_kind(kind),
        codes=[code for code, _ in pairs],
        versions=[version for _, version in pairs],
    )
    return [decode_entry(row.content, kind) for row in rows]


def entry_versions(db: Db, *, of: List, code: str) -> list[EntryVersion]:
    """Return the published versions of an entry, the newest first."""
    return db.all(
        EntryVersion,
        """
        select version, effective_from, published_at, published_by, change_note
          from catalogue.entry_version
         where list = %(list)s and code = %(code)s
         order by version desc
        """,
        list=of,
        code=code,
    )


def entries(
    db: Db, *, kind: type[E], only: EntryFilter = EntryFilter(), after: str = "", size: int = 50
) -> Page[E]:
    """Return a page of a list by name, cancelled entries aside.

    :raises Invalid: if ``after`` is not a cursor of an earlier page.
    """
    match read_cursor(after) if after else ("", ""):
        case (str(name), str(code)):
            pass
        case _:
            raise Invalid(Problem("after", "翻页位置无效，请从第一页重新开始"))
    sql: LiteralString = (
        "select code, name, content::text as content from catalogue.entry"
        " where list = %(list)s and status <> 'cancelled'"
        + _where(only)
        + (" and (name, code) > (%(name)s, %(code)s)" if after else "")
        + " order by name, code limit %(limit)s"
    )
    asked = normalise(only.text)
    rows = db.all(
        _Row,
        sql,
        list=list_of_kind(kind),
        department=only.department,
        kind=only.kind,
        refers=only.refers,
        grams=grams(asked),
        name=name,
        code=code,
        limit=size + 1,
    )
    page = cut(rows, size=size, key=lambda row: (row.name, row.code))
    return Page([decode_entry(row.content, kind) for row in page.rows], page.following)


def find_entries(db: Db, *, kind: type[E], text: str, limit: int = 10) -> list[E]:
    """Return the entries that people's own words mean best, the best first.

    An entry answers if one of its words stands in what was asked, or if it holds at least half of
    the pairs of characters asked for. Lists are short: every entry that shares one is looked at.
    """
    asked = grams(normalise(text))
    if not asked:
        return []
    rows = db.all(
        _Row,
        """
        select code, name, content
          from (select e.code, e.name, e.content::text as content,
                       (select count(*) from unnest(%(grams)s::text[]) as asked (gram)
                         where asked.gram = any(e.grams)) as held,
                       (select coalesce(max(length(word)), 0) from unnest(e.words) as said (word)
                         where length(word) > 1 and strpos(%(whole)s, word) > 0) as named
                  from catalogue.entry e
                 where e.list = %(list)s and e.status <> 'cancelled'
                   and e.grams && %(grams)s::text[]) as found
         where named > 0 or held * 2 >= cardinality(%(grams)s::text[])
         order by named desc, held desc, name, code
         limit %(limit)s
        """,
        list=list_of_kind(kind),
        grams=asked,
        whole=normalise(text),
        limit=limit,
    )
    return [decode_entry(row.content, kind) for row in rows]


def entries_named(db: Db, *, kind: type[E], codes: Sequence[str]) -> dict[str, E]:
    """Return the entries of these codes, by code; those that are not there are left out."""
    if not codes:
        return {}
    rows = db.all(
        _Row,
        """
        select code, name, content::text as content
          from catalogue.entry
         where list = %(list)s and code = any(%(codes)s)
        """,
        list=list_of_kind(kind),
        codes=list(codes),
    )
    return {row.code: decode_entry(row.content, kind) for row in rows}


def entry_counts(db: Db) -> dict[List, int]:
    """Return how many entries each list has, cancelled ones aside."""
    counted = dict.fromkeys(List, 0)
    for row in db.all(
        _Counted,
        """
        select list, count(*) as entries
          from catalogue.entry
         where status <> 'cancelled'
         group by list
        """,
    ):
        counted[List(row.list)] = row.entries
    return counted


@dataclass(frozen=True, slots=True)
class _Counted:
    list: str
    entries: int


def _where(only: EntryFilter) -> LiteralString:
    return (
        (" and department = %(department)s" if only.department else "")
        + (" and kind = %(kind)s" if only.kind else "")
        + (" and refers @> array[%(refers)s]" if only.refers else "")
        + (" and grams @> %(grams)s::text[]" if only.text else "")
    )
