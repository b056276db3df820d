"""What is wrong in an expression before it is ever evaluated: names nobody knows, kinds that clash.

Only what is certain is said: a type that is not known excuses everything.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from tongban.rules.analysis.axis import SCALARS, plain
from tongban.rules.analysis.calls import misfit
from tongban.rules.analysis.findings import Finding, FindingKind, Severity
from tongban.rules.analysis.results import ARITHMETIC, PROPERTIES, result_of
from tongban.rules.analysis.words import Phrase, Words, words
from tongban.rules.feel import ast
from tongban.rules.feel.builtins import BUILTINS
from tongban.rules.feel.compile import UNKNOWN, Compiler
from tongban.rules.feel.types import (
    ANY,
    BOOLEAN,
    FUNCTION,
    NULL,
    NUMBER,
    STRING,
    ContextOf,
    FeelType,
    ListOf,
    RangeOf,
)
from tongban.rules.feel.values import LABELS, kind
from tongban.rules.problems import place_of

COMPILER = Compiler()
Names = Mapping[str, FeelType]


@dataclass(slots=True)
class Checker:
    """Checks the trees of one text and gathers what it finds; `types` are the declared types."""

    text: str
    element: str = ""
    line: int = 0
    types: Mapping[str, FeelType] = field(default_factory=dict)
    rules: tuple[int, ...] = ()
    findings: list[Finding] = field(default_factory=list)

    def type_of(self, node: ast.Node, names: Names) -> FeelType:
        """The type of an expression, Any where it is not known; faults are gathered."""
        value = COMPILER.constant(node) if not isinstance(node, COMPOUND) else UNKNOWN
        if value is not UNKNOWN and kind(value) in SCALARS:
            return FeelType(kind(value))
        check = CHECKS.get(type(node))
        return check(self, node, names) if check else ANY

    def say(
        self,
        node: ast.Node,
        found: FindingKind,
        told: Phrase,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Record a fault at a node."""
        self.findings.append(
            Finding(
                found,
                severity,
                told,
                rules=self.rules,
                element=self.element,
                line=self.line,
                place=place_of(self.text, node.at),
                text=self.text,
            )
        )

    def demand_condition(self, node: ast.Node, names: Names, severity: Severity) -> None:
        """A part that must be true or false."""
        found = plain(self.type_of(node, names))
        if found.name in SCALARS and found != BOOLEAN:
            told = words("此处应为真假值，却是{kind}", kind=type_words(found))
            self.say(node, FindingKind.TYPE, told, severity)


def type_words(found: FeelType) -> Phrase:
    """A type in the words of a message."""
    return Words(LABELS.get(plain(found).name, found.name))


def element_of(found: FeelType) -> FeelType:
    """What a loop over a value of a type meets."""
    inner = plain(found)
    if isinstance(inner, (ListOf, RangeOf)):
        return inner.of
    return inner if inner.name in SCALARS else ANY


def _name(checker: Checker, node: ast.Name, names: Names) -> FeelType:
    if node.name in names:
        return names[node.name]
    if node.name in BUILTINS:
        return FUNCTION
    close = get_close_matches(node.name, names, 1, 0.5)
    if close:
        told = words("没有名为“{name}”的数据，是否应为“{guess}”", name=node.name, guess=close[0])
    else:
        told = words("没有名为“{name}”的数据", name=node.name)
    checker.say(node, FindingKind.UNKNOWN_NAME, told)
    return ANY


def _path(checker: Checker, node: ast.Path, names: Names) -> FeelType:
    source = plain(checker.type_of(node.source, names))
    if isinstance(source, ListOf) and isinstance(plain(source.of), ContextOf):
        return ListOf("list", _entry(checker, node, plain(source.of)))
    return _entry(checker, node, source)


