"""What went out to the national platform, and what came back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongban.catalogue.model.national import OutRow
from tongban.catalogue.model.national_check import Due
from tongban.foundation.db import Db
from tongban.foundation.errors import Invalid, NotFound, Problem
from tongban.foundation.paging import Page, cut, read_cursor


class NoSuchBatch(NotFound):
    message = "没有批次号为 {number} 的上报批次"


@dataclass(frozen=True, slots=True)
class Batch:
    number: str
    made_at: datetime
    items: int
    rows: int
    held_back: int


@dataclass(frozen=True, slots=True)
class Returned:
    id: int
    row_guid: str
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class TableCount:
    """How many rows of one table a batch has, by what is to be done with them."""

    table_name: str
    new: int
    changed: int
    gone: int


def due_for_exchange(db: Db, *, limit: int) -> list[Due]:
    """Return what holds in another version than has gone out, the directory before the services.

    What is of no kind that the exchange knows goes out as no row, and is not asked for again.
    """
    return db.all(
        Due,
        """
        select list, item_code as code, due as version
          from catalogue.exchange_item
         where due <> version
         order by list, item_code
         limit %(limit)s
        """,
        limit=limit,
    )


def waiting_for_exchange(db: Db, *, most: int = 100_000) -> int:
    """Return how many things wait for the next batch, counted no further than ``most``."""
    counted: int = db.value(
        """
        select count(*)
          from (select from catalogue.exchange_item where due <> version limit %(most)s) as due
        """,
        most=most,
    )
    return counted


def batches(db: Db, *, after: str = "", size: int = 50) -> Page[Batch]:
    """Return a page of the batches, the latest first.

    :raises Invalid: if ``after`` is not a cursor of an earlier page.
    """
    before = _id_of(after) if after else 2**62
    rows = db.all(
        _Numbered,
        """
        select id, number, made_at, items, rows, held_back
          from catalogue.exchange_batch
         where id < %(before)s
         order by id desc
         limit %(limit)s
        """,
        before=before,
        limit=size + 1,
    )
    page = cut(rows, size=size, key=lambda row: (row.id,))
    return Page([row.batch for row in page.rows], page.following)


@dataclass(frozen=True, slots=True)
class _Numbered:
    id: int
    number: str
    made_at: datetime
    items: int
    rows: int
    held_back: int

    @property
    def batch(self) -> Batch:
        return Batch(self.number, self.made_at, self.items, self.rows, self.held_back)


def table_counts(db: Db, *, number: str) -> list[TableCount]:
    """Return how many rows a batch has of each table."""
    return db.all(
        TableCount,
        """
        select table_name, count(*) filter (where cd_operation = 'I') as new,
               count(*) filter (where cd_operation = 'U') as changed,
               count(*) filter (where cd_operation = 'D') as gone
          from catalogue.exchange_row
         where batch = %(number)s
         group by table_name
         order by table_name
        """,
        number=number,
    )


def batch(db: Db, *, number: str) -> Batch:
    """Return a batch.

    :raises NoSuchBatch: if there is none of this number.
    """
    found = db.one(
        Batch,
        """
        select number, made_at, items, rows, held_back
          from catalogue.exchange_batch
         where number = %(number)s
        """,
        number=number,
    )
    if found is None:
        raise NoSuchBatch(number=number)
    return found


def batch_rows(
    db: Db, *, number: str, table: str = "", after: str = "", limit: int = 1000
) -> list[OutRow]:
    """Return rows of a batch, or of one table in it, in the order of their guids.

    :param after: the guid of the last row seen.
    :raises Invalid: if it is none.
    """
    if after and not _is_guid(after):
        raise Invalid(Problem("after", "翻页位置无效，请从第一页重新开始"))
    return db.all(
        OutRow,
        """
        select row_guid::text as row_guid, table_name, cd_operation, cd_time, data_source, fields
          from catalogue.exchange_row
         where batch = %(number)s
           and (%(table)s = '' or table_name = %(table)s)
           and exchange_row.row_guid > coalesce(nullif(%(after)s, '')::uuid,
                                                '00000000-0000-0000-0000-000000000000')
         order by exchange_row.row_guid
         limit %(limit)s
        """,
        number=number,
        table=table.replace("\x00", ""),
        after=after,
        limit=limit,
    )


def returns(db: Db) -> list[Returned]:
    """Return the rows that an integrator has written down as sent back."""
    return db.all(
        Returned, "select id, row_guid, field, reason from catalogue.exchange_return order by id"
    )


def _id_of(cursor: str) -> int:
    match read_cursor(cursor):
        case (int(id),):
            return id
    raise Invalid(Problem("after", "翻页位置无效，请从第一页重新开始"))


def _is_guid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
