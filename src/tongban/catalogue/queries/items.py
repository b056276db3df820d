"""One item: any of its versions, what stands above it, and what belongs to it."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock

from tongban.catalogue.model import Action, BaseItem, Item, NoSuchItem, Status
from tongban.catalogue.model.content import decode
from tongban.catalogue.model.search import above as regions_above
from tongban.catalogue.queries.entries import entry_or_none
from tongban.foundation.db import Db

CACHED = 2000


@dataclass(frozen=True, slots=True)
class Version:
    """One published version, for the list of versions on a guide page."""

    version: int
    effective_from: date
    published_at: datetime
    published_by: str
    change_note: str = ""


@dataclass(frozen=True, slots=True)
class _Content:
    version: int
    content_hash: bytes
    content: str | None
    inherits: str
    inherits_version: int


@dataclass(frozen=True, slots=True)
class _Present:
    content: str
    inherits: str
    inherits_version: int


@dataclass(frozen=True, slots=True)
class HandlingItem:
    """业务办理项: one of the things that can be done under an item, with its own guide."""

    code: str
    name: str
    action: Action
    status: Status

    def __post_init__(self) -> None:
        object.__setattr__(self, "action", Action(self.action))
        object.__setattr__(self, "status", Status(self.status))


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
                    then null else v.content::text end as content,
               v.inherits, v.inherits_version
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
    above = None
    if row.inherits:
        # Versions are pinned and never change, so that this can neither turn nor go in a circle.
        above = item(db, code=row.inherits, version=row.inherits_version)
    found = decode(row.content or "", above)
    with _cache_lock:
        _cache[code, version] = (row.content_hash, found)
        while len(_cache) > CACHED:
            _cache.popitem(last=False)
    return found


def present_after(db: Db, *, code: str, limit: int, region: str = "") -> list[Item]:
    """Return the present versions of the items that follow a code, in the order of codes.

    Cancelled ones are left out: an export says what holds. Whoever keeps a copy row by row is told
    of a cancellation by the exchange (``make_batch``), as the deletion of its rows.

    :param region: what the codes of their regions begin with; empty means all.
    """
    rows = db.all(
        _Present,
        """
        select v.content::text as content, v.inherits, v.inherits_version
          from catalogue.item i
          join catalogue.item_version v on v.item_code = i.code and v.version = i.version
         where i.code > %(code)s and i.status <> 'cancelled'
           and starts_with(i.region, %(region)s)
         order by i.code
         limit %(limit)s
        """,
        code=code,
        limit=limit,
        region=region,
    )
    return _decoded(db, rows)


def present_of(db: Db, *, codes: Sequence[str]) -> list[Item]:
    """Return the present versions of these items, in the order of codes, cancelled ones aside."""
    rows = db.all(
        _Present,
        """
        select v.content::text as content, v.inherits, v.inherits_version
          from catalogue.item i
          join catalogue.item_version v on v.item_code = i.code and v.version = i.version
         where i.code = any(%(codes)s) and i.status <> 'cancelled'
         order by i.code
        """,
        codes=list(codes),
    )
    return _decoded(db, rows)


def versions_of(db: Db, *, pairs: Sequence[tuple[str, int]]) -> list[Item]:
    """Return these versions (code, version) of items in the order of codes, if they are there."""
    rows = db.all(
        _Present,
        """
        select v.content::text as content, v.inherits, v.inherits_version
          from unnest(%(codes)s::text[], %(versions)s::int[]) as asked (code, version)
          join catalogue.item_version v on v.item_code = asked.code and v.version = asked.version
         order by asked.code
        """,
        codes=[code for code, _ in pairs],
        versions=[version for _, version in pairs],
    )
    return _decoded(db, rows)


def _decoded(db: Db, rows: Sequence[_Present]) -> list[Item]:
    return [
        decode(
            row.content,
            item(db, code=row.inherits, version=row.inherits_version) if row.inherits else None,
        )
        for row in rows
    ]


def versions(db: Db, *, code: str) -> list[Version]:
    """Return the published versions of an item, the newest first."""
    return db.all(
        Version,
        """
        select version, effective_from, published_at, published_by, change_note
          from catalogue.item_version
         where item_code = %(code)s
         order by version desc
        """,
        code=code,
    )


def handling_items(db: Db, *, code: str) -> list[HandlingItem]:
    """Return the handling items that belong to an item, cancelled ones aside."""
    return db.all(
        HandlingItem,
        """
        select code, name, action, status
          from catalogue.item
         where main_item = %(code)s and main_item <> '' and status <> 'cancelled'
         order by code
         limit 100
        """,
        code=code,
    )


def item_above(db: Db, *, item: Item) -> Item | BaseItem | None:
    """Return what an item implements: the one of the nearest region above, else the directory's.

    County within city within province: the item above implements the same entry of the directory
    for the same action, in the city or the province that the region lies in.
    """
    if not item.base_code:
        return None
    code = db.value(
        """
        select code
          from catalogue.item
         where base_code = %(base)s and base_code <> '' and region = any(%(above)s)
           and action = %(action)s and status = 'published'
         order by array_position(%(above)s::text[], region), code
         limit 1
        """,
        base=item.base_code,
        above=regions_above(item.region)[1:],
        action=item.action,
    )
    if code is not None:
        return _item(db, code)
    return entry_or_none(db, kind=BaseItem, code=item.base_code)


def counterpart(db: Db, *, item: Item, regions: Sequence[str]) -> str:
    """Return the code of the same service in one of these regions, the first of them that has it.

    The same is what implements the same entry of the directory for the same action, or has the
    same name. Empty if there is none.
    """
    found = db.value(
        """
        select code
          from catalogue.item
         where region = any(%(regions)s) and status = 'published' and code <> %(code)s
           and (base_code = %(base)s and base_code <> '' and action = %(action)s
                or catalogue.document_of(name, parent_name)
                 = catalogue.document_of(%(name)s, %(parent)s))
         order by array_position(%(regions)s::text[], region), code
         limit 1
        """,
        regions=list(regions),
        code=item.code,
        base=item.base_code,
        action=item.action,
        name=item.name,
        parent=item.parent_name,
    )
    return found or ""


def _item(db: Db, code: str) -> Item:
    """The same as ``item``, whose name an argument hides here and there."""
    return item(db, code=code)
