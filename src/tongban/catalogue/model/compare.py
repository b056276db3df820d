"""What changed between two versions of a service, field by field in plain words. Pure.

Each change is a message (a catalogue key) with named places, so that it is said in the reader's
language. Lists are compared by what their parts are called, not by their places.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

from tongban.catalogue.model.coded import KINDS, LEVELS, POWER_SOURCES, Limit
from tongban.catalogue.model.inherit import differences
from tongban.catalogue.model.item import Item
from tongban.catalogue.model.parts import Choice
from tongban.foundation.errors import Problem

LONGEST = 120
# What people call the fields; a field that is not here is not for them (keys, sources, ranks).
LABELS = {
    "name": "事项名称", "parent_name": "主项名称", "short_name": "事项简称",
    "everyday_words": "日常用语", "summary": "一句话说明", "kind": "事项类型",
    "audience": "服务对象", "service_object": "服务对象", "handling": "办件类型",
    "statutory": "法定时限", "promised": "承诺时限", "statutory_note": "法定时限说明",
    "promised_note": "承诺时限说明", "visits": "跑几次", "visits_reason": "到现场的原因",
    "online_depth": "网上办理深度", "online_apply": "可以网上申请",
    "cross_region_scope": "通办范围", "charged": "是否收费", "fees": "收费项目",
    "fee_basis": "收费依据", "conditions": "受理条件", "prohibitions": "不予受理的情形",
    "materials": "申请材料", "questions": "情形问题", "scenarios": "常见情形",
    "steps": "办理流程", "legal_basis": "设定依据", "results": "办理结果", "faq": "常见问题",
    "channels": "办理渠道与联系方式", "rights": "救济途径", "themes": "主题",
    "life_events": "一件事", "special_procedures": "特别程序", "special_days": "特别程序天数",
    "form": "申请表", "status": "事项状态", "effective_until": "失效日期",
    "agency": "实施主体", "authority": "行使权限", "offers": "便民服务",
    "intermediaries": "中介服务", "department_name": "实施部门", "codes": "编码",
    "power": "对应的权力", "base_code": "基本编码", "action": "业务办理项",
    "person_themes": "面向自然人主题分类", "business_themes": "面向法人主题分类",
    "local_themes": "地方特色主题", "town": "乡镇街道", "village": "村居社区",
}  # fmt: skip
PARTS = {
    "need": "必要性", "form": "形式", "kind": "类型", "source": "来源", "originals": "原件份数",
    "copies": "复印件份数", "accept_standard": "受理标准", "fill_notice": "填报须知",
    "remark": "备注", "exempt": "免提交", "supplied_by": "由谁提供", "basis": "依据",
    "standard_material": "标准材料", "upload": "需要上传", "limit": "时限",
    "standard": "标准", "result": "结果", "post": "岗位", "review_points": "审查要点",
    "discretion": "裁量基准", "risks": "廉政风险点", "amount": "金额", "remission": "减免",
    "pay_online": "网上缴费", "clause": "条款", "text": "条文", "validity": "有效期",
    "answer": "答案", "choices": "选项", "organ": "机关", "within": "期限",
    "address": "地址", "telephone": "电话", "days": "天数", "forms": "办理方式",
    "hours": "办公时间", "consult": "咨询方式", "complaint": "监督投诉", "online": "网上办理",
    "consult_address": "咨询地址", "complaint_address": "投诉地址", "website": "网址",
    "mobile_address": "移动端网址", "in_hall": "进驻大厅", "appointment": "预约",
    "express": "快递", "terminals": "自助终端", "one_window": "综合窗口", "in_seconds": "秒批",
    "commitment": "告知承诺", "deferrable": "容缺受理", "credit_code": "统一社会信用代码",
    "nature": "性质", "entrusted": "委托部门", "joint": "联办机构", "levels": "行使层级",
    "category": "类别", "sign_requirement": "签名签章", "answers": "选择", "explanation": "说明",
    "blank_form": "空白表格", "sample": "样例",
    "quantity_limit": "数量限制", "content": "行使内容", "division": "权限划分",
    "punishments": "处罚的行为、种类、幅度", "system_level": "运行系统层级",
    "entrusted_code": "委托部门代码", "single_sign_on": "电脑端已接统一登录",
    "mobile_single_sign_on": "移动端已接统一登录", "code": "编码", "licence_type": "证照类型",
    "source_explain": "来源渠道说明", "paper_format": "纸质规格", "need_sign": "需要签名签章",
    "shareable": "可以共享", "linked_certificate": "已关联电子证照", "issuer": "出具机构",
    "issuing_time": "出具要多久", "obtained_how": "怎么开具", "obtained_where": "在哪里开具",
    "used_for": "用来核对什么", "counted": "计入办理时限",
}  # fmt: skip
_CODED = {"kind": KINDS, "source": POWER_SOURCES, "levels": LEVELS}


def changes(before: Item, after: Item) -> list[Problem]:
    """Return what the later version says differently, in the order of the guide."""
    found: list[Problem] = []
    for one in differences(before, after):
        if (label := LABELS.get(one.field)) is not None:
            old, new = one.before, one.after
            if one.field == "questions":
                old, new = _with_needs(before), _with_needs(after)
            elif one.field == "scenarios":
                old, new = _in_words(before), _in_words(after)
            found += change_of(one.field, label, old, new)
    return found


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question as it is compared: with what each of its answers asks for, in words."""

    title: str
    choices: tuple[str, ...]


