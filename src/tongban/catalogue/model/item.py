"""What a service item (事项, as one department in one place implements it) is. Pure.

An ``Item`` is one version of one service: everything that is published about it. Texts that came
from an official source are kept letter for letter. Field names and code values follow the national
item lists (事项类型, 办件类型, 时限单位 and so on; see GB/T 39046 and 39554 as deployed).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from tongban.foundation.errors import NotFound

KINDS: dict[str, str] = {
    "01": "行政许可",
    "02": "行政处罚",
    "03": "行政强制",
    "04": "行政征收",
    "05": "行政给付",
    "06": "行政检查",
    "07": "行政确认",
    "08": "行政奖励",
    "09": "行政裁决",
    "10": "其他行政权力",
    "16": "一件事",  # An extension used by provinces for life events.
    "20": "公共服务",
}


class NoSuchItem(NotFound):
    message = "没有编码为 {code} 的事项，请核对网址，或从首页重新查找"


class Audience(StrEnum):
    """Whom a service is for (服务对象)."""

    PERSON = "person"
    BUSINESS = "business"
    BOTH = "both"

    @property
    def label(self) -> str:
        return {"person": "个人", "business": "法人", "both": "个人和法人"}[self]


class Handling(StrEnum):
    """办件类型."""

    INSTANT = "instant"
    COMMITTED = "committed"

    @property
    def label(self) -> str:
        return {"instant": "即办件", "committed": "承诺件"}[self]


class Status(StrEnum):
    """Whether a service can be found and applied for. Published versions stay readable in any."""

    PUBLISHED = "published"
    SUSPENDED = "suspended"  # Shown, but not to be applied for at present.
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return {"published": "在用", "suspended": "暂停", "cancelled": "取消"}[self]


class Unit(StrEnum):
    """时限单位."""

    WORKDAY = "workday"
    DAY = "day"
    HOUR = "hour"
    MINUTE = "minute"
    MONTH = "month"


_LIMIT_MESSAGES = {
    Unit.WORKDAY: "{amount}个工作日",
    Unit.DAY: "{amount}个自然日",
    Unit.HOUR: "{amount}小时",
    Unit.MINUTE: "{amount}分钟",
    Unit.MONTH: "{amount}个月",
}


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit. ``message`` is its catalogue key, with the place ``{amount}``."""

    amount: int
    unit: Unit = Unit.WORKDAY

    @property
    def message(self) -> str:
        return _LIMIT_MESSAGES[self.unit]

    def __str__(self) -> str:
        return self.message.format(amount=self.amount)


@dataclass(frozen=True, slots=True)
class Code:
    """One of the codes by which others know the item.

    ``scheme`` is one of basic_code (基本编码), implementation_code (实施编码, 31 characters),
    handling_item_code (业务办理项编码, 33), local_code. No meaning is ever read out of a code.
    """

    scheme: str
    code: str


class Need(StrEnum):
    REQUIRED = "required"  # 必要
    OPTIONAL = "optional"  # 非必要
    DEFERRABLE = "deferrable"  # 容缺

    @property
    def label(self) -> str:
        return {"required": "必要", "optional": "非必要", "deferrable": "可容缺"}[self]


@dataclass(frozen=True, slots=True)
class Material:
    """One material that is asked for.

    ``key`` is stable from version to version. ``upload`` tells whether the applicant is asked for
    it at all: what is exempt (免提交) is supplied by ``supplied_by``. Texts are as published:
    ``form`` 纸质/电子, ``kind`` 原件/复印件, ``source`` 申请人自备/政府部门核发/其他.
    """

    key: str
    name: str
    need: Need = Need.REQUIRED
    form: str = ""
    kind: str = ""
    source: str = ""
    originals: int | None = None
    copies: int | None = None
    paper_format: str = ""
    accept_standard: str = ""
    fill_notice: str = ""
    remark: str = ""
    need_sign: bool = False
    sign_requirement: str = ""
    exempt: bool = False
    supplied_by: str = ""
    shareable: bool = False
    linked_certificate: bool = False
    standard_material: str = ""
    code: str = ""
    basis: str = ""
    has_blank_form: bool = False
    has_sample: bool = False
    upload: bool = True


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to a question. ``materials`` are keys of materials that only this answer needs."""

    key: str
    title: str
    materials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """ "Which is your case?" (情形). The answer decides the list of materials."""

    key: str
    title: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Fee:
    """``standard`` is the official text; ``amount`` is in fen (0.01 yuan) where it is fixed."""

    name: str
    standard: str = ""
    amount: int | None = None
    basis: str = ""
    pay_online: bool = False
    remission: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """环节: ``standard`` is what is examined, ``result`` what comes out."""

    name: str
    limit: Limit | None = None
    standard: str = ""
    result: str = ""


@dataclass(frozen=True, slots=True)
class Basis:
    """设定依据: the law, its clause and the text of the clause."""

    law: str
    clause: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What the applicant gets. ``kind``: 证照, 批文, 证明, 其他; ``validity`` as published."""

    name: str
    kind: str = ""
    validity: str = ""
    has_sample: bool = False