def _entry(checker: Checker, node: ast.Path, source: FeelType) -> FeelType:
    if isinstance(source, ContextOf):
        known: Mapping[str, FeelType] = dict(source.entries)
    elif source.name in PROPERTIES:
        known = PROPERTIES[source.name]
    elif source in (NUMBER, STRING, BOOLEAN):
        known = {}
    else:
        return ANY
    if node.name not in known:
        told = words("{kind}没有名为“{name}”的部分", kind=type_words(source), name=node.name)
        if source.name not in LABELS:
            told = words("“{type}”没有名为“{name}”的部分", type=source.name, name=node.name)
        checker.say(node, FindingKind.UNKNOWN_NAME, told)
    return known.get(node.name, ANY)


def _arithmetic(checker: Checker, node: ast.Arithmetic, names: Names) -> FeelType:
    left = plain(checker.type_of(node.left, names))
    right = plain(checker.type_of(node.right, names))
    found = ARITHMETIC.get((node.operator, left.name, right.name))
    if found is None and {left.name, right.name} <= SCALARS:
        told = words(
            "“{operator}”不能用于 {left} 和 {right}",
            operator=node.operator,
            left=type_words(left),
            right=type_words(right),
        )
        checker.say(node, FindingKind.TYPE, told)
    return found or ANY


def clash(checker: Checker, node: ast.Node, left: FeelType, right: FeelType) -> None:
    """Two kinds that are compared must be one."""
    one, other = plain(left), plain(right)
    if {one.name, other.name} <= SCALARS and one != other:
        told = words("{left} 与 {right} 不能比较", left=type_words(one), right=type_words(other))
        checker.say(node, FindingKind.TYPE, told)


def _comparison(checker: Checker, node: ast.Comparison, names: Names) -> FeelType:
    clash(checker, node, checker.type_of(node.left, names), checker.type_of(node.right, names))
    return BOOLEAN


def _logic(checker: Checker, node: Any, names: Names) -> FeelType:
    for item in node.items:
        # The other parts may decide without it, so that something may come of it all the same.
        checker.demand_condition(item, names, Severity.WARNING)
    return BOOLEAN


def _negation(checker: Checker, node: ast.Negation, names: Names) -> FeelType:
    found = plain(checker.type_of(node.operand, names))
    if found in (STRING, BOOLEAN):
        told = words("“-”不能用于{kind}", kind=type_words(found))
        checker.say(node, FindingKind.TYPE, told)
    return found


def _between(checker: Checker, node: ast.Between, names: Names) -> FeelType:
    value = checker.type_of(node.value, names)
    for end in (node.low, node.high):
        clash(checker, end, value, checker.type_of(end, names))
    return BOOLEAN


def _in(checker: Checker, node: ast.In, names: Names) -> FeelType:
    check_tests(checker, node.tests, {**names, "?": checker.type_of(node.value, names)})
    return BOOLEAN


def check_tests(checker: Checker, tests: tuple[ast.Node, ...], names: Names) -> FeelType:
    """Unary tests over `?`: what each compares with must be of its kind."""
    value = names.get("?", ANY)
    for test in tests:
        found = plain(checker.type_of(test, names))
        compared = element_of(found)
        # A test that is true or false by itself asks about more than equality.
        if plain(value).name in SCALARS and compared != BOOLEAN:
            clash(checker, test, value, compared)
    return BOOLEAN


def _if(checker: Checker, node: ast.If, names: Names) -> FeelType:
    checker.demand_condition(node.condition, names, Severity.ERROR)
    yes, no = checker.type_of(node.yes, names), checker.type_of(node.no, names)
    if yes == NULL:
        return no
    return yes if no in (yes, NULL) else ANY


def _bound(checker: Checker, iterations: tuple[ast.Iteration, ...], names: Names) -> Names:
    for one in iterations:
        source = checker.type_of(one.source, names)
        if one.end is not None:
            checker.type_of(one.end, names)
        names = {**names, one.name: element_of(source)}
    return names


def _for(checker: Checker, node: ast.For, names: Names) -> FeelType:
    inner = {**_bound(checker, node.iterations, names), "partial": ListOf("list", ANY)}
    return ListOf("list", checker.type_of(node.body, inner))


