"""The sections in which an item is edited: which fields they have, how they are read and shown.

A section changes only its own fields. What a form cannot show of a part (its key, say) stays.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

from starlette.requests import Request

from tongban import catalogue
from tongban.catalogue import (
    Basis,
    Faq,
    Fee,
    Item,
    Limit,
    Material,
    Need,
    Result,
    Section,
    Step,
    Unit,
)
from tongban.channels.shell.forms import text, whole
from tongban.foundation.errors import Invalid, Problem

ROWS_MAX = 200
LONGEST = 20_000
UNITS = {
    "workday": "工作日",
    "day": "自然日",
    "hour": "小时",
    "minute": "分钟",
    "month": "月",
}
TRUTH = {"": "未说明", "1": "是", "0": "否"}
NEEDS = {need.value: need.label for need in Need}


@dataclass(frozen=True, slots=True)
class Input:
    """One field of a form. ``name`` is a path in the item; ``kind`` text, area, lines, number,
    limit, truth (yes, no, not said), tick or choice."""

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of parts, each edited by the same fields; without a name a row is none."""

    attribute: str
    make: Callable[..., Any]
    named: str
    label: str
    inputs: tuple[Input, ...]


def _choice(name: str, label: str, options: dict[str, str]) -> Input:
    return Input(name, label, "choice", "", tuple(options.items()))


FORMS: dict[Section, tuple[Input, ...]] = {
    Section.BASICS: (
        Input("name", "事项名称"),
        Input("short_name", "事项简称"),
        Input("everyday_words", "日常用语", "lines", "一行一个，老百姓怎么说就怎么写"),
        Input("summary", "一句话说明", "area"),
        Input("service_object", "服务对象", hint="自然人、企业法人…，用顿号分开"),
        _choice("handling", "办件类型", {"instant": "即办件", "committed": "承诺件"}),
        Input("themes", "主题", "lines", "一行一个"),
        Input("cross_region_scope", "通办范围"),
    ),
    Section.LIMITS: (
        Input("statutory", "法定时限", "limit"),
        Input("statutory_note", "法定时限说明", "area"),
        Input("promised", "承诺时限", "limit"),
        Input("promised_note", "承诺时限说明", "area"),
        Input("visits", "跑几次", "number"),
        Input("visits_reason", "到现场的原因", "area"),
    ),
    Section.CONDITIONS: (
        Input("conditions", "受理条件", "area"),
        Input("prohibitions", "不予受理的情形", "area"),
    ),
    Section.CHANNELS: (
        Input("channels.forms", "办理方式", "lines", "一行一个：窗口办理、网上办理、快递申请"),
        Input("channels.address", "地址", "area", "写到窗口或者门牌号"),
        Input("channels.hours", "办公时间", "area"),
        Input("channels.consult", "咨询方式"),
        Input("channels.consult_address", "咨询地址"),
        Input("channels.complaint", "监督投诉", hint="不能与咨询电话相同"),
        Input("channels.complaint_address", "投诉地址"),
        Input("online_apply", "可以网上申请", "tick"),
        Input("offers.appointment", "预约", "truth"),
        Input("offers.express", "快递", "truth"),
        Input("offers.terminals", "自助终端", "truth"),
    ),
    Section.FEES: (Input("charged", "是否收费", "tick"), Input("fee_basis", "收费依据", "area")),
}
ROWS: dict[Section, Rows] = {
    Section.MATERIALS: Rows(
        "materials",
        Material,
        "name",
        "申请材料",
        (
            Input("name", "材料名称"),
            _choice("need", "必要性", NEEDS),
            Input("form", "形式"),
            Input("kind", "类型", hint="原件、复印件"),
            Input("source", "来源"),
            Input("originals", "原件份数", "number"),
            Input("copies", "复印件份数", "number"),
            Input("standard_material", "标准材料", hint="标准材料编码，如 L1000005"),
            Input("accept_standard", "受理标准", "area"),
            Input("fill_notice", "填报须知", "area"),
            Input("exempt", "免提交", "tick"),
            Input("supplied_by", "由谁提供"),
        ),
    ),
    Section.STEPS: Rows(
        "steps",
        Step,
        "name",
        "办理流程",
        (
            Input("name", "环节名称"),
            Input("limit", "时限", "limit"),
            Input("post", "岗位"),
            Input("standard", "审查标准", "area"),
            Input("result", "结果"),
            Input("discretion", "裁量基准", "area", "写明档次，或者填规则编码"),
        ),
    ),
    Section.FEES: Rows(
        "fees",
        Fee,
        "name",
        "收费项目",
        (
            Input("name", "收费项目"),
            Input("standard", "收费标准", "area"),
            Input("amount", "金额（分）", "number", "固定金额的才填"),
            Input("basis", "依据"),
            Input("remission", "减免"),
            Input("pay_online", "网上缴费", "tick"),
        ),
    ),
    Section.RESULTS: Rows(
        "results",
        Result,
        "name",
        "办理结果",
        (Input("name", "结果名称"), Input("kind", "结果类型"), Input("validity", "有效期")),
    ),
    Section.BASIS: Rows(
        "legal_basis",
        Basis,
        "law",
        "设定依据",
        (Input("law", "法律名称"), Input("clause", "条款"), Input("text", "条文", "area")),
    ),
    Section.QUESTIONS: Rows(
        "faq",
        Faq,
        "question",
        "常见问题",
        (Input("question", "问题"), Input("answer", "答案", "area")),
    ),
}