@dataclass(frozen=True, slots=True)
class Faq:
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class SpecialProcedure:
    """特别程序 (听证, 检验, 专家评审...): its ``days`` are not counted in the time limits."""

    kind: str
    days: int | None = None
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Redress:
    """救济途径: ``way`` is 行政复议 or 行政诉讼; ``within`` is the time for it, as published."""

    way: str
    organ: str
    within: str = ""
    address: str = ""
    telephone: str = ""


@dataclass(frozen=True, slots=True)
class Channels:
    """Where and how to apply, as published. ``forms``: 窗口办理, 网上办理, 快递申请, 自助办理..."""

    forms: tuple[str, ...] = ()
    address: str = ""
    hours: str = ""
    consult: str = ""
    complaint: str = ""
    online: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """Where the text came from: who published it, its id there, and when it was taken over."""

    name: str = ""
    item_id: str = ""
    snapshot: str = ""
    completeness: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One version of one service.

    ``version`` counts from 1 and is given by ``publish``; 0 means not published yet.
    ``form`` is a JSON Schema (2020-12) as described in ``model.form``.
    ``kind`` is a national type code (``KINDS``), or empty where the source gave none.
    ``visits`` and ``online_depth`` (1-4, 网上办理深度) are None where the source said nothing.
    ``special_days`` are for all special procedures together.
    ``extra`` keeps, unread, what the source said beyond the known fields.
    """

    code: str
    name: str
    department: str
    department_name: str
    region: str
    region_name: str
    version: int = 0
    parent_name: str = ""
    short_name: str = ""
    everyday_words: tuple[str, ...] = ()
    summary: str = ""
    codes: tuple[Code, ...] = ()
    kind: str = ""
    kind_name: str = ""
    audience: Audience = Audience.BOTH
    service_object: str = ""
    handling: Handling = Handling.COMMITTED
    statutory: Limit | None = None
    promised: Limit | None = None
    visits: int | None = None
    online_depth: int | None = None
    online_apply: bool = False
    cross_region_scope: str = ""
    charged: bool = False
    fees: tuple[Fee, ...] = ()
    conditions: str = ""
    materials: tuple[Material, ...] = ()
    questions: tuple[Question, ...] = ()
    steps: tuple[Step, ...] = ()
    legal_basis: tuple[Basis, ...] = ()
    results: tuple[Result, ...] = ()
    faq: tuple[Faq, ...] = ()
    channels: Channels = Channels()
    rights: tuple[Redress, ...] = ()
    themes: tuple[str, ...] = ()
    life_events: tuple[str, ...] = ()
    special_procedures: tuple[SpecialProcedure, ...] = ()
    special_days: int | None = None
    form: dict[str, Any] = field(default_factory=dict)
    prominence: int = 0
    source: Source = Source()
    status: Status = Status.PUBLISHED
    effective_from: date | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    def material(self, key: str) -> Material | None:
        return next((material for material in self.materials if material.key == key), None)

    def materials_for(self, answers: Mapping[str, str]) -> tuple[Material, ...]:
        """Return the materials that a case with these answers needs, in the published order.

        A material that some choice names is needed only where such a choice was made; a material
        that no choice names is always on the list. ``answers`` are choice keys by question key.
        """
        chosen: set[str] = set()
        conditional: set[str] = set()
        for question in self.questions:
            for choice in question.choices:
                conditional.update(choice.materials)
                if answers.get(question.key) == choice.key:
                    chosen.update(choice.materials)
        return tuple(m for m in self.materials if m.key not in conditional or m.key in chosen)

    def in_scenario(
        self,
        *,
        needed: Collection[str],
        not_needed: Collection[str],
        fields_not_needed: Collection[str] = (),
    ) -> "Item":
        """Return the item as one case meets it, where rules decide what is asked for.

        Materials ``needed`` are asked for whatever was answered, those ``not_needed`` are not; all
        others follow the questions as published. So do the fields of the form, without those not
        needed. Whether something is required or optional stays as published.
        """
        governed = {*needed, *not_needed}
        return replace(
            self,
            materials=tuple(m for m in self.materials if m.key not in not_needed),
            questions=tuple(
                replace(question, choices=tuple(_without(c, governed) for c in question.choices))
                for question in self.questions
            ),
            form=_form_without(self.form, fields_not_needed),
        )


def _without(choice: Choice, governed: Collection[str]) -> Choice:
    """Rules that name a material decide about it alone, so that no answer can ask for it too."""
    return replace(choice, materials=tuple(m for m in choice.materials if m not in governed))


def _form_without(form: dict[str, Any], dropped: Collection[str]) -> dict[str, Any]:
    if not form or not dropped:
        return form
    properties = {k: rule for k, rule in form.get("properties", {}).items() if k not in dropped}
    required = [key for key in form.get("required", ()) if key not in dropped]
    return form | {"properties": properties, "required": required}
