"""How a built-in function is declared, chosen among its overloads, and called.

A signature is written as the standard prints it: `string: string, start position: number,
length: number?`. A `?` marks what may be left out or null. `*list` takes one list or the elements
one by one; `...name` takes all that remain.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tongban.rules.feel.types import MISFIT
from tongban.rules.feel.values import Builtin, Value, kind

if TYPE_CHECKING:
    from tongban.rules.budget import Run

Implementation = Callable[..., Value]
KINDS_OF = {
    "any": frozenset[str](),
    "temporal": frozenset(("date", "date and time")),
    "clock": frozenset(("time", "date and time", "date")),
    "duration": frozenset(("days and time duration", "years and months duration")),
    "point": frozenset(
        (
            "number",
            "string",
            "date",
            "time",
            "date and time",
            "days and time duration",
            "years and months duration",
        )
    ),
}


@dataclass(frozen=True, slots=True)
class Formal:
    """One parameter of a built-in function."""

    name: str
    kinds: frozenset[str]
    optional: bool
    gathers: bool
    rest: bool

    def fit(self, value: Value) -> Value:
        """The argument as the function needs it, or MISFIT."""
        if value is None:
            return None if self.optional or not self.kinds else MISFIT
        if not self.kinds or kind(value) in self.kinds:
            return value
        if "list" in self.kinds:
            return [value]
        if type(value) is list and len(value) == 1 and kind(value[0]) in self.kinds:
            return value[0]
        return MISFIT


@dataclass(frozen=True, slots=True)
class Overload:
    """One signature with its implementation."""

    formals: tuple[Formal, ...]
    call: Implementation

    @property
    def arity(self) -> tuple[int, int]:
        """Fewest and most positional arguments."""
        fewest = sum(not formal.optional for formal in self.formals)
        many = any(formal.gathers or formal.rest for formal in self.formals)
        return fewest, 255 if many else len(self.formals)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the parameters."""
        return tuple(formal.name for formal in self.formals)

    def arrange(self, arguments: Sequence[Value]) -> list[Value] | None:
        """Positional arguments, one for each parameter, or None when they cannot be."""
        fewest, most = self.arity
        if not fewest <= len(arguments) <= most:
            return None
        given = list(arguments)
        last = self.formals[-1] if self.formals else None
        if last is not None and last.gathers and len(given) != 1:
            return [given]
        if last is not None and last.rest:
            count = len(self.formals) - 1
            given[count:] = [given[count:]]
        return given + [None] * (len(self.formals) - len(given))

    def arrange_named(self, arguments: Mapping[str, Value]) -> list[Value] | None:
        """Named arguments, one for each parameter, or None when the names do not match."""
        names = self.names
        if any(name not in names for name in arguments):
            return None
        if not any(name in arguments for name in names) and names:
            return None
        return [
            [arguments.get(formal.name)] if formal.rest else arguments.get(formal.name)
            for formal in self.formals
        ]

    def fit(self, given: list[Value]) -> list[Value] | str:
        """The arguments coerced, or the name of the first that does not fit."""
        fitted = []
        for formal, value in zip(self.formals, given, strict=True):
            found = formal.fit(value)
            if found is MISFIT:
                return formal.name
            fitted.append(found)
        return fitted


OVERLOADS: dict[str, list[Overload]] = {}


def builtin(name: str, signature: str) -> Callable[[Implementation], Implementation]:
    """Declare an implementation `(run, *arguments)` of a function of the standard."""
    formals = tuple(_formal(part) for part in signature.split(", ") if part)

    def declare(call: Implementation) -> Implementation:
        OVERLOADS.setdefault(name, []).append(Overload(formals, call))
        return call

    return declare


def _formal(text: str) -> Formal:
    name, _, kinds = text.partition(": ")
    optional = kinds.endswith("?")
    kinds = kinds.removesuffix("?")
    allowed = KINDS_OF[kinds] if kinds in KINDS_OF else frozenset(kinds.split("|"))
    rest, gathers = name.startswith("..."), name.startswith("*")
    if rest:
        allowed = KINDS_OF["any"]
    return Formal(name.lstrip(".*"), allowed, optional, gathers, rest)


def assemble(name: str, overloads: Iterable[Overload]) -> Builtin:
    """The function value for a name."""
    choices = tuple(overloads)

    def positional(run: "Run", arguments: Sequence[Value]) -> Value:
        return _choose(run, name, choices, [choice.arrange(arguments) for choice in choices])

    def named(run: "Run", arguments: Mapping[str, Value]) -> Value:
        # Some overloads differ only in the order of their parameters (before: point and range).
        given = tuple(arguments)
        ordered = sorted(choices, key=lambda choice: choice.names != given)
        arranged = [choice.arrange_named(arguments) for choice in ordered]
        return _choose(run, name, ordered, arranged)

    fewest = min(choice.arity[0] for choice in choices)
    most = max(choice.arity[1] for choice in choices)
    return Builtin(name, positional, named, (fewest, most))


def _choose(
    run: "Run",
    name: str,
    choices: Sequence[Overload],
    arranged: list[list[Value] | None],
) -> Value:
    run.spend()
    misfit = ""
    for choice, given in zip(choices, arranged, strict=True):
        if given is None:
            continue
        fitted = choice.fit(given)
        if not isinstance(fitted, str):
            return choice.call(run, *fitted)
        misfit = misfit or fitted
    if misfit:
        return run.note("函数“{name}”的参数“{argument}”类型不符或为空", name=name, argument=misfit)
    return run.note("函数“{name}”的参数个数或名称不对", name=name)
