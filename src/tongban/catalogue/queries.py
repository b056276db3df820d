"""Questions about the catalogue. Nothing here changes anything."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from threading import Lock
from typing import LiteralString

from tongban.catalogue.model import Audience, Handling, Item, Limit, NoSuchItem, Status, Unit
from tongban.catalogue.model.content import decode
from tongban.catalogue.model.search import Match, Query, above, judge, nearness, query
from tongban.foundation.db import Db
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.paging import Page, cut, read_cursor

CANDIDATES = 300
CACHED = 2000


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item as it stands in a list."""

    code: str
    version: int
    name: str
    parent_name: str
    short_name: str
    summary: str
    kind: str
    kind_name: str
    audience: Audience
    department: str
    department_name: str
    region: str
    region_name: str
    handling: Handling
    promised_amount: int | None
    promised_unit: Unit | None
    visits: int | None
    online_apply: bool
    charged: bool
    status: Status

    def __post_init__(self) -> None:
        # Rows arrive as plain text; a line always holds the real types.
        object.__setattr__(self, "audience", Audience(self.audience))
        object.__setattr__(self, "handling", Handling(self.handling))
        object.__setattr__(self, "status", Status(self.status))

    @property
    def promised(self) -> Limit | None:
        if self.promised_amount is None or self.promised_unit is None:
            return None
        return Limit(self.promised_amount, Unit(self.promised_unit))


@dataclass(frozen=True, slots=True)
class Found:
    line: ItemLine
    match: Match
    score: float


@dataclass(frozen=True, slots=True)
class Filter:
    """Which items are meant; an empty field means all. ``audience`` person includes both."""

    audience: str = ""
    department: str = ""
    kind: str = ""
    region: str = ""
    theme: str = ""


class By(StrEnum):
    """What items can be counted by."""

    AUDIENCE = "audience"
    DEPARTMENT = "department"
    KIND = "kind"
    REGION = "region"
    THEME = "theme"


@dataclass(frozen=True, slots=True)
class Count:
    """How many items there are under one code. Audience "both" is a row of its own."""

    code: str
    name: str
    items: int


@dataclass(frozen=True, slots=True)
class Version:
    """One published version, for the list of versions on a guide page."""

    version: int
    effective_from: date
    published_at: datetime
    published_by: str


@dataclass(frozen=True, slots=True)
class _Content:
    version: int
    content_hash: bytes
    content: str | None


@dataclass(frozen=True, slots=True)
class _Candidate:
    code: str
    words: list[str]
    grams: list[str]
    parent_name: str
    department_name: str
    region: str
    prominence: int


_LINE: LiteralString = """
    code, version, name, parent_name, short_name, summary, kind, kind_name, audience, department,
    department_name, region, region_name, handling, promised_amount, promised_unit, visits,
    online_apply, charged, status
"""
_cache: OrderedDict[tuple[str, int | None], tuple[bytes, Item]] = OrderedDict()
_cache_lock = Lock()


def item(db: Db, *, code: str, version: int | None = None) -> Item:
    """Return one version of an item, the present one unless another is named.

    What was decoded once is kept in memory. PostgreSQL is asked every time which version holds
    and whether its content is the known one, and sends the content only where it is not.

    :raises NoSuchItem: if there is no such item or version.
    """
    digest, known = _cache.get((code, version), (b"", None))
    row = db.one(
        _Content,
        """
        select v.version, v.content_hash,
               case when v.version = %(known_version)s and v.content_hash = %(known_hash)s
                    then null else v.content::text end as content
          from catalogue.item_version v
         where v.item_code = %(code)s
           and v.version = coalesce(
                   %(version)s, (select i.version from catalogue.item i where i.code = %(code)s))
        """,
        code=code,
        version=version,
        known_version=known.version if known else 0,
        known_hash=digest,
    )
    if row is None:
        raise NoSuchItem(code=code)
    if row.content is None and known is not None:
        return known
    found = decode(row.content or "")
    with _cache_lock:
        _cache[code, version] = (row.content_hash, found)
        while len(_cache) > CACHED:
            _cache.popitem(last=False)
    return found


def versions(db: Db, *, code: str) -> list[Version]:
    """Return the published versions of an item, the newest first."""
    return db.all(
        Version,
        """
        select version, effective_from, published_at, published_by
          from catalogue.item_version
         where item_code = %(code)s
         order by version desc
        """,
        code=code,
    )


