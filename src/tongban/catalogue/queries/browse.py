"""Lists of items: by name, by what they are, and how many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import LiteralString

from tongban.catalogue.model import Audience, Derived, Handling, Limit, Status, Unit
from tongban.catalogue.model.bulk import OTHER
from tongban.catalogue.model.search import above as regions_above
from tongban.foundation.db import Db
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.paging import Page, cut, read_cursor


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
    charged: bool | None
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
class Filter:
    """Which items are meant; an empty field means all. ``audience`` person includes both.

    ``region`` is where an item stands, ``at`` where somebody is: offered there is what the place
    itself, its city and its province offer.
    ``listed`` is the name of a derived list (``Derived``); the four after it are codes.
    """

    audience: str = ""
    department: str = ""
    kind: str = ""
    region: str = ""
    theme: str = ""
    listed: str = ""
    base_code: str = ""
    power: str = ""
    main_item: str = ""
    standard_material: str = ""
    at: str = ""


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


ITEM_LINE: LiteralString = """
    code, version, name, parent_name, short_name, summary, kind, kind_name, audience, department,
    department_name, region, region_name, handling, promised_amount, promised_unit, visits,
    online_apply, charged, status
"""


def browse(db: Db, *, only: Filter = Filter(), after: str = "", size: int = 20) -> Page[ItemLine]:
    """Return a page of items by name.

    :raises Invalid: if ``after`` is not a cursor of an earlier page.
    """
    match read_cursor(after) if after else ("", ""):
        case (str(name), str(code)):
            pass
        case _:
            raise Invalid(Problem("after", "翻页位置无效，请从第一页重新开始"))
    found: LiteralString = (
        "select "
        + ITEM_LINE
        + " from catalogue.item where status <> 'cancelled'"
        + _asked(only)
        + (" and (name, code) > (%(name)s, %(code)s)" if after else "")
        + " order by name, code limit %(limit)s"
    )
    rows = db.all(
        ItemLine,
        _around(only, found, " order by name, code limit %(limit)s"),
        **values_of(only),
        name=name,
        code=code,
        limit=size + 1,
    )
    return cut(rows, size=size, key=lambda line: (line.name, line.code))


def popular(db: Db, *, only: Filter = Filter(), limit: int = 8) -> list[ItemLine]:
    """Return the items that the cataloguers put forward, the most prominent first.

    Where there are too few of them, others follow by name.
    """
    found: list[ItemLine] = []
    for prominent, order in _PROMINENT:
        if len(found) < limit:
            one: LiteralString = (
                "select "
                + ITEM_LINE
                + ", prominence from catalogue.item where status = 'published'"
                + prominent
                + _asked(only)
                + order
            )
            sql: LiteralString = (
                "select " + ITEM_LINE + " from (" + _around(only, one, order) + ") as held" + order
            )
            found += db.all(ItemLine, sql, **values_of(only), limit=limit - len(found))
    return found


# Few are put forward, so that these have an index of their own.
_PROMINENT: tuple[tuple[LiteralString, LiteralString], ...] = (
    (" and prominence > 0", " order by prominence desc, name, code limit %(limit)s"),
    (" and prominence <= 0", " order by name, code limit %(limit)s"),
)


def _asked(only: Filter) -> LiteralString:
    return (" and item.region = asked.region" if only.at else "") + where_of(only)


def _around(only: Filter, found: LiteralString, order: LiteralString) -> LiteralString:
    """Ask for each region around somebody by itself, because each has an index in this order."""
    if not only.at:
        return found
    return (
        "select held.* from unnest(%(around)s::text[]) as asked (region) cross join lateral ("
        + found
        + ") as held"
        + order
    )


def counts(db: Db, *, by: By, only: Filter = Filter()) -> list[Count]:
    """Return how many items there are by one of their properties, the most first, others last."""
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
        + (" and region = any(%(around)s)" if only.at else "")
        + where_of(only)
        + " group by 1 order by items desc, 1"
    )
    # "Other" leads nowhere, however much there is of it.
    return sorted(db.all(Count, sql, **values_of(only)), key=lambda one: one.code in OTHER)


def derived_counts(db: Db) -> dict[Derived, int]:
    """Return how many services stand on each list that is derived by rule."""
    rows = db.all(
        Count,
        """
        select listed as code, '' as name, count(*) as items
          from catalogue.item, unnest(lists) as listed
         where status <> 'cancelled'
         group by 1
        """,
    )
    return {Derived(row.code): row.items for row in rows}


_COUNTED: dict[By, tuple[LiteralString, LiteralString]] = {
    By.AUDIENCE: ("audience", "audience"),
    By.DEPARTMENT: ("department", "department_name"),
    By.KIND: ("kind", "kind_name"),
    By.REGION: ("region", "region_name"),
    By.THEME: ("theme", "theme"),
}


def where_of(only: Filter) -> LiteralString:
    """Return the conditions of a filter, but for where somebody is."""
    return (
        (" and audience in (%(audience)s, 'both')" if only.audience else "")
        + (" and department = %(department)s" if only.department else "")
        + (" and kind = %(kind)s" if only.kind else "")
        + (" and region = %(region)s" if only.region else "")
        + (" and themes @> array[%(theme)s]" if only.theme else "")
        + (" and lists @> array[%(listed)s]" if only.listed else "")
        + (" and base_code = %(base_code)s and base_code <> ''" if only.base_code else "")
        + (" and power = %(power)s and power <> ''" if only.power else "")
        + (" and main_item = %(main_item)s and main_item <> ''" if only.main_item else "")
        + (" and standard_materials @> array[%(material)s]" if only.standard_material else "")
    )


def values_of(only: Filter) -> dict[str, object]:
    return {
        "audience": only.audience,
        "department": only.department,
        "kind": only.kind,
        "region": only.region,
        "theme": only.theme,
        "listed": only.listed,
        "base_code": only.base_code,
        "power": only.power,
        "main_item": only.main_item,
        "material": only.standard_material,
        "around": regions_above(only.at),
    }


def item_lines(db: Db, *, codes: Sequence[str]) -> list[ItemLine]:
    """Return these items as they stand in a list, in no order."""
    sql: LiteralString = "select " + ITEM_LINE + " from catalogue.item where code = any(%(codes)s)"
    return db.all(ItemLine, sql, codes=list(codes))
