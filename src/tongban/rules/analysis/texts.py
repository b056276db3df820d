"""The expressions inside a table: names nobody knows, kinds that clash, results of a wrong type."""

from collections.abc import Callable, Iterator

from tongban.rules.analysis.axis import SCALARS, Known, plain
from tongban.rules.analysis.expressions import Checker, type_words
from tongban.rules.analysis.findings import Finding, FindingKind
from tongban.rules.analysis.phrases import title
from tongban.rules.analysis.subject import Subject
from tongban.rules.analysis.words import words
from tongban.rules.feel import ast
from tongban.rules.feel.compile import UNKNOWN, Compiler
from tongban.rules.feel.cursor import Vocabulary
from tongban.rules.feel.names import Names
from tongban.rules.feel.parser import parse, parse_unary_tests
from tongban.rules.feel.types import FeelType
from tongban.rules.problems import FeelSyntaxError

Parse = Callable[[str, Vocabulary], ast.Node]


def check_texts(subject: Subject) -> Iterator[Finding]:
    """Every expression of a table that is more than a constant, each text once."""
    source = subject.table.table.source
    seen: set[tuple[int, str]] = set()
    for clause in source.inputs:
        yield from _checked(subject, clause.expression, clause.line)
    for number, rule in enumerate(source.rules, 1):
        for column, (known, text) in enumerate(
            zip(subject.head.inputs, rule.conditions, strict=True)
        ):
            if (column, text) not in seen:
                seen.add((column, text))
                yield from _condition(subject, known, text, number)
        for known, text in zip(subject.head.outputs, rule.results, strict=True):
            if (-1, text) not in seen:
                seen.add((-1, text))
                yield from _result(subject, known, text, number)


def _tree(subject: Subject, text: str, read: Parse, *names: str) -> ast.Node | None:
    head = subject.head
    # Of a table that stands alone, the inputs may be called by whole expressions.
    inputs = () if head.is_closed else (one.expression for one in subject.clauses)
    known = Names([*head.names, *inputs, *names])
    try:
        return read(text, Vocabulary(known, head.properties, Names(head.types)))
    except FeelSyntaxError:
        return None


def _checker(subject: Subject, text: str, line: int, *rules: int) -> Checker:
    head = subject.head
    return Checker(text, head.element, line, head.types, rules)


def _kept(subject: Subject, checker: Checker) -> Iterator[Finding]:
    """What a checker found; where not all names are known, an unknown one is no fault."""
    for finding in checker.findings:
        if subject.head.is_closed or finding.kind is not FindingKind.UNKNOWN_NAME:
            yield finding


def _checked(subject: Subject, text: str, line: int) -> Iterator[Finding]:
    tree = _tree(subject, text, parse) if text else None
    if tree is not None:
        checker = _checker(subject, text, line)
        checker.type_of(tree, subject.head.names)
        yield from _kept(subject, checker)


def _condition(subject: Subject, known: Known, text: str, rule: int) -> Iterator[Finding]:
    tree = _tree(subject, text or "-", parse_unary_tests, "?")
    if not isinstance(tree, ast.UnaryTests) or all(map(_is_constant, tree.tests)):
        return
    checker = _checker(subject, text, subject.line(rule), rule)
    checker.type_of(tree, {**subject.head.names, "?": known.type})
    yield from _kept(subject, checker)


def _is_constant(node: ast.Node) -> bool:
    """Whether a test is checked as a value elsewhere."""
    return Compiler().constant(node) is not UNKNOWN


def _result(subject: Subject, known: Known, text: str, rule: int) -> Iterator[Finding]:
    tree = _tree(subject, text, parse) if text else None
    if tree is None:
        return
    checker = _checker(subject, text, subject.line(rule), rule)
    found = plain(checker.type_of(tree, subject.head.names))
    yield from _kept(subject, checker)
    wanted: FeelType = plain(known.type)
    constant = subject.table.table.rules[rule - 1].constants is not None
    if not constant and {found.name, wanted.name} <= SCALARS and found != wanted:
        told = words(
            "第 {rule} 条规则：结果“{name}”应为{wanted}，却是{kind}",
            rule=rule,
            name=title(known.name).name,
            wanted=type_words(wanted),
            kind=type_words(found),
        )
        checker.findings.clear()
        checker.say(tree, FindingKind.TYPE, told)
        yield from checker.findings
