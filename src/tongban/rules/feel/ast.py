"""The syntax tree of FEEL. `at` is the character offset in the source; it is not compared."""

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Node:
    """Any part of an expression."""

    at: int = field(default=0, compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class NumberLiteral(Node):
    """123.45"""

    value: Decimal


@dataclass(frozen=True, slots=True)
class StringLiteral(Node):
    """ "text" """

    value: str


@dataclass(frozen=True, slots=True)
class BooleanLiteral(Node):
    """true, false"""

    value: bool


@dataclass(frozen=True, slots=True)
class NullLiteral(Node):
    """null"""


@dataclass(frozen=True, slots=True)
class AtLiteral(Node):
    """@"2026-11-22" """

    text: str


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable or function; `?` in a unary test."""

    name: str


@dataclass(frozen=True, slots=True)
class Path(Node):
    """source.name"""

    source: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """source[condition]"""

    source: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class ListLiteral(Node):
    """[a, b]"""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextLiteral(Node):
    """{name: value}"""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class RangeLiteral(Node):
    """[low..high), or with one endpoint and an operator: (< high)"""

    low: Node | None
    high: Node | None
    low_included: bool
    high_included: bool
    operator: str = ""


@dataclass(frozen=True, slots=True)
class Negation(Node):
    """-operand"""

    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """left operator right, for + - * / **"""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """left operator right, for = != < <= > >="""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Conjunction(Node):
    """a and b and c"""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Disjunction(Node):
    """a or b or c"""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Between(Node):
    """value between low and high"""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """value in (test, test)"""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """value instance of type"""

    value: Node
    type: "TypeNode"


@dataclass(frozen=True, slots=True)
class If(Node):
    """if condition then yes else no"""

    condition: Node
    yes: Node
    no: Node


@dataclass(frozen=True, slots=True)
class Iteration(Node):
    """name in source, or name in source..end"""

    name: str
    source: Node
    end: Node | None = None


@dataclass(frozen=True, slots=True)
class For(Node):
    """for iterations return body"""

    iterations: tuple[Iteration, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """some (or every) iterations satisfies condition"""

    every: bool
    iterations: tuple[Iteration, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class FormalParameter(Node):
    """name: type"""

    name: str
    type: "TypeNode | None" = None


@dataclass(frozen=True, slots=True)
class FunctionDefinition(Node):
    """function(parameters) body"""

    parameters: tuple[FormalParameter, ...]
    body: Node
    external: bool = False


@dataclass(frozen=True, slots=True)
class Call(Node):
    """function(a, b)"""

    function: Node
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class NamedCall(Node):
    """function(a: 1, b: 2)"""

    function: Node
    arguments: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class AnyTest(Node):
    """The unary test `-`, which everything passes."""


@dataclass(frozen=True, slots=True)
class UnaryTests(Node):
    """test, test; or not(test, test)"""

    tests: tuple[Node, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class TypeNode(Node):
    """A type by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class ListTypeNode(TypeNode):
    """list<of>"""

    of: TypeNode


@dataclass(frozen=True, slots=True)
class RangeTypeNode(TypeNode):
    """range<of>"""

    of: TypeNode


@dataclass(frozen=True, slots=True)
class ContextTypeNode(TypeNode):
    """context<name: type>"""

    entries: tuple[tuple[str, TypeNode], ...]


@dataclass(frozen=True, slots=True)
class FunctionTypeNode(TypeNode):
    """function<a, b> -> result"""

    parameters: tuple[TypeNode, ...]
    result: TypeNode
