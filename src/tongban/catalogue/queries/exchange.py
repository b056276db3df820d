"""What went out to the national platform, and what came back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

from tongban.catalogue.model.national import OutRow
from tongban.foundation.db import Db
from tongban.foundation.errors import NotFound


class NoSuchBatch(NotFound):
    message = "没有批次号为 {number} 的上报批次"


class NoSuchRefusal(NotFound):
    message = "没有这条退回记录，或者该事项已重新报送"


@dataclass(frozen=True, slots=True)
class Batch:
    number: str
    made_at: datetime
    items: int
    rows: int


@dataclass(frozen=True, slots=True)
class Returned:
    id: int
    row_guid: str
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that came back. ``present`` is the version of the service that holds now."""

    id: int
    row_guid: str
    batch: str
    table_name: str
    cd_operation: str
    item_code: str
    item_version: int
    item_name: str
    department: str
    region: str
    field: str
    reason: str
    received_at: datetime
    settled_batch: str
    present: int
    again: bool
    sent: dict[str, Any]


_REFUSAL: LiteralString = """
    select f.id, f.row_guid::text as row_guid, f.batch, f.table_name, f.cd_operation, f.item_code,
           f.item_version, f.item_name, f.department, f.region, f.field, f.reason, f.received_at,
           f.settled_batch, i.version as present, e.version = 0 as again, r.fields as sent
      from catalogue.exchange_refusal f
      join catalogue.item i on i.code = f.item_code
      join catalogue.exchange_item e on e.item_code = f.item_code
      join catalogue.exchange_row r on r.batch = f.batch and r.row_guid = f.row_guid
"""


def due_for_exchange(db: Db, *, limit: int) -> list[tuple[str, int]]:
    """Return code and version of the services whose present version has not gone out.

    What is of no kind that the exchange knows goes out as no row, and is not asked for again.
    """
    due: list[list[Any]] = db.value(
        """
        select coalesce(jsonb_agg(jsonb_build_array(code, version)), '[]')
          from (select i.code, i.version
                  from catalogue.item i
                  left join catalogue.exchange_item e on e.item_code = i.code
                 where e.version is distinct from i.version
                 order by i.code
                 limit %(limit)s) due
        """,
        limit=limit,
    )
    return [(code, version) for code, version in due]


def batch(db: Db, *, number: str) -> Batch:
    """Return a batch.

    :raises NoSuchBatch: if there is none of this number.
    """
    found = db.one(
        Batch,
        """
        select number, made_at, items, rows from catalogue.exchange_batch where number = %(number)s
        """,
        number=number,
    )
    if found is None:
        raise NoSuchBatch(number=number)
    return found


def batch_rows(db: Db, *, number: str, after: str = "", limit: int = 1000) -> list[OutRow]:
    """Return rows of a batch in the order of their guids, those after one of them."""
    return db.all(
        OutRow,
        """
        select row_guid::text as row_guid, table_name, cd_operation, cd_time, data_source, fields
          from catalogue.exchange_row
         where batch = %(number)s
           and row_guid > coalesce(nullif(%(after)s, '')::uuid,
                                   '00000000-0000-0000-0000-000000000000')
         order by row_guid
         limit %(limit)s
        """,
        number=number,
        after=after,
        limit=limit,
    )


def returns(db: Db) -> list[Returned]:
    """Return the rows that an integrator has written down as sent back."""
    return db.all(
        Returned, "select id, row_guid, field, reason from catalogue.exchange_return order by id"
    )


def refusals(
    db: Db, *, departments: tuple[str, ...] = (), regions: tuple[str, ...] = ()
) -> list[Refusal]:
    """Return what came back to these departments and regions and is still open, latest first."""
    return db.all(
        Refusal,
        _REFUSAL
        + """ where f.settled_batch = ''
             and (f.department = any(%(departments)s) or f.region like any(%(regions)s))
           order by f.received_at desc, f.id
           limit 200""",
        departments=list(departments),
        regions=[region + "%" for region in regions],
    )


def refusal(db: Db, *, id: int) -> Refusal:
    """Return one row that came back.

    :raises NoSuchRefusal: if there is none with this id.
    """
    found = db.one(Refusal, _REFUSAL + " where f.id = %(id)s", id=id)
    if found is None:
        raise NoSuchRefusal(id=id)
    return found
