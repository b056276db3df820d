"""Values as text, as the function `string` writes them."""

from collections.abc import Callable
from decimal import Decimal

from tongban.rules.feel.temporal import Date, DateTime, DaysDuration, MonthsDuration, Time
from tongban.rules.feel.temporal_text import (
    write_date,
    write_datetime,
    write_days,
    write_months,
    write_time,
)
from tongban.rules.feel.tokens import name_parts
from tongban.rules.feel.values import Builtin, Function, Range, Value


def write(value: Value) -> str:
    """The text of a value; a string is itself."""
    return value if type(value) is str else literal(value)


def literal(value: Value) -> str:
    """The text of a value inside another one: strings are quoted."""
    return WRITERS[type(value)](value)


def number(value: Decimal) -> str:
    """Plain digits, without an exponent."""
    return f"{value:f}" if value else "0"


def quote(text: str) -> str:
    """A string literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t") + '"'


def key(name: str) -> str:
    """A key of a context, quoted unless it is a plain name."""
    return (
        name
        if name_parts(name) and all(part.isidentifier() for part in name.split(" "))
        else quote(name)
    )


def _range(value: Range) -> str:
    if value.operator:
        end = value.low if value.low is not None else value.high
        return f"({value.operator} {literal(end)})"
    low, high = literal(value.low), literal(value.high)
    return f"{'[' if value.low_included else '('}{low}..{high}{']' if value.high_included else ')'}"


def _function(value: Function) -> str:
    return f"function({', '.join(parameter.name for parameter in value.parameters)})"


WRITERS: dict[type, Callable[[Value], str]] = {
    type(None): lambda _: "null",
    bool: lambda value: "true" if value else "false",
    Decimal: number,
    str: quote,
    Date: write_date,
    Time: write_time,
    DateTime: write_datetime,
    DaysDuration: write_days,
    MonthsDuration: write_months,
    Range: _range,
    list: lambda value: f"[{', '.join(map(literal, value))}]",
    dict: lambda value: f"{{{', '.join(f'{key(k)}: {literal(v)}' for k, v in value.items())}}}",
    Function: _function,
    Builtin: lambda value: f"function {value.name}",
}
