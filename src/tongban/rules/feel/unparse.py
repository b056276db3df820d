"""From the tree back to text: `parse(unparse(tree)) == tree`, with the names in force."""

from collections.abc import Callable
from typing import Any

from tongban.rules.feel import ast
from tongban.rules.feel.parser import BINDING
from tongban.rules.feel.text import key, number, quote

OPEN = 0
PREFIX = 7
POSTFIX = 8
ATOM = 9
STRENGTH: dict[type[ast.Node], int] = {
    ast.If: OPEN,
    ast.For: OPEN,
    ast.Quantified: OPEN,
    ast.FunctionDefinition: OPEN,
    ast.Disjunction: 1,
    ast.Conjunction: 2,
    ast.Comparison: 3,
    ast.Between: 3,
    ast.In: 3,
    ast.Negation: PREFIX,
    # What follows a type after a dot would be read as part of the type.
    ast.InstanceOf: PREFIX,
    ast.Path: POSTFIX,
    ast.Filter: POSTFIX,
    ast.Call: POSTFIX,
    ast.NamedCall: POSTFIX,
}


def unparse(node: ast.Node) -> str:
    """The text of a tree, with brackets only where they are needed."""
    return WRITERS[type(node)](node)


def _strength(node: ast.Node) -> int:
    if isinstance(node, ast.Arithmetic):
        return BINDING[node.operator]
    return STRENGTH.get(type(node), ATOM)


def _within(node: ast.Node, strength: int) -> str:
    text = unparse(node)
    return text if _strength(node) >= strength else f"({text})"


def _joined(nodes: tuple[ast.Node, ...]) -> str:
    return ", ".join(map(unparse, nodes))


def _logic(word: str, strength: int) -> Callable[[Any], str]:
    return lambda node: f" {word} ".join(_within(item, strength + 1) for item in node.items)


def _arithmetic(node: ast.Arithmetic) -> str:
    strength = BINDING[node.operator]
    left, right = _within(node.left, strength), _within(node.right, strength + 1)
    return f"{left} {node.operator} {right}"


def _range(node: ast.RangeLiteral) -> str:
    if node.operator:
        return f"({_test(node)})"
    low = unparse(node.low) if node.low else "null"
    high = _within(node.high, 4) if node.high else "null"
    return f"{'[' if node.low_included else '('}{low}..{high}{']' if node.high_included else ')'}"


def _test(node: ast.Node) -> str:
    if isinstance(node, ast.RangeLiteral) and node.operator:
        end = node.low or node.high or ast.NullLiteral()
        return f"{node.operator} {_within(end, 4)}"
    return unparse(node)


def _in(node: ast.In) -> str:
    tests = ", ".join(map(_test, node.tests))
    return f"{_within(node.value, 3)} in ({tests})"


def _tests(node: ast.UnaryTests) -> str:
    tests = ", ".join(map(_test, node.tests))
    return f"not({tests})" if node.negated else tests


def _context(node: ast.ContextLiteral) -> str:
    entries = ", ".join(f"{key(name)}: {unparse(entry)}" for name, entry in node.entries)
    return f"{{{entries}}}"


def _iterations(iterations: tuple[ast.Iteration, ...]) -> str:
    return ", ".join(
        f"{one.name} in {unparse(one.source)}" + (f"..{unparse(one.end)}" if one.end else "")
        for one in iterations
    )


def _function(node: ast.FunctionDefinition) -> str:
    parameters = ", ".join(
        f"{one.name}: {unparse(one.type)}" if one.type else one.name for one in node.parameters
    )
    return f"function({parameters}) {'external ' if node.external else ''}{unparse(node.body)}"


def _named_call(node: ast.NamedCall) -> str:
    arguments = ", ".join(f"{name}: {unparse(value)}" for name, value in node.arguments)
    return f"{_within(node.function, POSTFIX)}({arguments})"


def _context_type(node: ast.ContextTypeNode) -> str:
    return f"context<{', '.join(f'{key(name)}: {unparse(kind)}' for name, kind in node.entries)}>"


def _quantified(node: ast.Quantified) -> str:
    word = "every" if node.every else "some"
    return f"{word} {_iterations(node.iterations)} satisfies {unparse(node.condition)}"


WRITERS: dict[type[ast.Node], Callable[[Any], str]] = {
    ast.NumberLiteral: lambda node: number(node.value),
    ast.StringLiteral: lambda node: quote(node.value),
    ast.BooleanLiteral: lambda node: "true" if node.value else "false",
    ast.NullLiteral: lambda _node: "null",
    ast.AtLiteral: lambda node: f"@{quote(node.text)}",
    ast.Name: lambda node: node.name,
    ast.Path: lambda node: f"{_within(node.source, POSTFIX)}.{node.name}",
    ast.Filter: lambda node: f"{_within(node.source, POSTFIX)}[{unparse(node.condition)}]",
    ast.ListLiteral: lambda node: f"[{_joined(node.items)}]",
    ast.ContextLiteral: _context,
    ast.RangeLiteral: _range,
    ast.Negation: lambda node: f"-{_within(node.operand, PREFIX)}",
    ast.Arithmetic: _arithmetic,
    ast.Comparison: lambda node: (
        f"{_within(node.left, 3)} {node.operator} {_within(node.right, 4)}"
    ),
    ast.Conjunction: _logic("and", 2),
    ast.Disjunction: _logic("or", 1),
    ast.Between: lambda node: (
        f"{_within(node.value, 3)} between {_within(node.low, 4)} and {_within(node.high, 4)}"
    ),
    ast.In: _in,
    ast.InstanceOf: lambda node: f"{_within(node.value, POSTFIX)} instance of {unparse(node.type)}",
    ast.If: lambda node: (
        f"if {unparse(node.condition)} then {unparse(node.yes)} else {unparse(node.no)}"
    ),
    ast.For: lambda node: f"for {_iterations(node.iterations)} return {unparse(node.body)}",
    ast.Quantified: _quantified,
    ast.FunctionDefinition: _function,
    ast.Call: lambda node: f"{_within(node.function, POSTFIX)}({_joined(node.arguments)})",
    ast.NamedCall: _named_call,
    ast.AnyTest: lambda _node: "-",
    ast.UnaryTests: _tests,
    ast.TypeNode: lambda node: node.name,
    ast.ListTypeNode: lambda node: f"list<{unparse(node.of)}>",
    ast.RangeTypeNode: lambda node: f"range<{unparse(node.of)}>",
    ast.ContextTypeNode: _context_type,
    ast.FunctionTypeNode: lambda node: (
        f"function<{_joined(node.parameters)}> -> {unparse(node.result)}"
    ),
}