def search(db: Db, *, text: str, region: str = "", limit: int = 20) -> list[Found]:
    """Return the items that answer a text best: names, everyday words, departments, codes.

    Where too few hold all that was asked, those that hold the most of it follow as guesses.

    :param region: the six-digit division code whose items come first among equals.
    """
    asked = query(text)
    if not asked.grams:
        return []
    candidates = db.all(
        _Candidate,
        """
        select code, words, grams, parent_name, department_name, region, prominence
          from catalogue.item
         where status <> 'cancelled'
           and (grams @> %(grams)s::text[] or words @> array[%(whole)s])
         order by words @> array[%(whole)s] desc, region = any(%(near)s) desc,
                  prominence desc, length(name), code
         limit %(limit)s
        """,
        grams=list(asked.grams),
        whole=asked.whole,
        near=above(region),
        limit=CANDIDATES,
    )
    if len(candidates) < limit:
        held = {candidate.code for candidate in candidates}
        candidates += [c for c in _similar(db, asked, region) if c.code not in held]
    judged = [(*_judged(asked, candidate, region), candidate) for candidate in candidates]
    judged.sort(key=lambda one: (-one[1], -one[2].prominence, len(one[2].words[0]), one[2].code))
    best = judged[:limit]
    lines = {line.code: line for line in _lines(db, codes=[c.code for _, _, c in best])}
    return [Found(lines[c.code], match, round(score, 3)) for match, score, c in best]


def browse(db: Db, *, only: Filter = Filter(), after: str = "", size: int = 20) -> Page[ItemLine]:
    """Return a page of items by name.

    :raises Invalid: if ``after`` is not a cursor of an earlier page.
    """
    match read_cursor(after) if after else ("", ""):
        case (str(name), str(code)):
            pass
        case _:
            raise Invalid(Problem("after", "翻页位置无效，请从第一页重新开始"))
    sql: LiteralString = (
        "select "
        + _LINE
        + " from catalogue.item where status <> 'cancelled'"
        + _where(only)
        + (" and (name, code) > (%(name)s, %(code)s)" if after else "")
        + " order by name, code limit %(limit)s"
    )
    rows = db.all(ItemLine, sql, **_values(only), name=name, code=code, limit=size + 1)
    return cut(rows, size=size, key=lambda line: (line.name, line.code))


def popular(db: Db, *, only: Filter = Filter(), limit: int = 8) -> list[ItemLine]:
    """Return the items that the cataloguers put forward, the most prominent first."""
    sql: LiteralString = (
        "select "
        + _LINE
        + " from catalogue.item where status = 'published'"
        + _where(only)
        + " order by prominence desc, name, code limit %(limit)s"
    )
    return db.all(ItemLine, sql, **_values(only), limit=limit)


def counts(db: Db, *, by: By, only: Filter = Filter()) -> list[Count]:
    """Return how many items there are by one of their properties, the most first."""
    key: LiteralString
    name: LiteralString
    key, name = _COUNTED[by]
    sql: LiteralString = (
        "select "
        + key
        + " as code, max("
        + name
        + ") as name, count(*) as items from catalogue.item"
        + (", unnest(themes) as theme" if by is By.THEME else "")
        + " where status <> 'cancelled'"
        + _where(only)
        + " group by 1 order by items desc, 1"
    )
    return db.all(Count, sql, **_values(only))


_COUNTED: dict[By, tuple[LiteralString, LiteralString]] = {
    By.AUDIENCE: ("audience", "audience"),
    By.DEPARTMENT: ("department", "department_name"),
    By.KIND: ("kind", "kind_name"),
    By.REGION: ("region", "region_name"),
    By.THEME: ("theme", "theme"),
}


def _where(only: Filter) -> LiteralString:
    return (
        (" and audience in (%(audience)s, 'both')" if only.audience else "")
        + (" and department = %(department)s" if only.department else "")
        + (" and kind = %(kind)s" if only.kind else "")
        + (" and region = %(region)s" if only.region else "")
        + (" and themes @> array[%(theme)s]" if only.theme else "")
    )


def _values(only: Filter) -> dict[str, str]:
    return {
        "audience": only.audience,
        "department": only.department,
        "kind": only.kind,
        "region": only.region,
        "theme": only.theme,
    }


def _judged(asked: Query, found: _Candidate, region: str) -> tuple[Match, float]:
    around = (found.department_name, found.parent_name)
    match, score = judge(asked, words=found.words, around=around, held=found.grams)
    return match, score + nearness(asked=region, region=found.region)


def _similar(db: Db, asked: Query, region: str) -> list[_Candidate]:
    return db.all(
        _Candidate,
        """
        select code, words, grams, parent_name, department_name, region, prominence
          from catalogue.item i
         where status <> 'cancelled' and grams && %(grams)s::text[]
         order by (select count(*) from unnest(%(grams)s::text[]) as asked (gram)
                    where asked.gram = any(i.grams)) desc,
                  region = any(%(near)s) desc, prominence desc, length(name), code
         limit %(limit)s
        """,
        grams=list(asked.grams),
        near=above(region),
        limit=CANDIDATES,
    )


def _lines(db: Db, *, codes: Sequence[str]) -> list[ItemLine]:
    sql: LiteralString = "select " + _LINE + " from catalogue.item where code = any(%(codes)s)"
    return db.all(ItemLine, sql, codes=list(codes))
