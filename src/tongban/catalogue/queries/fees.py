"""The list of fees: what every service costs, by which standard, on which basis."""

from dataclasses import dataclass
from typing import LiteralString

from tongban.foundation.db import Db
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.paging import Page, cut, read_cursor


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One fee of one service. ``amount`` in fen where it is fixed."""

    item_code: str
    place: int
    item_name: str
    name: str
    standard: str
    amount: int | None
    basis: str
    remission: str
    department_name: str


_LINE: LiteralString = """
    select f.item_code, f.place, i.name as item_name, f.name, f.standard, f.amount, f.basis,
           f.remission, i.department_name
      from catalogue.fee f
      join catalogue.item i on i.code = f.item_code
     where i.status <> 'cancelled'
"""
_ORDER: LiteralString = " order by f.name, f.item_code, f.place limit %(limit)s"


def fees(
    db: Db, *, department: str = "", text: str = "", after: str = "", size: int = 50
) -> Page[FeeLine]:
    """Return a page of the fees by the name of the fee, those of cancelled services aside.

    :param text: only fees whose name holds it, and those of services for a charge whose name does.
    :raises Invalid: if ``after`` is not a cursor of an earlier page.
    """
    match read_cursor(after) if after else ("", "", 0):
        case (str(name), str(code), int(place)):
            pass
        case _:
            raise Invalid(Problem("after", "翻页位置无效，请从第一页重新开始"))
    after_it: LiteralString = (
        " and (f.name, f.item_code, f.place) > (%(name)s, %(code)s, %(place)s)" if after else ""
    )
    asked = (" and f.department = %(department)s" if department else "") + after_it
    sql: LiteralString = _LINE + asked + _ORDER
    if text:
        # Fees are called so, or the services are: an "or" of both would look at every fee.
        sql = (
            "select * from ((" + _LINE + asked + " and strpos(f.name, %(text)s) > 0" + _ORDER + ")"
            " union (" + _LINE + asked + " and i.charged and strpos(i.name, %(text)s) > 0"
            + _ORDER + ")) as f" + _ORDER
        )  # fmt: skip
    rows = db.all(
        FeeLine,
        sql,
        department=department,
        text=text,
        name=name,
        code=code,
        place=place,
        limit=size + 1,
    )
    return cut(rows, size=size, key=lambda row: (row.name, row.item_code, row.place))


def fee_count(db: Db) -> int:
    """Return how many fees there are, those of cancelled services aside."""
    counted: int = db.value(
        """
        select count(*)
          from catalogue.fee f
          join catalogue.item i on i.code = f.item_code
         where i.status <> 'cancelled'
        """
    )
    return counted
