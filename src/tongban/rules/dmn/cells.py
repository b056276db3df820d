"""Input entries as sets of values, where they can be read so: the ground of index and analysis."""

from dataclasses import dataclass

from tongban.rules.feel import ast
from tongban.rules.feel.compile import UNKNOWN, Compiler
from tongban.rules.feel.scope import Code
from tongban.rules.feel.values import Range, Value
from tongban.rules.feel.walk import mentions


@dataclass(frozen=True, slots=True)
class Cell:
    """An input entry. `ranges` are what it accepts, when that does not depend on anything else.

    A single value is a range with the operator `=`. `ranges` is None for a condition that has to be
    computed, and `negated` turns the set round. An entry that accepts everything has no test.
    """

    node: ast.Node
    code: Code
    text: str
    ranges: tuple[Range, ...] | None
    negated: bool = False

    @property
    def accepts_all(self) -> bool:
        """Whether the entry is `-`."""
        return isinstance(self.node, ast.AnyTest)


def make_cell(compiler: Compiler, node: ast.Node, text: str) -> Cell:
    """The entry compiled, and as ranges if it is a set of constants."""
    code = compiler.compile(node)
    if not isinstance(node, ast.UnaryTests):
        return Cell(node, code, text, ())
    ranges: list[Range] = []
    for test in node.tests:
        found = _ranges(compiler, test)
        if found is None:
            return Cell(node, code, text, None)
        ranges.extend(found)
    return Cell(node, code, text, tuple(ranges), node.negated)


def _ranges(compiler: Compiler, test: ast.Node) -> list[Range] | None:
    if mentions(test, "?"):
        return None
    value = compiler.constant(test)
    if value is UNKNOWN or isinstance(value, (list, dict)):
        return None
    if isinstance(value, Range):
        return None if value.operator == "!=" else [value]
    return [point(value)]


def point(value: Value) -> Range:
    """The set of one value."""
    return Range(value, value, True, True, "=")
