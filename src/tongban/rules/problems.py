"""What can go wrong in a rule, said so that an official can act on it.

A `Reason` is a value: a Chinese message template (the msgid) with its parameters. Errors that stop
work (a text that is no expression, a file that is no model) are exceptions that carry a reason and
a place; everything that merely makes one value unknown is recorded as a reason beside a null.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a value is unknown. `message` is the msgid, `params` fill its braces."""

    message: str
    params: tuple[tuple[str, str], ...] = ()

    def text(self, translate: Callable[[str], str] = str) -> str:
        """The sentence for the reader, in the language of `translate`."""
        params = {
            name: translate(value) if value in TERMS else value for name, value in self.params
        }
        return translate(self.message).format(**params)


# Words that stand in the places of messages and are translated with them.
TERMS = frozenset(
    {
        *("数字", "文字", "真假值", "列表", "数据项", "日期", "时间", "日期时间", "天时分秒的时长"),
        *("年月的时长", "区间", "函数", "空值", "一个名称", "一个值", "区间的结束括号"),
    }
)
LONGEST = 120


def reason(message: str, /, **params: object) -> Reason:
    """A reason whose parameters are shown as texts."""
    return Reason(message, tuple((name, _shown(value)) for name, value in params.items()))


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a text, counted from 1."""

    line: int
    column: int


def place_of(text: str, position: int) -> Place:
    """Line and column of a character offset."""
    before = text[:position]
    line = before.count("\n") + 1
    return Place(line, position - (before.rfind("\n") + 1) + 1)


class RuleError(Exception):
    """The rule cannot be used as it is written."""

    def __init__(self, why: Reason) -> None:
        super().__init__(why.text())
        self.reason = why


class FeelSyntaxError(RuleError):
    """The text is not an expression. `position` counts characters from 0."""

    def __init__(self, why: Reason, text: str, position: int) -> None:
        super().__init__(why)
        self.source = text
        self.position = position
        self.place = place_of(text, position)

    def __str__(self) -> str:
        return f"第 {self.place.line} 行第 {self.place.column} 列：{self.reason.text()}"


class ModelError(RuleError):
    """The DMN file is not a usable model. `element` is the name of the part at fault."""

    def __init__(self, why: Reason, element: str = "") -> None:
        super().__init__(why)
        self.element = element


class BudgetExceeded(RuleError):
    """The evaluation took more steps, depth or memory than it was given."""
