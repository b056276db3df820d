"""Whether the lists agree with each other: a service without power, a power without duty... (R1)"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import LiteralString

from tongban.foundation.db import Db

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One thing that stands on one list and is missing from another. ``list``: item or a List."""

    list: str
    code: str
    name: str
    department_name: str


@dataclass(frozen=True, slots=True)
class Inconsistency:
    """A rule that is broken: how often, and the first that break it."""

    rule: str
    message: str
    total: int
    first: list[Disagreement]


RULES: dict[str, str] = {
    "service_without_power": "行政权力类服务没有对应权力清单中的权力",
    "power_without_duty": "权力没有对应的责任",
    "power_without_service": "依申请的权力没有对应的服务事项",
    "duty_without_power": "责任对应的权力不在权力清单上",
    "fee_without_basis": "收费项目没有收费依据",
    "charged_without_fee": "写明收费，但没有收费项目",
    "permit_without_service": "负面清单的许可准入项没有对应的服务事项",
    "intermediary_without_basis": "中介服务没有设定依据",
    "service_not_in_directory": "服务引用的基本目录条目不存在",
}

_SQL: dict[str, LiteralString] = {
    "service_without_power": """
        select 'item' as list, i.code, i.name, i.department_name, i.department, i.region
          from catalogue.item i
         where i.status <> 'cancelled' and i.kind between '01' and '10' and i.main_item = ''
           and not exists (select from catalogue.entry e
                            where e.list = 'power' and e.code = i.power
                              and e.status <> 'cancelled')
    """,
    "power_without_duty": """
        select 'power' as list, p.code, p.name, p.department_name, p.department, p.region
          from catalogue.entry p
         where p.list = 'power' and p.status <> 'cancelled'
           and not exists (select from catalogue.entry d
                            where d.list = 'duty' and d.refers @> array[p.code]
                              and d.status <> 'cancelled')
    """,
    "power_without_service": """
        select 'power' as list, p.code, p.name, p.department_name, p.department, p.region
          from catalogue.entry p
         where p.list = 'power' and p.status <> 'cancelled'
           and p.kind in ('01', '05', '07', '08', '09')
           and not exists (select from catalogue.item i
                            where i.power = p.code and i.power <> '' and i.status <> 'cancelled')
    """,
    "duty_without_power": """
        select 'duty' as list, d.code, d.name, d.department_name, d.department, d.region
          from catalogue.entry d
         where d.list = 'duty' and d.status <> 'cancelled'
           and not exists (select from catalogue.entry p
                            where p.list = 'power' and p.code = any(d.refers)
                              and p.status <> 'cancelled')
    """,
    "fee_without_basis": """
        select 'item' as list, i.code, i.name || '：' || f.name as name, i.department_name,
               i.department, i.region
          from catalogue.fee f
          join catalogue.item i on i.code = f.item_code
         where i.status <> 'cancelled' and f.basis = ''
    """,
    "charged_without_fee": """
        select 'item' as list, i.code, i.name, i.department_name, i.department, i.region
          from catalogue.item i
         where i.status <> 'cancelled' and i.charged
           and not exists (select from catalogue.fee f where f.item_code = i.code)
    """,
    "permit_without_service": """
        select 'negative' as list, n.code, n.name, n.department_name, n.department, n.region
          from catalogue.entry n
         where n.list = 'negative' and n.status <> 'cancelled' and n.kind = 'permit'
           and not exists (select from catalogue.item i
                            where i.code = any(n.refers) and i.status <> 'cancelled')
    """,
    "intermediary_without_basis": """
        select 'intermediary' as list, m.code, m.name, m.department_name, m.department, m.region
          from catalogue.entry m
         where m.list = 'intermediary' and m.status <> 'cancelled'
           and m.content -> 'legal_basis' is null
    """,
    "service_not_in_directory": """
        select 'item' as list, i.code, i.name, i.department_name, i.department, i.region
          from catalogue.item i
         where i.status <> 'cancelled' and i.base_code <> ''
           and exists (select from catalogue.entry e where e.list = 'directory')
           and not exists (select from catalogue.entry e
                            where e.list = 'directory' and e.code = i.base_code)
    """,
}


@dataclass(frozen=True, slots=True)
class Compared:
    """What did not agree when the lists were compared last, None before the first time."""

    found: list[Inconsistency]
    at: datetime | None


@dataclass(frozen=True, slots=True)
class _Kept:
    rule: str
    department: str
    total: int


_OURS: LiteralString = """
     where (department = any(%(departments)s) or region like any(%(regions)s))
"""


def consistency(
    db: Db, *, departments: Sequence[str] = (), regions: Sequence[str] = ("",)
) -> list[Inconsistency]:
    """Return what does not agree now, rule by rule; rules that nothing breaks are left out.

    Looks at everything: some seconds for a million services, so that no page waits for it.

    :param departments: whose services and entries are looked at, besides all of the regions.
    :param regions: prefixes of division codes, within which every department is looked at.
    """
    ours = {"departments": list(departments), "regions": [prefix + "%" for prefix in regions]}
    found = []
    for rule, message in RULES.items():
        broken: LiteralString = " from (" + _SQL[rule] + ") as broken" + _OURS
        # By code, so that a rule broken a million times need not sort a million rows.
        rows = db.all(
            Disagreement,
            "select list, code, name, department_name" + broken + " order by code limit %(limit)s",
            limit=SHOWN,
            **ours,
        )
        if rows:
            total = len(rows) if len(rows) < SHOWN else db.value("select count(*)" + broken, **ours)
            rows.sort(key=lambda row: (row.department_name, row.code))
            found.append(Inconsistency(rule, message, total, rows))
    return found


def compared(
    db: Db, *, departments: Sequence[str] = (), regions: Sequence[str] = ("",)
) -> Compared:
    """Return what was found when the lists were compared last (see ``compare_lists``).

    The numbers are those of then; the first that break a rule are looked for now, but only in
    departments where there were some.

    :param departments: whose services and entries are meant, besides all of the regions.
    :param regions: prefixes of division codes, within which every department is meant.
    """
    ours = {"departments": list(departments), "regions": [prefix + "%" for prefix in regions]}
    kept = db.all(
        _Kept,
        "select rule, department, total from catalogue.disagreement"
        + _OURS
        + " order by rule, region, department",
        **ours,
    )
    found = []
    for rule, message in RULES.items():
        held = [one for one in kept if one.rule == rule]
        before = accumulate([one.total for one in held], initial=0)
        units = [
            one.department for one, enough in zip(held, before, strict=False) if enough < SHOWN
        ]
        rows = db.all(
            Disagreement,
            # Else everything would be walked in the order of codes, until enough were met.
            "with held as materialized (select list, code, name, department_name from ("
            + _SQL[rule]
            + ") as broken"
            + _OURS
            + " and department = any(%(units)s)) select * from held order by code limit %(limit)s",
            **ours,
            units=units,
            limit=SHOWN,
        ) if units else []  # fmt: skip
        if rows:
            rows.sort(key=lambda row: (row.department_name, row.code))
            total = max(len(rows), sum(one.total for one in held))
            found.append(Inconsistency(rule, message, total, rows))
    return Compared(found, db.value("select counted_at from catalogue.compared"))


def numbers_sql(rule: str) -> LiteralString:
    """Return what counts how often a rule is broken, by department and region."""
    return "select department, region, count(*) from (" + _SQL[rule] + ") as broken group by 1, 2"
