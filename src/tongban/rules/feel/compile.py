"""From the tree to closures: literals, names, operators. The other forms register themselves.

A compiled expression is a function of an environment; nothing of Python can be reached from it but
the values of FEEL and the functions declared as built in.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from tongban.rules.budget import Run
from tongban.rules.feel import ast
from tongban.rules.feel.arithmetic import calculate, negated
from tongban.rules.feel.builtins import BUILTINS
from tongban.rules.feel.compare import alike, at_most, less
from tongban.rules.feel.properties import follow
from tongban.rules.feel.scope import Code, Env
from tongban.rules.feel.temporal_text import parse_temporal
from tongban.rules.feel.types import (
    BY_NAME,
    ContextOf,
    FeelType,
    FunctionOf,
    ListOf,
    RangeOf,
)
from tongban.rules.feel.values import NUMBERS, Range, Value, label


class Unknown:
    """Marks that a node has no value before it is evaluated."""


UNKNOWN: Final = Unknown()
CONSTRUCTORS = frozenset(("date", "time", "date and time", "duration", "years and months duration"))


class Compiler:
    """Compiles nodes; knows the declared types and the names that hide built-ins."""

    def __init__(
        self, types: Mapping[str, FeelType] | None = None, hidden: frozenset[str] = frozenset()
    ) -> None:
        self.types = types or {}
        self.hidden = hidden

    def compile(self, node: ast.Node) -> Code:
        """The function for a node; a constant is computed now."""
        value = self.constant(node)
        if value is not UNKNOWN:
            return lambda _env: value
        return FORMS[type(node)](self, node)

    def constant(self, node: ast.Node) -> Value:
        """The value of a node that is the same in every environment, or UNKNOWN."""
        fold = FOLDS.get(type(node))
        return fold(self, node) if fold else UNKNOWN

    def type(self, node: ast.TypeNode | None) -> FeelType | None:
        """The type that a node names; None when nobody declared it."""
        if node is None:
            return BY_NAME["Any"]
        build = TYPES.get(type(node))
        if build is not None:
            return build(self, node)
        return self.types.get(node.name) or BY_NAME.get(node.name)


Form = Callable[[Compiler, Any], Code]
FORMS: dict[type[ast.Node], Form] = {}


def form(node: type[ast.Node]) -> Callable[[Form], Form]:
    """Declare how a kind of node is compiled."""

    def declare(compile_node: Form) -> Form:
        FORMS[node] = compile_node
        return compile_node

    return declare


def _literal(_compiler: Compiler, node: Any) -> Value:
    return node.value


def _at(_compiler: Compiler, node: ast.AtLiteral) -> Value:
    found = parse_temporal(node.text)
    return UNKNOWN if found is None else found


def _negation(compiler: Compiler, node: ast.Negation) -> Value:
    value = compiler.constant(node.operand)
    return UNKNOWN if value is UNKNOWN or negated(value) is None else negated(value)


def _list(compiler: Compiler, node: ast.ListLiteral) -> Value:
    items = [compiler.constant(item) for item in node.items]
    return UNKNOWN if any(item is UNKNOWN for item in items) else items


def _range(compiler: Compiler, node: ast.RangeLiteral) -> Value:
    ends = [None if end is None else compiler.constant(end) for end in (node.low, node.high)]
    if any(end is UNKNOWN for end in ends):
        return UNKNOWN
    return make_range(Run(), node, ends[0], ends[1]) or UNKNOWN


def _construction(compiler: Compiler, node: ast.Call) -> Value:
    function = node.function
    if not isinstance(function, ast.Name) or function.name not in CONSTRUCTORS - compiler.hidden:
        return UNKNOWN
    arguments = [compiler.constant(argument) for argument in node.arguments]
    if any(argument is UNKNOWN for argument in arguments):
        return UNKNOWN
    found = BUILTINS[function.name].positional(Run(), arguments)
    return UNKNOWN if found is None else found


FOLDS: dict[type[ast.Node], Callable[[Compiler, Any], Value]] = {
    ast.NumberLiteral: _literal,
    ast.StringLiteral: _literal,
    ast.BooleanLiteral: _literal,
    ast.NullLiteral: lambda _compiler, _node: None,
    ast.AtLiteral: _at,
    ast.Negation: _negation,
    ast.ListLiteral: _list,
    ast.RangeLiteral: _range,
    ast.Call: _construction,
}


def _named_parts(compiler: Compiler, node: ast.ContextTypeNode) -> FeelType | None:
    entries = [(name, compiler.type(entry)) for name, entry in node.entries]
    known = [(name, entry) for name, entry in entries if entry is not None]
    return ContextOf("context", tuple(known)) if len(known) == len(entries) else None


def _function_type(compiler: Compiler, node: ast.FunctionTypeNode) -> FeelType | None:
    parameters = [compiler.type(parameter) for parameter in node.parameters]
    known = tuple(parameter for parameter in parameters if parameter is not None)
    result = compiler.type(node.result)
    if result is None or len(known) != len(parameters):
        return None
    return FunctionOf("function", known, result)


def _element(make: type[ListOf] | type[RangeOf]) -> Callable[[Compiler, Any], FeelType | None]:
    def build(compiler: Compiler, node: Any) -> FeelType | None:
        of = compiler.type(node.of)
        return None if of is None else make(node.name, of)

    return build


TYPES: dict[type[ast.Node], Callable[[Compiler, Any], FeelType | None]] = {
    ast.ListTypeNode: _element(ListOf),
    ast.RangeTypeNode: _element(RangeOf),
    ast.ContextTypeNode: _named_parts,
    ast.FunctionTypeNode: _function_type,
}


def make_range(run: Run, node: ast.RangeLiteral, low: Value, high: Value) -> Value:
    """The range of two ends, which must be of one kind and in order."""
    if low is not None and high is not None and not node.operator:
        ordered = at_most(low, high)
        if ordered is None:
            return run.note("区间两端 {low} 和 {high} 无法比较", low=label(low), high=label(high))
        if not ordered:
            return run.note("区间的起点大于终点")
    return Range(low, high, node.low_included, node.high_included, node.operator)


@form(ast.RangeLiteral)
def compile_range(compiler: Compiler, node: ast.RangeLiteral) -> Code:
    low = compiler.compile(node.low or ast.NullLiteral())
    high = compiler.compile(node.high or ast.NullLiteral())
    return lambda env: make_range(env.run, node, low(env), high(env))


@form(ast.AtLiteral)
def compile_at(_compiler: Compiler, node: ast.AtLiteral) -> Code:
    return lambda env: env.run.note("“{text}”不是有效的日期、时间或时长", text=node.text)


@form(ast.Name)
def compile_name(_compiler: Compiler, node: ast.Name) -> Code:
    name = node.name
    return lambda env: env.lookup(name)


@form(ast.Path)
def compile_path(compiler: Compiler, node: ast.Path) -> Code:
    source, name = compiler.compile(node.source), node.name
    return lambda env: follow(env.run, source(env), name)


@form(ast.ListLiteral)
def compile_list(compiler: Compiler, node: ast.ListLiteral) -> Code:
    items = [compiler.compile(item) for item in node.items]

    def run_list(env: Env) -> Value:
        env.run.spend(len(items))
        return [item(env) for item in items]

    return run_list


@form(ast.ContextLiteral)
def compile_context(compiler: Compiler, node: ast.ContextLiteral) -> Code:
    entries = [(name, compiler.compile(entry)) for name, entry in node.entries]
    names = [name for name, _ in entries]
    twice = next((name for name in names if names.count(name) > 1), None)

    def run_context(env: Env) -> Value:
        if twice is not None:
            return env.run.note("“{key}”出现了两次", key=twice)
        env.run.spend(len(entries))
        made: dict[str, Value] = {}
        inner = env.inner(made)
        for name, entry in entries:
            made[name] = entry(inner)
        return made

    return run_context


@form(ast.Negation)
def compile_negation(compiler: Compiler, node: ast.Negation) -> Code:
    operand = compiler.compile(node.operand)

    def run_negation(env: Env) -> Value:
        value = operand(env)
        found = negated(value)
        return env.run.note("“-”不能用于 {kind}", kind=label(value)) if found is None else found

    return run_negation


FAST = {"+": NUMBERS.add, "-": NUMBERS.subtract, "*": NUMBERS.multiply}


@form(ast.Arithmetic)
def compile_arithmetic(compiler: Compiler, node: ast.Arithmetic) -> Code:
    left, right = compiler.compile(node.left), compiler.compile(node.right)
    operator = node.operator
    fast = FAST.get(operator)

    def run_arithmetic(env: Env) -> Value:
        one, other = left(env), right(env)
        if fast is not None and type(one) is Decimal and type(other) is Decimal:
            try:
                return fast(one, other)
            except ArithmeticError:
                return env.run.note("计算结果超出可表示的范围")
        return calculate(env.run, operator, one, other)

    return run_arithmetic


def _not_equal(left: Value, right: Value) -> bool | None:
    found = alike(left, right)
    return None if found is None else not found


COMPARISONS: dict[str, Callable[[Value, Value], bool | None]] = {
    "=": alike,
    "!=": _not_equal,
    "<": less,
    "<=": at_most,
    ">": lambda left, right: less(right, left),
    ">=": lambda left, right: at_most(right, left),
}


@form(ast.Comparison)
def compile_comparison(compiler: Compiler, node: ast.Comparison) -> Code:
    left, right = compiler.compile(node.left), compiler.compile(node.right)
    operator, compare = node.operator, COMPARISONS[node.operator]

    def run_comparison(env: Env) -> Value:
        one, other = left(env), right(env)
        found = compare(one, other)
        if found is None:
            return env.run.note(
                "{left} 与 {right} 不能用“{operator}”比较",
                left=label(one),
                right=label(other),
                operator=operator,
            )
        return found

    return run_comparison


def _logic(decisive: bool) -> Form:
    def compile_logic(compiler: Compiler, node: Any) -> Code:
        items = [compiler.compile(item) for item in node.items]

        def run_logic(env: Env) -> Value:
            outcome: bool | None = not decisive
            for item in items:
                found = item(env)
                if found is decisive:
                    return decisive
                if type(found) is not bool:
                    outcome = None
            return outcome

        return run_logic

    return compile_logic


FORMS[ast.Conjunction] = _logic(False)
FORMS[ast.Disjunction] = _logic(True)


@form(ast.If)
def compile_if(compiler: Compiler, node: ast.If) -> Code:
    condition = compiler.compile(node.condition)
    yes, no = compiler.compile(node.yes), compiler.compile(node.no)
    return lambda env: yes(env) if condition(env) is True else no(env)
