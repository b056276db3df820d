"""The values of FEEL and how they are told apart.

number is `Decimal`, string `str`, boolean `bool`, list `list`, context `dict`, null `None`; dates,
times and durations are those of `temporal`. Values are never changed in place.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from typing import TYPE_CHECKING, Any

from tongban.rules.feel.temporal import (
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
)

if TYPE_CHECKING:
    from tongban.rules.budget import Run
    from tongban.rules.feel.types import FeelType

# The union of all FEEL values would have to be recursive, and every use of it a cast.
Value = Any

NUMBERS = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    capitals=1,
    clamp=0,
    flags=[],
    traps=[DivisionByZero, InvalidOperation, Overflow],
)
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Range:
    """An interval. `operator` is set for the forms `(< 5)` and `(= 5)`, which have one endpoint."""

    low: Value
    high: Value
    low_included: bool
    high_included: bool
    operator: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named parameter and its type."""

    name: str
    type: "FeelType"


Invoke = Callable[["Run", Sequence[Value]], Value]


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function value: `invoke` takes exactly the declared parameters, already coerced."""

    name: str
    parameters: tuple[Parameter, ...]
    invoke: Invoke
    result: "FeelType | None" = None


@dataclass(frozen=True, slots=True, eq=False)
class Builtin:
    """A function of the standard: it chooses between its own overloads."""

    name: str
    positional: Callable[["Run", Sequence[Value]], Value]
    named: Callable[["Run", Mapping[str, Value]], Value]
    arity: tuple[int, int]


KINDS: dict[type, str] = {
    Decimal: "number",
    str: "string",
    bool: "boolean",
    list: "list",
    dict: "context",
    Date: "date",
    Time: "time",
    DateTime: "date and time",
    DaysDuration: "days and time duration",
    MonthsDuration: "years and months duration",
    Range: "range",
    Function: "function",
    Builtin: "function",
    type(None): "null",
}


def kind(value: Value) -> str:
    """The kind of a value, as FEEL names its types."""
    return KINDS.get(type(value), "unknown")


LABELS = {
    "number": "数字",
    "string": "文字",
    "boolean": "真假值",
    "list": "列表",
    "context": "数据项",
    "date": "日期",
    "time": "时间",
    "date and time": "日期时间",
    "days and time duration": "天时分秒的时长",
    "years and months duration": "年月的时长",
    "range": "区间",
    "function": "函数",
    "null": "空值",
}


def label(value: Value) -> str:
    """The kind of a value in the words of a message."""
    return LABELS[kind(value)]


def from_python(value: object) -> Value:
    """A FEEL value from what Python programs have. TypeError for what has no meaning in FEEL."""
    if type(value) in KINDS:
        return _inside(value)
    convert = CONVERSIONS.get(type(value))
    if convert is not None:
        return convert(value)
    for known, convert in CONVERSIONS.items():
        if isinstance(value, known):
            return convert(value)
    raise TypeError(f"{type(value).__name__} 不是规则能使用的数据类型")


def _inside(value: Value) -> Value:
    if type(value) is Decimal:
        return NUMBERS.plus(value) if value.is_finite() else None
    if type(value) is list:
        return [from_python(item) for item in value]
    if type(value) is dict:
        return {str(key): from_python(item) for key, item in value.items()}
    return value


def _float(value: float) -> Decimal | None:
    number = Decimal(repr(value))
    return NUMBERS.plus(number) if number.is_finite() else None


def _integer(value: int) -> Decimal:
    return NUMBERS.create_decimal(value)


def _time(value: time) -> Time:
    zone, offset = _shift(value)
    return Time(value.hour, value.minute, value.second, value.microsecond * 1000, offset, zone)


def _shift(value: time | datetime) -> tuple[str | None, int | None]:
    zone = getattr(value.tzinfo, "key", None)
    shift = value.utcoffset()
    return zone, None if zone or shift is None else int(shift.total_seconds())


def _moment(value: datetime) -> DateTime:
    zone, offset = _shift(value)
    clock = Time(value.hour, value.minute, value.second, value.microsecond * 1000, offset, zone)
    return DateTime(Date(value.year, value.month, value.day), clock)


def _span(value: timedelta) -> DaysDuration:
    return DaysDuration((value.days * 86_400 + value.seconds) * 10**9 + value.microseconds * 1000)


CONVERSIONS: dict[type, Callable[[Any], Value]] = {
    int: _integer,
    float: _float,
    datetime: _moment,
    date: lambda value: Date(value.year, value.month, value.day),
    time: _time,
    timedelta: _span,
    Decimal: lambda value: value,
    str: str,
    Mapping: lambda value: {str(key): from_python(item) for key, item in value.items()},
    Sequence: lambda value: [from_python(item) for item in value],
    set: lambda value: [from_python(item) for item in value],
    frozenset: lambda value: [from_python(item) for item in value],
}
