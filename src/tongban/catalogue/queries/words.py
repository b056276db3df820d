"""Everyday words: those of one item, those of departments, and items with all of theirs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import LiteralString

from tongban.catalogue.model import Item
from tongban.catalogue.model.words import EverydayWord
from tongban.foundation.db import Db

_ROW: LiteralString = """
    select w.item_code, i.name as item_name, w.word, w.source, w.department, w.department_name,
           w.added_name, w.added_at
      from catalogue.everyday_word w
      join catalogue.item i on i.code = w.item_code
"""


_MINE: LiteralString = """
with mine as (
    (select near.*
       from unnest(%(regions)s::text[]) as asked (begins)
      cross join lateral (
            select item_code, word, added_at from catalogue.everyday_word
             where region >= asked.begins and region < asked.begins || '~'
               and (%(source)s = '' or source = %(source)s)
             order by added_at desc, item_code, word
             limit %(limit)s) as near)
     union
    (select own.*
       from unnest(%(departments)s::text[]) as asked (department)
      cross join lateral (
            select item_code, word, added_at from catalogue.everyday_word
             where department = asked.department and (%(source)s = '' or source = %(source)s)
             order by added_at desc, item_code, word
             limit %(limit)s) as own)
     order by added_at desc, item_code, word
     limit %(limit)s
)
"""


@dataclass(frozen=True, slots=True)
class _Words:
    item_code: str
    words: list[str]


def everyday_words(db: Db, *, item: Item) -> list[EverydayWord]:
    """Return every everyday word of an item: those of its guide, then those added beside it."""
    rows = db.all(
        EverydayWord,
        """
        select i.code as item_code, i.name as item_name, said.word, 'official' as source,
               i.department, i.department_name, '' as added_name, v.published_at as added_at,
               true as in_guide, v.version
          from catalogue.item i
         cross join unnest(%(words)s::text[]) with ordinality as said (word, place)
         cross join lateral (
               select v.version, v.published_at
                 from catalogue.item_version v
                where v.item_code = i.code
                -- An item that inherits its words says none of its own in any version.
                order by said.word in (select json_array_elements_text(
                             coalesce(v.content -> 'everyday_words', '[]'))) desc, v.version
                limit 1) as v
         where i.code = %(code)s
         order by said.place
        """,
        code=item.code,
        words=list(item.everyday_words),
    )
    added = db.all(
        EverydayWord,
        _ROW + " where w.item_code = %(code)s order by w.added_at, w.word",
        code=item.code,
    )
    known = {one.word for one in added}
    return [one for one in rows if one.word not in known] + added


def words_added(
    db: Db,
    *,
    departments: Sequence[str] = (),
    regions: Sequence[str] = (),
    source: str = "",
    limit: int = 200,
) -> list[EverydayWord]:
    """Return the words that these departments added beside their guides, the newest first."""
    return db.all(
        EverydayWord,
        _MINE
        + _ROW
        + " join mine using (item_code, word) order by w.added_at desc, item_code, word",
        departments=list(departments),
        regions=list(regions),
        source=source,
        limit=limit,
    )


def with_everyday_words(db: Db, items: Sequence[Item]) -> list[Item]:
    """Return items whose everyday words are all of theirs, as they are exported and looked over."""
    rows = db.all(
        _Words,
        """
        select item_code, array_agg(word order by added_at, word) as words
          from catalogue.everyday_word
         where item_code = any(%(codes)s)
         group by item_code
        """,
        codes=[item.code for item in items],
    )
    besides = {row.item_code: row.words for row in rows}
    return [
        replace(
            item,
            everyday_words=tuple(dict.fromkeys((*item.everyday_words, *besides[item.code]))),
        )
        if item.code in besides
        else item
        for item in items
    ]


def items_called(
    db: Db, *, names: Sequence[str], departments: Sequence[str] = (), regions: Sequence[str] = ()
) -> list[str]:
    """Return the codes of items of these names in these departments and regions."""
    found: list[str] = db.value(
        """
        select coalesce(array_agg(code order by code), '{}')
          from (select code from catalogue.item
                 where name = any(%(names)s) and status <> 'cancelled'
                   and (department = any(%(departments)s) or region like any(%(regions)s))
                 order by code
                 limit 500) as held
        """,
        names=list(names),
        departments=list(departments),
        regions=[region + "%" for region in regions],
    )
    return found
