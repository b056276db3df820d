"""Rule sets and their versions: what they are for, how they come into force, who may not review.

A version goes draft → in_review → approved → published → withdrawn; a rejected one is a draft
again. Its content can change only while it is a draft. Whoever wrote it neither reviews nor
publishes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import msgspec

from tongban.foundation.errors import Conflict, Forbidden, Invalid, NotFound


class NoSuchRuleSet(NotFound):
    message = "没有编码为“{code}”的规则"


class NoSuchVersion(NotFound):
    message = "规则“{code}”没有第 {version} 版"


class NoSuchEvaluation(NotFound):
    message = "没有找到这次判定的记录"


class CodeTaken(Conflict):
    message = "编码“{code}”已有规则使用，请换一个"


class WrongStatus(Conflict):
    message = "第 {version} 版当前为“{status}”，不能进行这一步；请刷新页面"


class ChangedMeanwhile(Conflict):
    message = "第 {version} 版已被 {name} 修改，请刷新页面后再改"


class DateTaken(Conflict):
    message = "已有一版规则从 {day} 起生效，请选择别的日期"


class OwnWork(Forbidden):
    message = "不能审查、发布自己编写的规则，请由另一位有审查权限的人办理"


class NotReady(Invalid):
    message = "还不能提交或发布：{summary}"


class Purpose(StrEnum):
    """What a rule set decides."""

    ELIGIBILITY = "eligibility"
    SCENARIO = "scenario"
    INSTANT = "instant"
    DISCRETION = "discretion"
    RISK = "risk"


PURPOSE_NAMES = {
    Purpose.ELIGIBILITY: "申请资格",
    Purpose.SCENARIO: "情形与材料",
    Purpose.INSTANT: "秒批",
    Purpose.DISCRETION: "裁量基准",
    Purpose.RISK: "风险提示",
}


class Status(StrEnum):
    """How far a version has come."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


STATUS_NAMES = {
    Status.DRAFT: "草稿",
    Status.IN_REVIEW: "审查中",
    Status.APPROVED: "审查通过",
    Status.PUBLISHED: "已发布",
    Status.WITHDRAWN: "已停用",
}


@dataclass(frozen=True, slots=True)
class Favour:
    """Which result is better for the person.

    ``order`` lists values of ``output``, the best last; empty for numbers and truth values, where
    more (or true) is better, or with ``less`` worse.
    """

    output: str = ""
    order: tuple[str, ...] = ()
    less: bool = False


@dataclass(frozen=True, slots=True)
class Limit:
    """Instant approval ends where ``name``, a fact or a result, is greater than ``most``."""

    name: str
    most: Decimal
    label: str = ""


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Rules for one purpose, kept by one department. ``share_rechecked`` is between 0 and 1."""

    code: str
    name: str
    purpose: Purpose
    department: str
    department_name: str
    region: str
    summary: str = ""
    favour: Favour = field(default_factory=Favour)
    limits: tuple[Limit, ...] = ()
    share_rechecked: Decimal = Decimal(0)
    switched_off: bool = False
    switch_reason: str = ""
    switched_by: str = ""
    switched_at: datetime | None = None

    def __post_init__(self) -> None:
        # Rows arrive as plain data; a rule set always holds the real types.
        object.__setattr__(self, "purpose", Purpose(self.purpose))
        object.__setattr__(self, "favour", msgspec.convert(self.favour, Favour))
        object.__setattr__(self, "limits", msgspec.convert(self.limits, tuple[Limit, ...]))


@dataclass(frozen=True, slots=True)
class TestCase:
    """Facts, and for each output what must come out of them. Values are as JSON has them.

    ``expected`` maps outputs to values; ``to_a_person`` expects that no automatic answer is given.
    """

    __test__ = False  # The name is the law's; pytest must not take it for its own.

    name: str
    facts: Mapping[str, Any]
    expected: Mapping[str, Any] = field(default_factory=dict)
    to_a_person: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a rule set. ``dmn`` is its legal text, as DMN XML."""

    rule_set_code: str
    version: int
    status: Status
    dmn: str
    decision: str
    tests: tuple[TestCase, ...]
    note: str
    content_hash: bytes
    revision: int
    author: str
    author_name: str
    changed_at: datetime
    reviewer: str = ""
    reviewer_name: str = ""
    review_comment: str = ""
    reviewed_at: datetime | None = None
    effective_from: date | None = None
    effective_until: date | None = None
    published_by: str = ""
    published_at: datetime | None = None
    withdrawn_from: date | None = None
    withdraw_reason: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "status", Status(self.status))
        object.__setattr__(self, "tests", msgspec.convert(self.tests, tuple[TestCase, ...]))

    def must_be(self, *statuses: Status) -> None:
        """Refuse an act that is not for this status.

        :raises WrongStatus: naming the present one.
        """
        if self.status not in statuses:
            raise WrongStatus(version=self.version, status=STATUS_NAMES[self.status])

    def in_force(self, on: date) -> bool:
        """Tell whether the version itself lets itself be applied on a day."""
        return (
            self.effective_from is not None
            and self.effective_from <= on
            and (self.effective_until is None or on <= self.effective_until)
            and (self.withdrawn_from is None or on < self.withdrawn_from)
        )
