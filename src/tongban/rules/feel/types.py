"""Types of FEEL: which values they admit and how a value is made to fit (DMN 1.5, 10.3.2.9)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from tongban.rules.feel.temporal import Date, midnight
from tongban.rules.feel.values import Builtin, Function, Range, Value, kind


class Misfit:
    """The outcome of a coercion that failed; a value of its own, because null is a value too."""


MISFIT: Final = Misfit()


@dataclass(frozen=True, slots=True)
class FeelType:
    """A type. The plain one admits the values of the kind that it names."""

    name: str

    def admits(self, value: Value) -> bool:
        """Whether a value has this type; null has every type."""
        return value is None or self.name == "Any" or kind(value) == self.name

    def accepts(self, other: "FeelType") -> bool:
        """Whether every value of the other type has this type."""
        return self.name == "Any" or other.name == "Null" or self == other

    @property
    def is_list(self) -> bool:
        """Whether its values are lists."""
        return self.name == "list"


@dataclass(frozen=True, slots=True)
class ListOf(FeelType):
    """list<of>."""

    of: FeelType

    def admits(self, value: Value) -> bool:
        return value is None or (type(value) is list and all(map(self.of.admits, value)))

    def accepts(self, other: FeelType) -> bool:
        return isinstance(other, ListOf) and self.of.accepts(other.of)


@dataclass(frozen=True, slots=True)
class RangeOf(FeelType):
    """range<of>."""

    of: FeelType

    def admits(self, value: Value) -> bool:
        if value is None:
            return True
        return type(value) is Range and self.of.admits(value.low) and self.of.admits(value.high)

    def accepts(self, other: FeelType) -> bool:
        return isinstance(other, RangeOf) and self.of.accepts(other.of)


@dataclass(frozen=True, slots=True)
class ContextOf(FeelType):
    """context<name: type, ...>; a value may have more entries than the type."""

    entries: tuple[tuple[str, FeelType], ...]

    def admits(self, value: Value) -> bool:
        if value is None:
            return True
        return type(value) is dict and all(
            name in value and entry.admits(value[name]) for name, entry in self.entries
        )

    def accepts(self, other: FeelType) -> bool:
        if not isinstance(other, ContextOf):
            return False
        known = dict(other.entries)
        return all(name in known and entry.accepts(known[name]) for name, entry in self.entries)


@dataclass(frozen=True, slots=True)
class FunctionOf(FeelType):
    """function<parameters> -> result."""

    parameters: tuple[FeelType, ...]
    result: FeelType

    def admits(self, value: Value) -> bool:
        if value is None:
            return True
        if isinstance(value, Builtin):
            low, high = value.arity
            return low <= len(self.parameters) <= high
        if not isinstance(value, Function) or len(value.parameters) != len(self.parameters):
            return False
        # The result of a function written in FEEL is not declared; it may turn out to fit.
        return (value.result is None or self.result.accepts(value.result)) and all(
            declared.type.accepts(wanted)
            for declared, wanted in zip(value.parameters, self.parameters, strict=True)
        )

    def accepts(self, other: FeelType) -> bool:
        if not isinstance(other, FunctionOf) or len(other.parameters) != len(self.parameters):
            return False
        return self.result.accepts(other.result) and all(
            theirs.accepts(ours)
            for theirs, ours in zip(other.parameters, self.parameters, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Constrained(FeelType):
    """A type whose values must also pass a test. The test counts when a value is made to fit.

    `instance of` looks at the structure alone.
    """

    of: FeelType
    passes: Callable[[Value], bool] = field(compare=False)
    tests: str = field(default="", compare=False)
    """The test as unary tests, where a single value is tested."""

    def admits(self, value: Value) -> bool:
        return self.of.admits(value)

    def accepts(self, other: FeelType) -> bool:
        return self.of.accepts(other.of if isinstance(other, Constrained) else other)


ANY = FeelType("Any")
NULL = FeelType("Null")
NUMBER = FeelType("number")
STRING = FeelType("string")
BOOLEAN = FeelType("boolean")
DATE = FeelType("date")
TIME = FeelType("time")
DATE_TIME = FeelType("date and time")
DAYS = FeelType("days and time duration")
MONTHS = FeelType("years and months duration")
LIST = ListOf("list", ANY)
CONTEXT = FeelType("context")
FUNCTION = FeelType("function")
RANGE = FeelType("range")

BY_NAME: dict[str, FeelType] = {
    "Any": ANY,
    "Null": NULL,
    "number": NUMBER,
    "string": STRING,
    "boolean": BOOLEAN,
    "date": DATE,
    "time": TIME,
    "date and time": DATE_TIME,
    "dateTime": DATE_TIME,
    "days and time duration": DAYS,
    "dayTimeDuration": DAYS,
    "years and months duration": MONTHS,
    "yearMonthDuration": MONTHS,
    "list": LIST,
    "context": CONTEXT,
    "function": FUNCTION,
    "range": RANGE,
}


def coerce(value: Value, wanted: FeelType) -> Value:
    """The value as the wanted type has it, or MISFIT.

    A list of one stands for its element, an element for the list of it, a date for its midnight.
    """
    if value is None or wanted == ANY:
        return value
    if isinstance(wanted, Constrained):
        inner = coerce(value, wanted.of)
        return inner if inner is not MISFIT and wanted.passes(inner) else MISFIT
    if isinstance(wanted, ListOf):
        return _coerce_list(value if type(value) is list else [value], wanted)
    if isinstance(wanted, ContextOf) and type(value) is dict:
        return _coerce_context(value, wanted)
    if wanted.admits(value):
        return value
    if type(value) is list and len(value) == 1:
        return coerce(value[0], wanted)
    if wanted == DATE_TIME and type(value) is Date:
        return midnight(value)
    return MISFIT


def _coerce_list(items: list[Value], wanted: ListOf) -> Value:
    if wanted.of == ANY:
        return items
    fitted = [coerce(item, wanted.of) for item in items]
    return MISFIT if any(item is MISFIT for item in fitted) else fitted


def _coerce_context(entries: dict[str, Value], wanted: ContextOf) -> Value:
    fitted = dict(entries)
    for name, declared in wanted.entries:
        if name not in entries:
            return MISFIT
        fitted[name] = coerce(entries[name], declared)
        if fitted[name] is MISFIT:
            return MISFIT
    return fitted
