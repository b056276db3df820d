"""The exchange shape of a service guide: one JSON line, or one TOML file.

Only ``name``, ``department`` and ``region`` must be there. Texts are official texts and are kept
letter for letter. Values with a code list may be given by code or by Chinese name:

``type_code`` / ``type``   事项类型: 01-10, 20, 16 (一件事)
``handling_type``          即办件 / 承诺件, or 1 / 2
``service_object``         自然人, 个人, 法人, 企业法人..., several joined by "/", "、", "|" or "^"
``day_unit``               工作日, 自然日, 小时, 分钟, 月, or 1-5; holds for both limits
``material.need``          必要, 非必要, 容缺 (instead of the flag ``required``)
``statutory_unit``,
``promised_unit``          the same, for a limit that is counted otherwise than ``day_unit`` says
``item_code``              our own code, for services written here; others get a derived one
``codes``                  every other code by which the source knows the service, by scheme
``region_code``            the six-digit division code, where the source gives it beside the name
``department_credit_code`` the unified social credit code of the department
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tongban.catalogue.model import (
    Action,
    Agency,
    Audience,
    Authority,
    Field,
    Offers,
    Place,
    Scenario,
    Status,
)
from tongban.catalogue.model.parts import ReviewPoint, RiskPoint


@dataclass(frozen=True, slots=True)
class MaterialRecord:
    """``exempt_by`` names who supplies an exempt material instead of the applicant."""

    name: str
    key: str | None = None
    code: str | None = None
    required: bool | None = None
    need: str | None = None
    form: str | None = None
    kind: str | None = None
    source: str | None = None
    originals: int | None = None
    copies: int | None = None
    paper_format: str | None = None
    accept_standard: str | None = None
    fill_notice: str | None = None
    remark: str | None = None
    need_sign: bool | None = None
    sign_requirement: str | None = None
    exempt: bool | None = None
    exempt_by: str | None = None
    shareable: bool | None = None
    linked_certificate: bool | None = None
    standard_material: str | None = None
    basis: str | None = None
    has_blank_form: bool | None = None
    has_sample: bool | None = None
    category: str | None = None
    source_explain: str | None = None
    issuer: str | None = None
    issuing_time: str | None = None
    obtained_how: str | None = None
    obtained_where: str | None = None
    used_for: str | None = None
    blank_form: str | None = None
    sample: str | None = None
    upload: bool | None = None


@dataclass(frozen=True, slots=True)
class ChoiceRecord:
    """What only this choice needs: ``materials`` by name or key, the others by key."""

    title: str
    key: str | None = None
    materials: list[str] | None = None
    fields: list[str] | None = None
    forms: list[str] | None = None


@dataclass(frozen=True, slots=True)
class QuestionRecord:
    title: str
    choices: list[ChoiceRecord]
    key: str | None = None


@dataclass(frozen=True, slots=True)
class StepRecord:
    """``days`` are working days unless ``unit`` says else; from ``post`` on it is the manual."""

    name: str
    days: int | None = None
    standard: str | None = None
    result: str | None = None
    post: str | None = None
    review_points: list[ReviewPoint] | None = None
    discretion: str | None = None
    risks: list[RiskPoint] | None = None
    counted: bool | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class FeeRecord:
    """``amount`` in fen, where it is fixed."""

    name: str
    standard: str | None = None
    amount: int | None = None
    basis: str | None = None
    pay_online: bool | None = None
    remission: str | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class FeesRecord:
    charged: bool | None = None
    items: list[FeeRecord] | None = None


@dataclass(frozen=True, slots=True)
class BasisRecord:
    law: str
    clause: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class ResultRecord:
    name: str
    kind: str | None = None
    validity: str | None = None
    has_sample: bool | None = None
    sample: str | None = None
    licence_type: str | None = None


@dataclass(frozen=True, slots=True)
class FaqRecord:
    q: str
    a: str


@dataclass(frozen=True, slots=True)
class SpecialRecord:
    kind: str
    days: int | None = None
    basis: str | None = None


@dataclass(frozen=True, slots=True)
class RedressRecord:
    way: str
    organ: str
    within: str | None = None
    address: str | None = None
    telephone: str | None = None


@dataclass(frozen=True, slots=True)
class ChannelsRecord:
    """``time`` are the office hours, ``online_depth`` 1-4 or 一级标准 ... 四级标准."""

    forms: list[str] | None = None
    address: str | None = None
    time: str | None = None
    consult: str | None = None
    complaint: str | None = None
    online: bool | None = None
    online_depth: str | int | None = None
    consult_address: str | None = None
    complaint_address: str | None = None
    website: str | None = None
    mobile_address: str | None = None
    single_sign_on: bool | None = None
    mobile_single_sign_on: bool | None = None


@dataclass(frozen=True, slots=True)
class CodeRecord:
    scheme: str
    code: str


@dataclass(frozen=True, slots=True)
class Guide:
    """One service guide as it is exchanged.

    The applicant's form is ``fields`` followed by the contact fields, or a whole JSON Schema in
    ``form``, or, where neither is given, the basic application form (``model.form.BASIC``).
    """

    name: str
    department: str
    region: str
    item_code: str | None = None
    source: str | None = None
    snapshot: str | None = None
    completeness: str | None = None
    source_item_id: str | None = None
    note: str | None = None
    parent_name: str | None = None
    short_name: str | None = None
    everyday_words: list[str] | None = None
    summary: str | None = None
    code: str | None = None
    basic_code: str | None = None
    codes: list[CodeRecord] | None = None
    region_code: str | None = None
    department_credit_code: str | None = None
    type: str | None = None
    type_code: str | None = None
    service_object: str | None = None
    handling_type: str | None = None
    statutory_days: int | None = None
    promised_days: int | None = None
    day_unit: str | None = None
    statutory_unit: str | None = None
    promised_unit: str | None = None
    on_site_visits: int | None = None
    cross_region_scope: str | None = None
    conditions: str | None = None
    materials: list[MaterialRecord] | None = None
    questions: list[QuestionRecord] | None = None
    steps: list[StepRecord] | None = None
    fees: FeesRecord | None = None
    legal_basis: list[str | BasisRecord] | None = None
    results: list[str | ResultRecord] | None = None
    faq: list[FaqRecord] | None = None
    special_procedures: list[str | SpecialRecord] | None = None
    special_days: int | None = None
    channels: ChannelsRecord | None = None
    rights: list[RedressRecord] | None = None
    themes: list[str] | None = None
    life_events: list[str] | None = None
    fields: list[Field] | None = None
    form: dict[str, Any] | None = None
    prominence: int = 0
    base_code: str | None = None
    power: str | None = None
    main_item: str | None = None
    action: Action | None = None
    inherits: str | None = None
    agency: Agency | None = None
    authority: Authority | None = None
    offers: Offers | None = None
    statutory_note: str | None = None
    promised_note: str | None = None
    visits_reason: str | None = None
    prohibitions: str | None = None
    fee_basis: str | None = None
    scenarios: list[Scenario] | None = None
    intermediaries: list[str] | None = None
    person_themes: list[str] | None = None
    business_themes: list[str] | None = None
    local_themes: list[str] | None = None
    town: Place | None = None
    village: Place | None = None
    flow_chart: str | None = None
    status: Status | None = None
    effective_until: date | None = None
    audience: Audience | None = None
    online_apply: bool | None = None
    extra: dict[str, Any] = field(default_factory=dict)
