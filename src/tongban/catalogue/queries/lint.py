"""What the linter has found: by department, by rule, over time, and item by item."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from typing import LiteralString

from tongban.foundation.db import Db
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.paging import Page, cut, read_cursor


@dataclass(frozen=True, slots=True)
class LintedDepartment:
    """A department's items as counted on one day; each with errors, warnings, hints once."""

    department: str
    region: str
    name: str
    items: int
    errors: int
    warnings: int
    hints: int


@dataclass(frozen=True, slots=True)
class BrokenRule:
    rule: str
    items: int


@dataclass(frozen=True, slots=True)
class LintedDay:
    """How many items there were on a day, and how many of them had an error or a warning."""

    day: date
    items: int
    errors: int
    warnings: int


@dataclass(frozen=True, slots=True)
class LintedItem:
    code: str
    name: str
    department: str
    department_name: str
    region: str
    rules: list[str]
    errors: int
    warnings: int


def last_linted(db: Db) -> date | None:
    """Return the last day for which findings were counted, or None."""
    found: date | None = db.value("select max(day) from catalogue.lint_day")
    return found


def linted_departments(
    db: Db,
    *,
    day: date,
    departments: Sequence[str] = (),
    regions: Sequence[str] = ("",),
    limit: int = 10_000,
) -> list[LintedDepartment]:
    """Return the counts of a day of departments, and of all departments of regions (prefixes).

    Those with the most items in error come first.
    """
    return db.all(
        LintedDepartment,
        """
        select counted.department, counted.region,
               coalesce((select i.department_name from catalogue.item i
                          where i.department = counted.department limit 1),
                        counted.department) as name,
               items, errors, warnings, hints
          from (select department, region,
                       coalesce(sum(items) filter (where severity = ''), 0) as items,
                       coalesce(sum(items) filter (where severity = 'error'), 0) as errors,
                       coalesce(sum(items) filter (where severity = 'warning'), 0) as warnings,
                       coalesce(sum(items) filter (where severity = 'hint'), 0) as hints
                  from catalogue.lint_day
                 where day = %(day)s and rule = '' and department <> ''
                   and (department = any(%(departments)s) or region like any(%(regions)s))
                 group by department, region
                 order by errors desc, items desc, department
                 limit %(limit)s) as counted
         order by errors desc, items desc, department
        """,
        day=day,
        departments=list(departments),
        regions=[region + "%" for region in regions],
        limit=limit,
    )


# A region has sums of all its departments, and so has everything, so that nobody adds up thousands.
_COUNTED: LiteralString = """
    select counted.day, counted.rule, counted.severity, counted.items
      from unnest(%(departments)s::text[], %(begins)s::text[], %(ends)s::text[])
        as asked (department, begins, ends)
     cross join lateral (
           select day, rule, severity, items from catalogue.lint_day
            where department = asked.department
              and region >= asked.begins and region <= asked.ends
              and day >= %(since)s
"""


def broken_rules(
    db: Db, *, day: date, departments: Sequence[str] = (), regions: Sequence[str] = ()
) -> list[BrokenRule]:
    """Return by rule how many items of these departments and regions break it, the most first.

    :param regions: prefixes of division codes; what lies in them is not named in ``departments``.
    """
    return db.all(
        BrokenRule,
        "select rule, sum(items) as items from ("
        + _COUNTED
        + """ and day = %(since)s and rule <> '') as counted) as each
         group by rule
         order by items desc, rule
        """,
        since=day,
        **_asked(departments, regions),
    )


def linted_days(
    db: Db, *, since: date, departments: Sequence[str] = (), regions: Sequence[str] = ()
) -> list[LintedDay]:
    """Return the counts of these departments and regions day by day, the oldest first."""
    return db.all(
        LintedDay,
        """
        select day,
               coalesce(sum(items) filter (where severity = ''), 0) as items,
               coalesce(sum(items) filter (where severity = 'error'), 0) as errors,
               coalesce(sum(items) filter (where severity = 'warning'), 0) as warnings
          from ("""
        + _COUNTED
        + """ and rule = '') as counted) as each
         group by day
         order by day
        """,
        since=since,
        **_asked(departments, regions),
    )


def _asked(departments: Sequence[str], regions: Sequence[str]) -> dict[str, list[str]]:
    """Return where the sums stand: of a department in any region, or of all in some regions."""
    own = [(department, "", "~") for department in departments]
    near = [("", region, region + "~" if region else "") for region in regions]
    asked = own + near
    return {
        name: [one[place] for one in asked]
        for place, name in enumerate(("departments", "begins", "ends"))
    }


# So many items with a rule are sooner found by the rule than by looking through a region.
RARE = 20_000
_SHOWN: LiteralString = """
select i.code, i.name, i.department, i.department_name, i.region, l.rules, l.errors, l.warnings
  from {found} l
  join catalogue.item i on i.code = l.item_code
 where i.status <> 'cancelled'
   and (l.region, l.item_code) > (%(region)s, %(code)s)
"""
_BY_RULE: LiteralString = (
    """
with broken as materialized (
    select * from catalogue.item_lint where rules @> array[%(rule)s]
)"""
    + _SHOWN.replace("{found}", "broken")
    + """
   and (l.department = any(%(departments)s) or l.region like any(%(prefixes)s))
 order by l.region, l.item_code
 limit %(limit)s
"""
)
_LINE: LiteralString = (
    _SHOWN.replace("{found}", "catalogue.item_lint") + " and l.rules @> array[%(rule)s]"
)
_BY_UNIT: LiteralString = (
    "select * from ((select near.* from unnest(%(regions)s::text[]) as asked (begins)"
    " cross join lateral ("
    + _LINE
    + """
   and l.region >= asked.begins and l.region < asked.begins || '~'
 order by l.region, l.item_code
 limit %(limit)s) as near)
 union
(select own.* from unnest(%(departments)s::text[]) as asked (department)
 cross join lateral ("""
    + _LINE
    + """
   and l.department = asked.department
 order by l.region, l.item_code
 limit %(limit)s) as own)) as mine
 order by region, code
 limit %(limit)s
"""
)


def linted_items(
    db: Db,
    *,
    rule: str,
    departments: Sequence[str] = (),
    regions: Sequence[str] = (),
    after: str = "",
    size: int = 50,
) -> Page[LintedItem]:
    """Return the items of these departments and regions that break a rule, place by place.

    :raises Invalid: if ``after`` is not a cursor of an earlier page.
    """
    match read_cursor(after) if after else ("", ""):
        case (str(region), str(code)):
            pass
        case _:
            raise Invalid(Problem("after", "翻页位置无效，请从第一页重新开始"))
    day = last_linted(db)
    everywhere = broken_rules(db, day=day, regions=("",)) if day else []
    often = next((one.items for one in everywhere if one.rule == rule), 0) > RARE
    with db.in_index_order() if often else nullcontext():
        rows = db.all(
            LintedItem,
            _BY_UNIT if often else _BY_RULE,
            rule=rule,
            departments=list(departments),
            regions=list(regions),
            prefixes=[each + "%" for each in regions],
            region=region,
            code=code,
            limit=size + 1,
        )
    return cut(rows, size=size, key=lambda row: (row.region, row.code))
