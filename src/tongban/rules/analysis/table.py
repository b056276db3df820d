"""The analysis of one decision table."""

from collections.abc import Iterator
from dataclasses import replace

from tongban.rules.analysis.axis import TYPES, plain
from tongban.rules.analysis.checks import check_cells
from tongban.rules.analysis.ends import ends_of
from tongban.rules.analysis.findings import Analysis, Finding, FindingKind, Severity
from tongban.rules.analysis.gaps import find_gaps
from tongban.rules.analysis.overlaps import find_duplicates, find_overlaps
from tongban.rules.analysis.phrases import title
from tongban.rules.analysis.reach import find_unreachable
from tongban.rules.analysis.subject import Head, Subject, head_of_box, make_subject
from tongban.rules.analysis.texts import check_texts
from tongban.rules.analysis.words import Told, listed, words
from tongban.rules.dmn.model import TableBox
from tongban.rules.dmn.scope import Problem
from tongban.rules.expression import DecisionTable, compile_table
from tongban.rules.feel import ast
from tongban.rules.feel.builtins import BUILTINS
from tongban.rules.feel.cursor import Vocabulary
from tongban.rules.feel.names import Names
from tongban.rules.feel.parser import parse
from tongban.rules.feel.walk import walk
from tongban.rules.problems import FeelSyntaxError

LISTED = 6


def analyse(table: DecisionTable | TableBox, head: Head | None = None) -> Analysis:
    """All findings about a table, the worst first. RuleError when its rows do not fit its head.

    `head` tells what a model knows of the columns; without it, plain types and the limits written
    in the table count. An input of no known type is taken to have the kind its tests compare with.
    """
    made = compile_table(table) if isinstance(table, TableBox) else table
    subject = make_subject(made, head or head_of_box(made.table.source))
    findings = [problem_finding(problem) for problem in made.problems]
    findings += check_cells(subject)
    findings += check_texts(subject)
    findings += find_unreachable(subject)
    duplicates, twice = find_duplicates(subject)
    overlaps = find_overlaps(subject, twice)
    gaps = find_gaps(subject)
    findings += [*duplicates, *overlaps.findings, *gaps.findings]
    findings += _unreadable(subject)
    findings += _entangled(subject)
    if gaps.complete is None:
        told = words("是否每种情形都有规则适用，未能证明")
        findings.append(Finding(FindingKind.NOT_PROVEN, Severity.NOTE, told))
    placed = [_placed(finding, subject) for finding in findings]
    placed.sort(key=lambda finding: -finding.severity)
    return Analysis(tuple(placed), gaps.complete, overlaps.disjoint)


def problem_finding(problem: Problem) -> Finding:
    """A text that the engine cannot use, as a finding."""
    return Finding(
        FindingKind.SYNTAX,
        Severity.ERROR,
        Told(problem.reason),
        element=problem.element,
        line=problem.line,
        place=problem.place,
        text=problem.text,
    )


def _placed(finding: Finding, subject: Subject) -> Finding:
    line = finding.line or (subject.line(finding.rules[0]) if finding.rules else 0)
    line = line or subject.table.table.source.line
    return replace(finding, element=finding.element or subject.head.element, line=line)


def _unreadable(subject: Subject) -> Iterator[Finding]:
    """Conditions that are no sets of values, and columns whose values cannot be told apart."""
    rules = []
    for number, rule in enumerate(subject.table.table.rules, 1):
        if any(not cell.accepts_all and ends_of(cell) is None for cell in rule.cells):
            rules.append(number)
    if rules:
        named = listed(str(rule) for rule in rules[:LISTED])
        told = words(
            "第 {rules} 条等共 {count} 条规则的条件要计算才知道，分析时未作假定",
            rules=named,
            count=len(rules),
        )
        yield Finding(FindingKind.NOT_PROVEN, Severity.NOTE, told, tuple(rules))
    for axis in subject.axes:
        known = subject.head.inputs[axis.columns[0]]
        kinds = {type(one.value) for one in axis.regions if one.value is not None}
        if plain(known.type).name not in TYPES and len(kinds) > 1:
            told = words("“{name}”的条件混用了不同类型的值", name=title(known.name).name)
            yield Finding(FindingKind.TYPE, Severity.WARNING, told, line=known.line)


def _entangled(subject: Subject) -> Iterator[Finding]:
    """Different inputs that are computed from the same fact."""
    seen: dict[str, str] = {}
    for axis in subject.axes:
        for fact in _facts_of(axis.name, subject):
            if fact in seen:
                told = words(
                    "“{one}”和“{other}”都取自“{fact}”，列出的情形不一定都会出现",
                    one=seen[fact],
                    other=axis.name,
                    fact=fact,
                )
                yield Finding(FindingKind.NOT_PROVEN, Severity.NOTE, told)
            seen.setdefault(fact, axis.name)


def _facts_of(expression: str, subject: Subject) -> set[str]:
    """The facts that an input is computed from; a whole path counts as one fact."""
    try:
        tree = parse(expression, Vocabulary(Names(subject.head.names)))
    except FeelSyntaxError:
        return {expression}
    if isinstance(tree, (ast.Name, ast.Path)):
        return {expression}
    names = {part.name for part in walk(tree) if isinstance(part, ast.Name)}
    return {name for name in names if name not in BUILTINS}