def _quantified(checker: Checker, node: ast.Quantified, names: Names) -> FeelType:
    inner = _bound(checker, node.iterations, names)
    checker.demand_condition(node.condition, inner, Severity.ERROR)
    return BOOLEAN


def _filter(checker: Checker, node: ast.Filter, names: Names) -> FeelType:
    source = plain(checker.type_of(node.source, names))
    item = source.of if isinstance(source, ListOf) else source
    inner = plain(item)
    if isinstance(node.source, ast.ListLiteral) or inner.name in ("Any", "context", "list"):
        # The items may be contexts whose entries nobody declared; any name may be one of them.
        return ANY
    entries = dict(inner.entries) if isinstance(inner, ContextOf) else {}
    found = plain(checker.type_of(node.condition, {**names, "item": item, **entries}))
    if found == NUMBER:
        return item
    return ListOf("list", item) if found == BOOLEAN else ANY


def _list(checker: Checker, node: ast.ListLiteral, names: Names) -> FeelType:
    found = {checker.type_of(item, names) for item in node.items}
    return ListOf("list", found.pop() if len(found) == 1 else ANY)


def _context(checker: Checker, node: ast.ContextLiteral, names: Names) -> FeelType:
    entries = []
    for name, entry in node.entries:
        found = checker.type_of(entry, names)
        names = {**names, name: found}
        entries.append((name, found))
    return ContextOf("context", tuple(entries))


def _range(checker: Checker, node: ast.RangeLiteral, names: Names) -> FeelType:
    ends = [plain(checker.type_of(end, names)) for end in (node.low, node.high) if end is not None]
    if len(ends) == 2:
        clash(checker, node, *ends)
    return RangeOf("range", ends[0] if ends else ANY)


def _instance(checker: Checker, node: ast.InstanceOf, names: Names) -> FeelType:
    checker.type_of(node.value, names)
    return BOOLEAN


def _definition(checker: Checker, node: ast.FunctionDefinition, names: Names) -> FeelType:
    if not node.external:
        compiler = Compiler(checker.types)
        own = {one.name: compiler.type(one.type) or ANY for one in node.parameters}
        checker.type_of(node.body, {**names, **own})
    return FUNCTION


def _call(checker: Checker, node: ast.Call, names: Names) -> FeelType:
    given = [plain(checker.type_of(argument, names)) for argument in node.arguments]
    return _called(checker, node, names, given)


def _named_call(checker: Checker, node: ast.NamedCall, names: Names) -> FeelType:
    given = {name: plain(checker.type_of(part, names)) for name, part in node.arguments}
    return _called(checker, node, names, given)


def _called(checker: Checker, node: Any, names: Names, given: Any) -> FeelType:
    function = node.function
    if not isinstance(function, ast.Name) or function.name not in BUILTINS:
        checker.type_of(function, names)
        return ANY
    told = None if function.name in names else misfit(function.name, given)
    if told is not None:
        checker.say(function, FindingKind.TYPE, told)
    return result_of(function.name)


COMPOUND = (ast.ListLiteral, ast.RangeLiteral, ast.Call)
CHECKS: dict[type[ast.Node], Callable[[Checker, Any, Names], FeelType]] = {
    ast.Name: _name,
    ast.Path: _path,
    ast.Filter: _filter,
    ast.ListLiteral: _list,
    ast.ContextLiteral: _context,
    ast.RangeLiteral: _range,
    ast.Negation: _negation,
    ast.Arithmetic: _arithmetic,
    ast.Comparison: _comparison,
    ast.Conjunction: _logic,
    ast.Disjunction: _logic,
    ast.Between: _between,
    ast.In: _in,
    ast.InstanceOf: _instance,
    ast.If: _if,
    ast.For: _for,
    ast.Quantified: _quantified,
    ast.FunctionDefinition: _definition,
    ast.Call: _call,
    ast.NamedCall: _named_call,
    ast.UnaryTests: lambda checker, node, names: check_tests(checker, node.tests, names),
    ast.NullLiteral: lambda _checker, _node, _names: NULL,
    ast.AtLiteral: lambda _checker, _node, _names: ANY,
}
