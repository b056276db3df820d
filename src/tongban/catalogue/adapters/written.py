"""Items written for others to read: as a table, as guides in the exchange shape. Pure.

A table goes into spreadsheet programs, where a cell that begins like a formula is one. Such cells
get an apostrophe in front, which those programs take for "this is text".
"""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from tongban.catalogue.adapters.retelling import as_guide_record, official_region
from tongban.catalogue.model import Item, Limit

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# The headings of a table, which an import without a mapping recognises again.
HEADINGS = (
    "事项编码", "事项名称", "主项名称", "事项简称", "日常用语", "基本编码", "事项类型", "实施主体",
    "统一社会信用代码", "区划代码", "区划", "服务对象", "办件类型", "法定时限", "承诺时限",
    "到现场次数", "受理条件", "申请材料", "办理流程", "设定依据", "办理结果", "是否收费",
    "办理形式", "办理地点", "办理时间", "咨询电话", "投诉电话", "主题", "状态", "版本",
)  # fmt: skip


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet program takes for a formula.

    >>> harmless("=HYPERLINK(1)"), harmless("食品经营许可")
    ("'=HYPERLINK(1)", '食品经营许可')
    """
    return "'" + cell if cell.startswith(_FORMULA) else cell


def as_csv(items: Iterable[Item]) -> Iterator[str]:
    """Write items as a table with headings, line by line."""
    for row in (HEADINGS, *map(table_row, items)):
        line = io.StringIO()
        csv.writer(line).writerow([harmless(cell) for cell in row])
        yield line.getvalue()


def as_jsonl(items: Iterable[Item]) -> Iterator[str]:
    """Write items whole, one JSON object a line, as ``import guides`` reads them."""
    for item in items:
        yield msgspec.json.encode(as_guide_record(item)).decode() + "\n"


def table_row(item: Item) -> tuple[str, ...]:
    """Return an item as cells, in the order of the headings."""
    codes = {code.scheme: code.code for code in item.codes}
    credit = item.agency.credit_code
    return (
        item.code, item.name, item.parent_name, item.short_name, "、".join(item.everyday_words),
        codes.get("basic_code", ""), item.kind_name, item.department_name, credit,
        official_region(item.region),
        item.region_name, service_object(item), item.handling.label,
        _limit(item.statutory), _limit(item.promised), _number(item.visits), item.conditions,
        _lines(m.name for m in item.materials), _lines(s.name for s in item.steps),
        _lines(f"{b.law}{b.clause}" for b in item.legal_basis),
        _lines(r.name for r in item.results), _truth(item.charged),
        "、".join(item.channels.forms), item.channels.address, item.channels.hours,
        item.channels.consult, item.channels.complaint, "、".join(item.themes), item.status.label,
        str(item.version),
    )  # fmt: skip


_OBJECTS = {"person": "自然人", "business": "企业法人", "both": "自然人、企业法人"}


def service_object(item: Item) -> str:
    """Return whom an item serves, as its source says it, or else in the usual words."""
    return item.service_object or _OBJECTS[item.audience.value]


def _limit(limit: Limit | None) -> str:
    return str(limit) if limit else ""


def _truth(said: bool | None) -> str:
    return {None: "", True: "是", False: "否"}[said]


def _number(number: int | None) -> str:
    return "" if number is None else str(number)


def _lines(names: Iterable[Any]) -> str:
    return "\n".join(names)
