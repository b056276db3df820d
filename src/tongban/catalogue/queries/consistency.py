"""Whether the lists agree with each other: a service without power, a power without duty... (R1)"""

from dataclasses import dataclass
from datetime import datetime
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
        select 'item' as list, i.code, i.name, i.department_name
          from catalogue.item i
         where i.status <> 'cancelled' and i.kind between '01' and '10' and i.main_item = ''
           and not exists (select from catalogue.entry e
                            where e.list = 'power' and e.code = i.power
                              and e.status <> 'cancelled')
    """,
    "power_without_duty": """
        select 'power' as list, p.code, p.name, p.department_name
          from catalogue.entry p
         where p.list = 'power' and p.status <> 'cancelled'
           and not exists (select from catalogue.entry d
                            where d.list = 'duty' and d.refers @> array[p.code]
                              and d.status <> 'cancelled')
    """,
    "power_without_service": """
        select 'power' as list, p.code, p.name, p.department_name
          from catalogue.entry p
         where p.list = 'power' and p.status <> 'cancelled'
           and p.kind in ('01', '05', '07', '08', '09')
           and not exists (select from catalogue.item i
                            where i.power = p.code and i.power <> '' and i.status <> 'cancelled')
    """,
    "duty_without_power": """
        select 'duty' as list, d.code, d.name, d.department_name
          from catalogue.entry d
         where d.list = 'duty' and d.status <> 'cancelled'
           and not exists (select from catalogue.entry p
                            where p.list = 'power' and p.code = any(d.refers)
                              and p.status <> 'cancelled')
    """,
    "fee_without_basis": """
        select 'item' as list, i.code, i.name || '：' || f.name as name, i.department_name
          from catalogue.fee f
          join catalogue.item i on i.code = f.item_code
         where i.status <> 'cancelled' and f.basis = ''
    """,
    "charged_without_fee": """
        select 'item' as list, i.code, i.name, i.department_name
          from catalogue.item i
         where i.status <> 'cancelled' and i.charged
           and not exists (select from catalogue.fee f where f.item_code = i.code)
    """,
    "permit_without_service": """
        select 'negative' as list, n.code, n.name, n.department_name
          from catalogue.entry n
         where n.list = 'negative' and n.status <> 'cancelled' and n.kind = 'permit'
           and not exists (select from catalogue.item i
                            where i.code = any(n.refers) and i.status <> 'cancelled')
    """,
    "intermediary_without_basis": """
        select 'intermediary' as list, m.code, m.name, m.department_name
          from catalogue.entry m
         where m.list = 'intermediary' and m.status <> 'cancelled'
           and m.content -> 'legal_basis' is null
    """,
    "service_not_in_directory": """
        select 'item' as list, i.code, i.name, i.department_name
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
    total: int
    first: list[dict[str, str]]


def compared(db: Db) -> Compared:
    """Return what was found when the lists were compared last (see ``compare_lists``)."""
    rows = db.all(
        _Kept, "select rule, total, first from catalogue.disagreement order by place, rule"
    )
    found = [
        Inconsistency(
            row.rule,
            RULES.get(row.rule, row.rule),
            row.total,
            [Disagreement(**one) for one in row.first],
        )
        for row in rows
    ]
    return Compared(found, db.value("select counted_at from catalogue.compared"))


def consistency(db: Db) -> list[Inconsistency]:
    """Return what does not agree now, rule by rule; rules that nothing breaks are left out.

    Looks at everything: some seconds for a million services, so that no page waits for it.
    """
    found = []
    for rule, message in RULES.items():
        broken: LiteralString = " from (" + _SQL[rule] + ") as broken"
        # By code, so that a rule broken a million times need not sort a million rows.
        rows = db.all(
            Disagreement,
            "select list, code, name, department_name" + broken + " order by code limit %(limit)s",
            limit=SHOWN,
        )
        if rows:
            total = len(rows) if len(rows) < SHOWN else db.value("select count(*)" + broken)
            rows.sort(key=lambda row: (row.department_name, row.code))
            found.append(Inconsistency(rule, message, total, rows))
    return found