def _with_needs(item: Item) -> tuple[Any, ...]:
    """Return the questions with what each answer asks for, in words, in place of the choices."""
    names = {material.key: material.name for material in item.materials}
    names |= {
        key: str(rule.get("title", key)) for key, rule in item.form.get("properties", {}).items()
    }

    def said(choice: Choice) -> str:
        needed = (*choice.materials, *choice.fields, *choice.forms)
        told = "、".join(names.get(key, key) for key in needed)
        return f"{choice.title}（{told}）" if told else choice.title

    return tuple(
        _Asked(question.title, tuple(said(choice) for choice in question.choices))
        for question in item.questions
    )


@dataclass(frozen=True, slots=True)
class _UsualCase:
    """A usual case as it is compared: with its questions and answers in words."""

    title: str
    explanation: str
    answers: tuple[str, ...]


def _in_words(item: Item) -> tuple[Any, ...]:
    """Return the usual cases with their answers in words, in the order of the questions."""
    questions = {question.key: question for question in item.questions}
    order = list(questions)

    def said(key: str, chosen: str) -> str:
        if (question := questions.get(key)) is None:
            return f"{key}：{chosen}"
        titles = {choice.key: choice.title for choice in question.choices}
        return f"{question.title.rstrip('？?：:')}：{titles.get(chosen, chosen)}"

    return tuple(
        _UsualCase(
            one.title,
            one.explanation,
            tuple(
                said(*pair)
                for pair in sorted(
                    one.answers.items(),
                    key=lambda pair: order.index(pair[0]) if pair[0] in questions else len(order),
                )
            ),
        )
        for one in item.scenarios
    )


def change_of(field: str, label: str, before: Any, after: Any) -> Iterator[Problem]:
    """Say what of one field is different; ``label`` is what people call it."""
    told = {"field": label}
    if field == "form":
        yield Problem(field, "“{field}”改了", told)
    elif isinstance(before, tuple) and any(map(is_dataclass, (*before, *after))):
        yield from _parts(field, label, before, after)
    elif isinstance(before, tuple):
        for word in (one for one in after if one not in before):
            yield Problem(field, "“{field}”增加了“{name}”", told | {"name": str(word)})
        for word in (one for one in before if one not in after):
            yield Problem(field, "“{field}”去掉了“{name}”", told | {"name": str(word)})
    elif is_dataclass(before) and is_dataclass(after) and not isinstance(before, Limit):
        for part, old, new in _inside(before, after):
            yield _told(f"{field}.{part}", f"{PARTS[part]}", _said(part, old), _said(part, new))
    else:
        yield _told(field, label, _said(field, before), _said(field, after))


def _parts(field: str, label: str, before: Any, after: Any) -> Iterator[Problem]:
    old, new = _by_name(before), _by_name(after)
    for name in (one for one in new if one not in old):
        yield Problem(field, "“{field}”增加了“{name}”", {"field": label, "name": name})
    for name in (one for one in old if one not in new):
        yield Problem(field, "“{field}”去掉了“{name}”", {"field": label, "name": name})
    for name in (one for one in new if one in old):
        for part, was, now in _inside(old[name], new[name]):
            told: dict[str, object] = {"field": label, "name": name, "part": PARTS[part]}
            yield _part_told(field, told, _said(part, was), _said(part, now))


def _by_name(parts: tuple[Any, ...]) -> dict[str, Any]:
    """Return parts by their names; of several of one name, the later ones with their number."""
    found: dict[str, Any] = {}
    times: Counter[str] = Counter()
    for one in parts:
        name = _name(one)
        times[name] += 1
        found[name if times[name] == 1 else f"{name}（{times[name]}）"] = one
    return found


def _inside(before: Any, after: Any) -> Iterator[tuple[str, Any, Any]]:
    for one in fields(before):
        old, new = getattr(before, one.name), getattr(after, one.name)
        if one.name in PARTS and old != new:
            yield one.name, old, new


def _told(field: str, label: str, before: str, after: str) -> Problem:
    told = {"field": label, "before": before, "after": after}
    if not before:
        return Problem(field, "“{field}”补充了“{after}”", {"field": label, "after": after})
    if not after:
        return Problem(field, "“{field}”删去了“{before}”", {"field": label, "before": before})
    return Problem(field, "“{field}”由“{before}”改为“{after}”", told)


def _part_told(field: str, told: dict[str, object], before: str, after: str) -> Problem:
    if not before:
        message = "“{field}”中“{name}”的{part}补充了“{after}”"
    elif not after:
        message = "“{field}”中“{name}”的{part}删去了“{before}”"
    else:
        message = "“{field}”中“{name}”的{part}：原为“{before}”，现为“{after}”"
    return Problem(field, message, told | {"before": before, "after": after})


def _name(part: Any) -> str:
    for attribute in ("name", "title", "question", "law", "kind", "way", "code"):
        if said := getattr(part, attribute, ""):
            clause = getattr(part, "clause", "")
            return f"{said} {clause}".strip()[:LONGEST]
    return str(part)[:LONGEST]


def _said(field: str, value: Any) -> str:
    match value:
        case None | "" | ():
            return ""
        case bool():
            return "是" if value else "否"
        case Enum():
            return str(getattr(value, "label", value.value))
        case date():
            return value.isoformat()
        case tuple():
            return "、".join(_said(field, one) if not is_dataclass(one) else _name(one)
                             for one in value)[:LONGEST]  # fmt: skip
        case str():
            said = _CODED.get(field, {}).get(value, value)
            return said if len(said) <= LONGEST else said[:LONGEST] + "…"
    return str(value)[:LONGEST]
