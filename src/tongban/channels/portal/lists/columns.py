"""What each list shows in its columns: on the page, in CSV and in JSON alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tongban.catalogue import (
    KINDS,
    LEVELS,
    POWER_SOURCES,
    BaseItem,
    Basis,
    Duty,
    FeeLine,
    Intermediary,
    ItemLine,
    List,
    NegativeEntry,
    Power,
    StandardMaterial,
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list: its key in JSON, its label in Chinese, and how it is read off."""

    key: str
    label: str
    of: Callable[[Any], str]


def laws(basis: Sequence[Basis]) -> str:
    return "；".join(f"《{one.law.strip('《》')}》{one.clause}" for one in basis)


def _said(name: str) -> Callable[[Any], str]:
    return lambda entry: str(getattr(entry, name))


_CODE = Column("code", "编码", _said("code"))
_NAME = Column("name", "名称", _said("name"))
_UNIT = Column("department", "实施部门", _said("department_name"))
_BASIS = Column("legal_basis", "依据", lambda entry: laws(entry.legal_basis))
_NOTE = Column("note", "备注", _said("note"))


def _levels(entry: BaseItem | Power) -> str:
    return "、".join(LEVELS.get(level, level) for level in entry.levels)


def _kind(entry: BaseItem | Power) -> str:
    return KINDS.get(entry.kind, entry.kind)


def _responsibilities(entry: Duty) -> str:
    return "\n".join(f"{one.stage}：{one.text}" for one in entry.responsibilities)


def _accountability(entry: Duty) -> str:
    return "\n".join(
        f"{one.text}（{one.basis}）" if one.basis else one.text for one in entry.accountability
    )


def _source(entry: Power) -> str:
    return POWER_SOURCES.get(entry.source, entry.source)


def _access(entry: NegativeEntry) -> str:
    return entry.access.label


def _items(entry: NegativeEntry) -> str:
    return "、".join(entry.items)


def _days(entry: Intermediary) -> str:
    return "" if entry.days is None else str(entry.days)


def _aliases(entry: StandardMaterial) -> str:
    return "、".join(entry.aliases)


def _shareable(entry: StandardMaterial) -> str:
    return "是" if entry.shareable else "否"


ENTRIES: dict[List, tuple[Column, ...]] = {
    List.POWER: (
        _CODE,
        _NAME,
        Column("kind", "权力类型", _kind),
        _UNIT,
        Column("source", "权力来源", _source),
        Column("levels", "行使层级", _levels),
        Column("subject", "行使对象", _said("subject")),
        _BASIS,
        _NOTE,
    ),
    List.DUTY: (
        _CODE,
        _NAME,
        Column("power", "对应的权力", _said("power")),
        _UNIT,
        Column("responsibilities", "责任事项", _responsibilities),
        Column("accountability", "追责情形", _accountability),
        Column("telephone", "监督电话", _said("telephone")),
        _NOTE,
    ),
    List.NEGATIVE: (
        _CODE,
        _NAME,
        Column("access", "准入方式", _access),
        Column("sector", "行业", _said("sector")),
        Column("measure", "措施", _said("measure")),
        _UNIT,
        Column("items", "办理事项", _items),
        _BASIS,
        _NOTE,
    ),
    List.INTERMEDIARY: (
        _CODE,
        _NAME,
        _UNIT,
        Column("provider", "谁可以提供", _said("provider")),
        Column("payer", "谁付费", _said("payer")),
        Column("fee", "收费标准", _said("fee")),
        Column("days", "所需工作日", _days),
        Column("result", "结果", _said("result")),
        _BASIS,
        _NOTE,
    ),
    List.DIRECTORY: (
        _CODE,
        _NAME,
        Column("kind", "事项类型", _kind),
        _UNIT,
        Column("parent", "主项", _said("parent")),
        Column("levels", "行使层级", _levels),
        _BASIS,
        _NOTE,
    ),
    List.MATERIAL: (
        _CODE,
        _NAME,
        Column("category", "材料类型", _said("category")),
        Column("source", "数源部门", _said("source_department")),
        Column("licence", "电子证照", _said("licence_type")),
        Column("aliases", "别名", _aliases),
        Column("shareable", "可以共享", _shareable),
        _NOTE,
    ),
}


def _amount(line: FeeLine) -> str:
    return "" if line.amount is None else f"{line.amount / 100:.2f}"


FEES = (
    Column("item_code", "事项编码", _said("item_code")),
    Column("item", "事项", _said("item_name")),
    Column("name", "收费项目", _said("name")),
    Column("standard", "收费标准", _said("standard")),
    Column("amount", "金额（元）", _amount),
    Column("legal_basis", "依据", _said("basis")),
    Column("remission", "减免", _said("remission")),
    Column("department", "实施部门", _said("department_name")),
)


def _promise(line: ItemLine) -> str:
    return str(line.promised) if line.promised else ""


SERVICES = (
    _CODE,
    _NAME,
    Column("kind", "事项类型", _said("kind_name")),
    Column("audience", "服务对象", lambda line: line.audience.label),
    _UNIT,
    Column("region", "地区", _said("region_name")),
    Column("handling", "办件类型", lambda line: line.handling.label),
    Column("promised", "承诺时限", _promise),
    Column("visits", "跑几次", lambda line: "" if line.visits is None else str(line.visits)),
    Column("online", "可以网上申请", lambda line: "是" if line.online_apply else "否"),
    Column("charged", "收费", lambda line: {None: "", True: "是", False: "否"}[line.charged]),
)
