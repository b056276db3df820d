"""The worklists of the departments: what the national platform sent back, what was held back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

import msgspec

from tongban.catalogue.model.national_check import Flaw
from tongban.foundation.db import Db
from tongban.foundation.errors import Invalid, NotFound, Problem
from tongban.foundation.paging import Page, cut, read_cursor


class NoSuchRefusal(NotFound):
    message = "没有这条退回记录，或者该事项已重新报送"


class NotHeldBack(NotFound):
    message = "这个事项没有暂未上报的数据，可能已改好并报送"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that came back. ``waiting`` tells that it goes out again with the next batch.

    ``list`` is item, or directory for an entry of the directory (基本目录).
    """

    id: int
    row_guid: str
    batch: str
    table_name: str
    cd_operation: str
    list: str
    item_code: str
    item_version: int
    item_name: str
    department: str
    region: str
    field: str
    reason: str
    received_at: datetime
    settled_batch: str
    waiting: bool
    sent: dict[str, Any]


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A service or an entry of which rows were held back, because the national tables demand more.

    ``whole`` tells whether its other rows went out; ``waiting`` that it is looked over again.
    """

    list: str
    code: str
    version: int
    name: str
    department: str
    region: str
    whole: bool
    flaws: tuple[Flaw, ...]
    found_at: datetime
    waiting: bool

    def __post_init__(self) -> None:
        object.__setattr__(self, "flaws", msgspec.convert(self.flaws, tuple[Flaw, ...]))


_LIST: LiteralString = "case f.table_name when 'up_task_directory' then 'directory' else 'item' end"
_REFUSAL: LiteralString = (
    "select f.id, f.row_guid::text as row_guid, f.batch, f.table_name, f.cd_operation, "
    + _LIST
    + """ as list, f.item_code,
           f.item_version, f.item_name, f.department, f.region, f.field, f.reason, f.received_at,
           f.settled_batch, e.due <> e.version as waiting, r.fields as sent
      from catalogue.exchange_refusal f
      join catalogue.exchange_item e on e.item_code = f.item_code and e.list = """
    + _LIST
    + """
      join catalogue.exchange_row r on r.batch = f.batch and r.row_guid = f.row_guid
"""
)


# Each department and each region has an index that ends after one page; an "or" has none.
_MINE: LiteralString = """
with mine as (
    (select mine.*
       from unnest(%(departments)s::text[]) as asked (department)
      cross join lateral (
            select {key} from {table} f
             where {open} and f.department = asked.department and ({order}) > ({after})
             order by {order}
             limit %(limit)s) as mine)
     union
    (select mine.*
       from unnest(%(regions)s::text[]) as asked (region)
      cross join lateral (
            select {key} from {table} f
             -- A colon comes after all digits: codes that begin like this one.
             where {open} and {region} >= asked.region and {region} < asked.region || ':'
               and ({order}) > ({after})
             order by {order}
             limit %(limit)s) as mine)
)
"""
_MINE_REFUSED: LiteralString = (
    _MINE.replace("{table}", "catalogue.exchange_refusal")
    .replace("{key}", "id")
    .replace("{open}", "f.settled_batch = ''")
    .replace("{order}", "{region}, f.item_code, f.id")
    .replace("{after}", "%(region)s, %(code)s, %(id)s")
    .replace("{region}", 'f.region collate "C"')
)
_MINE_HELD: LiteralString = (
    _MINE.replace("{table}", "catalogue.exchange_flaw")
    .replace("{key}", "list, item_code")
    .replace("{open}", "true")
    .replace("{order}", "{region}, f.list, f.item_code")
    .replace("{after}", "%(region)s, %(list)s, %(code)s")
    .replace("{region}", "f.region")
    + """
select f.list, f.item_code as code, f.version, f.name, f.department, f.region, f.whole,
       f.flaws, f.found_at, e.due <> e.version as waiting
  from mine
  join catalogue.exchange_flaw f using (list, item_code)
  join catalogue.exchange_item e using (list, item_code)
 order by f.region, f.list, f.item_code
 limit %(limit)s
"""
)


def refusals(
    db: Db,
    *,
    departments: tuple[str, ...] = (),
    regions: tuple[str, ...] = (),
    after: str = "",
    size: int = 50,
) -> Page[Refusal]:
    """Return a page of what came back to these departments and regions and is open, place by place.

    :raises Invalid: if ``after`` is not a cursor of an earlier page.
    """
    region, code, id = _refusal_of(after) if after else ("", "", 0)
    rows = db.all(
        Refusal,
        _MINE_REFUSED
        + _REFUSAL
        + """ where f.id in (select id from mine)
           order by f.region collate "C", f.item_code, f.id
           limit %(limit)s""",
        departments=list(departments),
        regions=list(regions),
        region=region,
        code=code,
        id=id,
        limit=size + 1,
    )
    return cut(rows, size=size, key=lambda row: (row.region, row.item_code, row.id))


def held_back(
    db: Db,
    *,
    departments: tuple[str, ...] = (),
    regions: tuple[str, ...] = (),
    after: str = "",
    size: int = 50,
) -> Page[HeldBack]:
    """Return a page of what was held back in these departments and regions, place by place.

    :raises Invalid: if ``after`` is not a cursor of an earlier page.
    """
    region, of, code = _place_of(after) if after else ("", "", "")
    rows = db.all(
        HeldBack,
        _MINE_HELD,
        departments=list(departments),
        regions=list(regions),
        region=region,
        list=of,
        code=code,
        limit=size + 1,
    )
    return cut(rows, size=size, key=lambda row: (row.region, row.list, row.code))


def held_back_one(db: Db, *, list: str, code: str) -> HeldBack:
    """Return what was held back of one service or entry of the directory.

    :raises NotHeldBack: if nothing of it is.
    """
    found = db.one(
        HeldBack,
        """
        select f.list, f.item_code as code, f.version, f.name, f.department, f.region, f.whole,
               f.flaws, f.found_at, e.due <> e.version as waiting
          from catalogue.exchange_flaw f
          join catalogue.exchange_item e using (list, item_code)
         where f.list = %(list)s and f.item_code = %(code)s
        """,
        list=list,
        code=code,
    )
    if found is None:
        raise NotHeldBack
    return found


def refusal(db: Db, *, id: int) -> Refusal:
    """Return one row that came back.

    :raises NoSuchRefusal: if there is none with this id.
    """
    found = db.one(Refusal, _REFUSAL + " where f.id = %(id)s", id=id)
    if found is None:
        raise NoSuchRefusal(id=id)
    return found


def _refusal_of(cursor: str) -> tuple[str, str, int]:
    match read_cursor(cursor):
        case (str(region), str(code), int(id)):
            return region, code, id
    raise Invalid(Problem("after", "翻页位置无效，请从第一页重新开始"))


def _place_of(cursor: str) -> tuple[str, str, str]:
    match read_cursor(cursor):
        case (str(region), str(of), str(code)):
            return region, of, code
    raise Invalid(Problem("after", "翻页位置无效，请从第一页重新开始"))
