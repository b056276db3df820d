"""What is wrong in single cells of a table: kinds, limits, unused inputs, priorities."""

from collections.abc import Iterator

from tongban.rules.analysis.axis import NAMES, TYPES, Known, accepts, plain
from tongban.rules.analysis.ends import ends_of
from tongban.rules.analysis.expressions import type_words
from tongban.rules.analysis.findings import Finding, FindingKind, Severity
from tongban.rules.analysis.phrases import title, value_words
from tongban.rules.analysis.subject import Subject
from tongban.rules.analysis.words import Words, words
from tongban.rules.dmn.cells import Cell
from tongban.rules.dmn.model import Aggregation, HitPolicy
from tongban.rules.feel.compare import same
from tongban.rules.feel.types import MISFIT, coerce
from tongban.rules.feel.values import Value, label


def check_cells(subject: Subject) -> Iterator[Finding]:
    """The checks that look at one cell at a time, and those of the head."""
    for number, rule in enumerate(subject.table.table.rules):
        for known, cell in zip(subject.head.inputs, rule.cells, strict=True):
            yield from _test(subject, number, known, cell)
        for known, value in zip(subject.head.outputs, rule.constants or (), strict=False):
            yield from _result(subject, number, known, value)
    yield from _defaults(subject)
    yield from _unused(subject)
    yield from _priorities(subject)


def _at(subject: Subject, number: int, kind: FindingKind, told: Words) -> Finding:
    line = subject.table.table.source.rules[number].line
    return Finding(kind, Severity.ERROR, told, (number + 1,), line=line)


def _test(subject: Subject, number: int, known: Known, cell: Cell) -> Iterator[Finding]:
    wanted = TYPES.get(plain(known.type).name)
    name = title(known.name)
    for end in ends_of(cell) or ():
        kind = type(end.value)
        if end.value is None or kind not in NAMES:
            continue
        if wanted is not None and kind is not wanted:
            told = words(
                "第 {rule} 条规则：“{name}”是{wanted}，条件“{test}”却与{kind}比较",
                rule=number + 1,
                name=name.name,
                wanted=type_words(known.type),
                test=cell.text,
                kind=Words(label(end.value)),
            )
            yield _at(subject, number, FindingKind.TYPE, told)
            return
        if not end.ordered and not _permitted(known, end.value):
            told = words(
                "第 {rule} 条规则：条件“{value}”不在“{name}”的允许值之内",
                rule=number + 1,
                name=name.name,
                value=value_words(end.value, name.unit),
            )
            yield _at(subject, number, FindingKind.NOT_ALLOWED, told)


def _permitted(known: Known, value: Value) -> bool:
    return all(accepts(cell, value) is True for cell in known.allowed)


def _result(subject: Subject, number: int, known: Known, value: Value) -> Iterator[Finding]:
    name = title(known.name)
    if coerce(value, plain(known.type)) is MISFIT:
        told = words(
            "第 {rule} 条规则：结果“{name}”应为{wanted}，却是{value}",
            rule=number + 1,
            name=name.name,
            wanted=type_words(known.type),
            value=value_words(value),
        )
        yield _at(subject, number, FindingKind.TYPE, told)
    elif value is not None and not _permitted(known, value):
        told = words(
            "第 {rule} 条规则：结果“{value}”不在“{name}”的允许值之内",
            rule=number + 1,
            name=name.name,
            value=value_words(value, name.unit),
        )
        yield _at(subject, number, FindingKind.NOT_ALLOWED, told)
    elif subject.table.table.source.aggregation is Aggregation.SUM and not _is_amount(value):
        told = words(
            "第 {rule} 条规则：结果要相加，“{name}”却是{value}",
            rule=number + 1,
            name=name.name,
            value=value_words(value),
        )
        yield _at(subject, number, FindingKind.TYPE, told)


def _is_amount(value: Value) -> bool:
    return value is None or label(value) in ("数字", "天时分秒的时长", "年月的时长")


def _defaults(subject: Subject) -> Iterator[Finding]:
    table = subject.table.table
    for known, clause in zip(subject.head.outputs, table.source.outputs, strict=True):
        if not clause.default:
            continue
        value = subject.constant(clause.default)
        if value is None:
            continue
        fits = coerce(value, plain(known.type)) is not MISFIT
        if not fits or not _permitted(known, value):
            told = words(
                "默认结果“{value}”不是“{name}”允许的值",
                value=value_words(value),
                name=title(known.name).name,
            )
            kind = FindingKind.NOT_ALLOWED if fits else FindingKind.TYPE
            yield Finding(kind, Severity.ERROR, told, line=clause.line)


def _unused(subject: Subject) -> Iterator[Finding]:
    rules = subject.table.table.rules
    for number, known in enumerate(subject.head.inputs):
        if rules and all(rule.cells[number].accepts_all for rule in rules):
            told = words("没有一条规则用到“{name}”", name=title(known.name).name)
            yield Finding(FindingKind.UNUSED_INPUT, Severity.WARNING, told, line=known.line)


def _priorities(subject: Subject) -> Iterator[Finding]:
    table = subject.table.table
    if table.source.policy not in (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER):
        return
    if not any(output.order for output in table.outputs):
        told = words("结果按优先次序确定，却没有一列结果写明允许值的先后次序")
        yield Finding(FindingKind.PRIORITY, Severity.ERROR, told, line=table.source.line)
        return
    for number, rule in enumerate(table.rules):
        for known, output, value in zip(
            subject.head.outputs, table.outputs, rule.constants or (), strict=False
        ):
            if output.order and not any(same(one, value) for one in output.order):
                told = words(
                    "第 {rule} 条规则：结果“{value}”没有列入“{name}”的优先次序",
                    rule=number + 1,
                    value=value_words(value),
                    name=title(known.name).name,
                )
                finding = _at(subject, number, FindingKind.PRIORITY, told)
                yield finding if not known.allowed else _as_note(finding)


def _as_note(finding: Finding) -> Finding:
    """A value that is not allowed is an error already; its rank adds nothing."""
    return Finding(finding.kind, Severity.NOTE, finding.words, finding.rules, line=finding.line)
