"""What a rule of the linter is, and what it finds. Pure."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tongban.catalogue.model.coded import Limit
from tongban.catalogue.model.item import Item
from tongban.foundation.errors import NotFound, Problem
from tongban.foundation.messages import translate


class NoSuchRule(NotFound):
    message = "没有名为 {rule} 的检查规则"


class Severity(StrEnum):
    """An error keeps a draft from being published; a warning and a hint do not."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"

    @property
    def label(self) -> str:
        return {"error": "错误", "warning": "警告", "hint": "提示"}[self]


class Section(StrEnum):
    """The section of an item, as it is edited, in which something is to be put right."""

    BASICS = "basics"
    LIMITS = "limits"
    CONDITIONS = "conditions"
    MATERIALS = "materials"
    STEPS = "steps"
    FEES = "fees"
    RESULTS = "results"
    CHANNELS = "channels"
    BASIS = "basis"
    SCENARIOS = "scenarios"
    QUESTIONS = "questions"
    AUTHORITY = "authority"
    RIGHTS = "rights"
    FORM = "form"

    @property
    def label(self) -> str:
        return _SECTIONS[self]


_SECTIONS = {
    Section.BASICS: "基本信息",
    Section.LIMITS: "办理时限",
    Section.CONDITIONS: "受理条件",
    Section.MATERIALS: "申请材料",
    Section.STEPS: "办理流程",
    Section.FEES: "收费",
    Section.RESULTS: "办理结果",
    Section.CHANNELS: "办理渠道与联系方式",
    Section.BASIS: "设定依据",
    Section.SCENARIOS: "常见情形",
    Section.QUESTIONS: "常见问题",
    Section.AUTHORITY: "权力和实施主体",
    Section.RIGHTS: "救济途径",
    Section.FORM: "申请表",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with an item.

    ``rule`` is the lasting id of the rule, ``field`` a path such as ``materials[2].name``.
    ``message`` is a catalogue key with named places, filled by ``details``.
    """

    rule: str
    severity: Severity
    section: Section
    field: str
    message: str
    details: Mapping[str, object] = dataclasses.field(default_factory=dict)

    def __str__(self) -> str:
        return self.message.format(**self.details)

    def said(self, language: str) -> str:
        """Return what is wrong, in a language."""
        told = {name: _in(language, value) for name, value in self.details.items()}
        return translate(self.message, language, **told)


def _in(language: str, value: object) -> object:
    match value:
        case Limit():
            return translate(value.message, language, amount=value.amount)
        case Problem():
            return translate(value.message, language, **value.details)
        case str():
            return translate(value, language)
    return value


Place = tuple[str, dict[str, object]]
Look = Callable[[Item], Iterator[Place]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``look`` yields each field that breaks it, with the details of the message.

    ``title`` says what is wrong without saying where.
    """

    id: str
    severity: Severity
    section: Section
    message: str
    title: str
    look: Look

    def findings(self, item: Item) -> Iterator[Finding]:
        for at, details in self.look(item):
            yield Finding(self.id, self.severity, self.section, at, self.message, details)


RULES: dict[str, Rule] = {}


def rule(
    id: str,
    severity: Severity,
    section: Section,
    message: str,
    *,
    title: str = "",
) -> Callable[[Look], Look]:
    """Make the decorated function a rule. Its title is the message, if that has no places."""

    def register(look: Look) -> Look:
        assert id not in RULES, f"two rules are called {id}"
        RULES[id] = Rule(id, severity, section, message, title or message, look)
        return look

    return register
