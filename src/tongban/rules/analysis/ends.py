"""Where the answer of a test can change: the end points that it compares the input value with."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tongban.rules.analysis.phrases import is_input
from tongban.rules.dmn.cells import Cell
from tongban.rules.feel import ast
from tongban.rules.feel.builtins import BUILTINS
from tongban.rules.feel.compile import UNKNOWN, Compiler
from tongban.rules.feel.values import Range, Value
from tongban.rules.feel.walk import mentions, walk

COMPILER = Compiler()
OF_THE_MOMENT = frozenset(("now", "today"))


@dataclass(frozen=True, slots=True)
class End:
    """A value that a test compares with; `ordered` if it asks for more than equality."""

    value: Value
    ordered: bool


class Unreadable(Exception):
    """The test is not made of comparisons of the input value with constants."""


def ends_of(cell: Cell) -> tuple[End, ...] | None:
    """All end points of an entry; None when it cannot be read as a set of values."""
    if cell.accepts_all:
        return ()
    if cell.ranges is not None:
        return tuple(end for interval in cell.ranges for end in _range_ends(interval))
    tests = cell.node.tests if isinstance(cell.node, ast.UnaryTests) else ()
    if not tests:
        return None
    try:
        return tuple(end for test in tests for end in _ends(test))
    except Unreadable:
        return None


def depends_on_others(node: ast.Node) -> bool:
    """Whether a test looks at anything but the input value, so that the value alone decides not."""
    names = (part.name for part in walk(node) if isinstance(part, ast.Name))
    return any(name != "?" and (name not in BUILTINS or name in OF_THE_MOMENT) for name in names)


def _range_ends(interval: Range) -> Iterator[End]:
    if interval.operator in ("=", "!="):
        yield End(interval.low, ordered=False)
        return
    for end in (interval.low, interval.high):
        if end is not None:
            yield End(end, ordered=True)


def _ends(node: ast.Node) -> Iterator[End]:
    value = COMPILER.constant(node)
    if value is not UNKNOWN:
        yield from _constant(value)
        return
    read = READERS.get(type(node))
    if read is None:
        raise Unreadable
    yield from read(node)


def _constant(value: Value) -> Iterator[End]:
    if isinstance(value, Range):
        yield from _range_ends(value)
    elif isinstance(value, list):
        for item in value:
            yield from _constant(item)
    elif isinstance(value, dict):
        raise Unreadable
    else:
        yield End(value, ordered=False)


def _compared(operator: str, node: ast.Node) -> Iterator[End]:
    value = COMPILER.constant(node)
    if value is UNKNOWN or isinstance(value, (Range, list, dict)):
        raise Unreadable
    yield End(value, ordered=operator not in ("=", "!="))


def _comparison(node: ast.Comparison) -> Iterator[End]:
    if is_input(node.left):
        yield from _compared(node.operator, node.right)
    elif is_input(node.right):
        yield from _compared(node.operator, node.left)
    else:
        raise Unreadable


def _between(node: ast.Between) -> Iterator[End]:
    if not is_input(node.value):
        raise Unreadable
    yield from _compared("<=", node.low)
    yield from _compared("<=", node.high)


def _in(node: ast.In) -> Iterator[End]:
    if not is_input(node.value):
        raise Unreadable
    for test in node.tests:
        yield from _ends(test)


def _conditions(items: Iterable[ast.Node]) -> Iterator[End]:
    for item in items:
        if not mentions(item, "?"):
            raise Unreadable
        yield from _ends(item)


def _call(node: ast.Call) -> Iterator[End]:
    named = isinstance(node.function, ast.Name) and node.function.name == "not"
    if not named or len(node.arguments) != 1:
        raise Unreadable
    yield from _conditions(node.arguments)


READERS: dict[type[ast.Node], Callable[[Any], Iterator[End]]] = {
    ast.Comparison: _comparison,
    ast.Between: _between,
    ast.In: _in,
    ast.Conjunction: lambda node: _conditions(node.items),
    ast.Disjunction: lambda node: _conditions(node.items),
    ast.Call: _call,
}
