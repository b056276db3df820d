"""What the linter has found: by department, by rule, over time, and item by item."""

from dataclasses import dataclass
from datetime import date

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


def linted_departments(db: Db, *, day: date) -> list[LintedDepartment]:
    """Return each department's counts of a day, those with the most items in error first."""
    return db.all(
        LintedDepartment,
        """
        select d.department, d.region,
               coalesce((select i.department_name from catalogue.item i
                          where i.department = d.department limit 1), d.department) as name,
               sum(items) filter (where severity = '') as items,
               coalesce(sum(items) filter (where severity = 'error'), 0) as errors,
               coalesce(sum(items) filter (where severity = 'warning'), 0) as warnings,
               coalesce(sum(items) filter (where severity = 'hint'), 0) as hints
          from catalogue.lint_day d
         where day = %(day)s and rule = ''
         group by d.department, d.region
         order by errors desc, items desc, d.department
        """,
        day=day,
    )


def broken_rules(db: Db, *, day: date, departments: list[str]) -> list[BrokenRule]:
    """Return by rule how many items of these departments break it, the most first."""
    return db.all(
        BrokenRule,
        """
        select rule, sum(items) as items
          from catalogue.lint_day
         where day = %(day)s and rule <> '' and department = any(%(departments)s)
         group by rule
         order by items desc, rule
        """,
        day=day,
        departments=departments,
    )


def linted_days(db: Db, *, since: date, departments: list[str]) -> list[LintedDay]:
    """Return the counts of these departments day by day, the oldest first."""
    return db.all(
        LintedDay,
        """
        select day,
               coalesce(sum(items) filter (where severity = ''), 0) as items,
               coalesce(sum(items) filter (where severity = 'error'), 0) as errors,
               coalesce(sum(items) filter (where severity = 'warning'), 0) as warnings
          from catalogue.lint_day
         where day >= %(since)s and rule = '' and department = any(%(departments)s)
         group by day
         order by day
        """,
        since=since,
        departments=departments,
    )


def linted_items(
    db: Db, *, rule: str, departments: list[str], after: str = "", size: int = 50
) -> Page[LintedItem]:
    """Return the items of these departments that break a rule, by code.

    :raises Invalid: if ``after`` is not a cursor of an earlier page.
    """
    match read_cursor(after) if after else ("",):
        case (str(code),):
            pass
        case _:
            raise Invalid(Problem("after", "翻页位置无效，请从第一页重新开始"))
    rows = db.all(
        LintedItem,
        """
        select i.code, i.name, i.department, i.department_name, i.region, l.rules, l.errors,
               l.warnings
          from catalogue.item_lint l
          join catalogue.item i on i.code = l.item_code
         where l.rules @> array[%(rule)s]
           and l.department = any(%(departments)s)
           and l.item_code > %(code)s
           and i.status <> 'cancelled'
         order by l.item_code
         limit %(limit)s
        """,
        rule=rule,
        departments=departments,
        code=code,
        limit=size + 1,
    )
    return cut(rows, size=size, key=lambda row: (row.code,))