def shown(value: Any, kind: str) -> str:
    """Return a value as it stands in its field."""
    match kind:
        case "lines":
            return "\n".join(value)
        case "truth":
            return "" if value is None else str(int(value))
        case "limit":
            return str(value.amount) if value else ""
    return "" if value is None else str(getattr(value, "value", value))


def value_of(thing: Any, name: str) -> Any:
    """Return the value of a path such as ``channels.address``."""
    for part in name.split("."):
        thing = getattr(thing, part)
    return thing


def read(request: Request, item: Item, section: Section) -> Item:
    """Return the item as the form of a section says it.

    :raises Invalid: naming every field that cannot be read.
    """
    problems: list[Problem] = []
    for field in FORMS.get(section, ()):
        value = _read(request, field, field.name, problems)
        item = _with(item, field.name, value)
    if (rows := ROWS.get(section)) is not None:
        changed: dict[str, Any] = {rows.attribute: _read_rows(request, item, rows, problems)}
        item = replace(item, **changed)
    if problems:
        raise Invalid(*problems)
    return item


def _read_rows(
    request: Request, item: Item, rows: Rows, problems: list[Problem]
) -> tuple[Any, ...]:
    present = getattr(item, rows.attribute)
    number = whole(text(request, "rows"), digits=3) or 0
    found = []
    for at in range(min(number, ROWS_MAX)):
        if not text(request, f"{at}-{rows.named}"):
            continue
        said = {
            field.name: _read(request, field, f"{at}-{field.name}", problems)
            for field in rows.inputs
        }
        if at < len(present):
            found.append(replace(present[at], **said))
        else:
            keyed = {"key": _new_key(present, found)} if _has_key(rows) else {}
            found.append(rows.make(**keyed, **said))
    return tuple(found)


def _has_key(rows: Rows) -> bool:
    return any(field.name == "key" for field in fields(rows.make))  # type: ignore[arg-type]


def _new_key(present: Any, found: Any) -> str:
    taken = {one.key for one in (*present, *found)}
    return next(key for n in range(1, 10_000) if (key := f"m{n}") not in taken)


def _read(request: Request, field: Input, name: str, problems: list[Problem]) -> Any:
    said = text(request, name)
    if len(said) > LONGEST:
        problems.append(Problem(name, "最多 {limit} 个字", {"limit": LONGEST}))
    match field.kind:
        case "lines":
            return tuple(dict.fromkeys(filter(None, (x.strip() for x in said.splitlines()))))
        case "tick":
            return said == "1"
        case "truth":
            return {"1": True, "0": False}.get(said)
        case "number":
            return _number(name, said, problems)
        case "limit":
            amount, unit = _number(name, said, problems), text(request, f"{name}-unit")
            return (
                None
                if amount is None
                else Limit(amount, Unit(unit if unit in UNITS else "workday"))
            )
        case "choice":
            if said not in dict(field.options):
                problems.append(Problem(name, "请选择其中一项"))
                return None
            return {"need": Need, "handling": catalogue.Handling}[field.name](said)
    return said


def _limit(amount: int, unit: str) -> Limit:
    return Limit(amount, Unit(unit if unit in UNITS else "workday"))


def _number(name: str, said: str, problems: list[Problem]) -> int | None:
    if not said:
        return None
    if (number := whole(said)) is None:
        problems.append(Problem(name, "请填写整数"))
    return number


def _with(item: Item, path: str, value: Any) -> Item:
    first, _, rest = path.partition(".")
    if not rest:
        return replace(item, **{first: value})
    return replace(item, **{first: replace(getattr(item, first), **{rest: value})})
