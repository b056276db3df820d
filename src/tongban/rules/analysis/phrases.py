"""Values and tests of decision tables as parts of plain sentences."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tongban.rules.analysis.words import (
    Phrase,
    both,
    either,
    filled,
    listed,
    words,
)
from tongban.rules.feel import ast
from tongban.rules.feel.compile import UNKNOWN, Compiler
from tongban.rules.feel.temporal import SECOND, Date, DateTime, DaysDuration, MonthsDuration, Time
from tongban.rules.feel.text import literal, number
from tongban.rules.feel.unparse import unparse
from tongban.rules.feel.values import Range, Value
from tongban.rules.feel.walk import mentions

UNIT = re.compile(r"(.+?)\s*[（(]([^（）()]{1,12})[）)]")
PLAIN = re.compile(r"[^\W_]+(?:[-·/][^\W_]+)*")
FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
COMPILER = Compiler()


@dataclass(frozen=True, slots=True)
class Title:
    """The name of a column and, where its label ends in brackets, the unit of its numbers."""

    name: str
    unit: str = ""


def title(label: str) -> Title:
    """`面积（平方米）` is the name 面积 and the unit 平方米."""
    text = " ".join(label.split())
    found = UNIT.fullmatch(text)
    return Title(found[1], found[2]) if found else Title(text)


def value_words(value: Value, unit: str = "") -> "str | Phrase":
    """A value as it is read aloud."""
    write = VALUES.get(type(value))
    if type(value) is Decimal and unit:
        return words("{value} {unit}", value=number(value), unit=unit)
    return literal(value) if write is None else write(value)


def _text(value: str) -> "str | Phrase":
    return value if PLAIN.fullmatch(value) else words("“{text}”", text=value)


def _date(value: Date) -> Phrase:
    return words("{year}年{month}月{day}日", year=value.year, month=value.month, day=value.day)


def _months(value: MonthsDuration) -> "str | Phrase":
    if value.months < 0:
        return literal(value)
    years, months = divmod(value.months, 12)
    if not months and years:
        return words("{years} 年", years=years)
    if not years:
        return words("{months} 个月", months=months)
    return words("{years} 年 {months} 个月", years=years, months=months)


def _days(value: DaysDuration) -> "str | Phrase":
    for size, template in LENGTHS:
        count, rest = divmod(value.nanos, size * SECOND)
        if not rest and count > 0:
            return filled(template, count=count)
    return literal(value)


LENGTHS = (
    (86_400, words("{count} 天")),
    (3600, words("{count} 小时")),
    (60, words("{count} 分钟")),
)

VALUES: dict[type, Callable[[Any], "str | Phrase"]] = {
    type(None): lambda _: words("（空）"),
    # The empty place tells these msgids from the labels of yes and no on screens.
    bool: lambda value: words("是{blank}", blank="") if value else words("否{blank}", blank=""),
    str: _text,
    Decimal: number,
    Date: _date,
    MonthsDuration: _months,
    DaysDuration: _days,
    list: lambda value: listed(value_words(item) for item in value),
    dict: lambda value: listed(fact_words(name, part) for name, part in value.items()),
}


def end_words(node: ast.Node, unit: str) -> "str | Phrase":
    """The end of a test: a constant, or the text of what it is computed from."""
    value = COMPILER.constant(node)
    return words("“{text}”", text=unparse(node)) if value is UNKNOWN else value_words(value, unit)


def compared(operator: str, end: Value, told: "str | Phrase") -> Phrase:
    """A comparison; dates are earlier or later, durations shorter or longer."""
    if isinstance(end, (Date, Time, DateTime)):
        return filled(TIMES[operator], value=told)
    if isinstance(end, (DaysDuration, MonthsDuration)):
        return filled(SPANS[operator], value=told)
    if operator in EQUALITY and type(end) is not Decimal:
        return filled(EQUALITY[operator], value=told)
    return filled(AMOUNTS[operator], value=told)


def fact_words(name: str, value: Value, unit: str = "") -> Phrase:
    """A named value: `面积为 121 平方米`."""
    told = value_words(value, unit)
    return words("{name}{test}", name=name, test=compared("=", value, told))


IS = words("为{value}")
IS_NOT = words("不为{value}")
EQUALITY = {"=": IS, "!=": IS_NOT}
AMOUNTS = {
    "<": words("小于 {value}"),
    "<=": words("不超过 {value}"),
    ">": words("超过 {value}"),
    ">=": words("不小于 {value}"),
    "=": words("为 {value}"),
    "!=": words("不为 {value}"),
}
TIMES = {
    "<": words("早于 {value}"),
    "<=": words("不晚于 {value}"),
    ">": words("晚于 {value}"),
    ">=": words("不早于 {value}"),
    "=": IS,
    "!=": IS_NOT,
}
SPANS = {
    "<": words("短于 {value}"),
    "<=": words("不长于 {value}"),
    ">": words("长于 {value}"),
    ">=": words("不短于 {value}"),
    "=": IS,
    "!=": IS_NOT,
}


def condition_words(node: ast.Node, unit: str = "") -> Phrase | None:
    """What a test asks of a value, as the end of a sentence about it; None for `-`."""
    if not isinstance(node, ast.UnaryTests):
        return None
    values = [COMPILER.constant(test) for test in node.tests]
    if all(_is_value(test, value) for test, value in zip(node.tests, values, strict=True)):
        return _one_of(values, node.negated, unit)
    found = [predicate(test, unit) for test in node.tests]
    told = found[0] if len(found) == 1 else either(found)
    return words("不属于下列情形：{tests}", tests=told) if node.negated else told


def _is_value(test: ast.Node, value: Value) -> bool:
    return value is not UNKNOWN and not isinstance(value, (Range, list)) and not mentions(test, "?")


def _one_of(values: list[Value], negated: bool, unit: str) -> Phrase:
    if values == [None]:
        return words("已填写") if negated else words("没有填写")
    told = [value_words(value, unit) for value in values]
    together = told[0] if len(told) == 1 else either(told)
    return compared("!=" if negated else "=", values[0], together)


def predicate(node: ast.Node, unit: str) -> Phrase:
    """One test of several."""
    tell = PREDICATES.get(type(node))
    found = tell(node, unit) if tell else None
    if found is not None:
        return found
    if mentions(node, "?"):
        return words("符合“{text}”", text=unparse(node))
    value = COMPILER.constant(node)
    if isinstance(value, Range):
        return range_words(value, unit)
    return compared("=", None if value is UNKNOWN else value, end_words(node, unit))


def _ends(node: ast.RangeLiteral, unit: str) -> Phrase | None:
    if node.operator:
        end = node.low or node.high or ast.NullLiteral()
        return compared(node.operator, _kind_of(end), end_words(end, unit))
    found = []
    if node.low is not None:
        low = ">=" if node.low_included else ">"
        found.append(compared(low, _kind_of(node.low), end_words(node.low, unit)))
    if node.high is not None:
        high = "<=" if node.high_included else "<"
        found.append(compared(high, _kind_of(node.high), end_words(node.high, unit)))
    return both(found)


def _kind_of(node: ast.Node) -> Value:
    value = COMPILER.constant(node)
    return None if value is UNKNOWN else value


def range_words(interval: Range, unit: str = "") -> Phrase:
    """Which values lie in an interval."""
    if interval.operator in ("=", "!="):
        return compared(interval.operator, interval.low, value_words(interval.low, unit))
    found = []
    if interval.low is not None:
        low = ">=" if interval.low_included else ">"
        found.append(compared(low, interval.low, value_words(interval.low, unit)))
    if interval.high is not None:
        high = "<=" if interval.high_included else "<"
        found.append(compared(high, interval.high, value_words(interval.high, unit)))
    return both(found)


def is_input(node: ast.Node) -> bool:
    """Whether a node is the input value itself."""
    return isinstance(node, ast.Name) and node.name == "?"


def _comparison(node: ast.Comparison, unit: str) -> Phrase | None:
    left, right, operator = node.left, node.right, node.operator
    if is_input(right):
        left, right, operator = right, left, FLIPPED[operator]
    if not is_input(left) or mentions(right, "?"):
        return None
    return compared(operator, _kind_of(right), end_words(right, unit))


def _between(node: ast.Between, unit: str) -> Phrase | None:
    if not is_input(node.value):
        return None
    return _ends(ast.RangeLiteral(node.low, node.high, True, True), unit)


def _in(node: ast.In, unit: str) -> Phrase | None:
    return condition_words(ast.UnaryTests(node.tests), unit) if is_input(node.value) else None


CALLS = {
    "contains": words("包含{value}"),
    "starts with": words("以{value}开头"),
    "ends with": words("以{value}结尾"),
}


def _call(node: ast.Call, unit: str) -> Phrase | None:
    name = node.function.name if isinstance(node.function, ast.Name) else ""
    if name == "not" and len(node.arguments) == 1:
        return words("不属于下列情形：{tests}", tests=predicate(node.arguments[0], unit))
    if name in CALLS and len(node.arguments) == 2 and is_input(node.arguments[0]):
        return filled(CALLS[name], value=end_words(node.arguments[1], ""))
    return None


PREDICATES: dict[type[ast.Node], Callable[[Any, str], Phrase | None]] = {
    ast.RangeLiteral: _ends,
    ast.Comparison: _comparison,
    ast.Between: _between,
    ast.In: _in,
    ast.Call: _call,
    ast.Conjunction: lambda node, unit: (
        both(predicate(item, unit) for item in node.items) if mentions(node, "?") else None
    ),
    ast.Disjunction: lambda node, unit: (
        either(predicate(item, unit) for item in node.items) if mentions(node, "?") else None
    ),
}
