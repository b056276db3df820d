"""A decision table as an official reads it: each rule a plain sentence."""

from collections.abc import Iterator
from decimal import Decimal

from tongban.rules.analysis.phrases import (
    COMPILER,
    compared,
    condition_words,
    title,
    value_words,
)
from tongban.rules.analysis.subject import output_name
from tongban.rules.analysis.words import (
    SOURCE,
    Phrase,
    both,
    clauses,
    listed,
    translator,
    words,
)
from tongban.rules.dmn.model import Aggregation, HitPolicy, Rule, TableBox
from tongban.rules.expression import DecisionTable
from tongban.rules.feel import ast
from tongban.rules.feel.compile import UNKNOWN
from tongban.rules.feel.cursor import Vocabulary
from tongban.rules.feel.names import Names
from tongban.rules.feel.parser import parse, parse_unary_tests
from tongban.rules.problems import FeelSyntaxError

POLICIES = {
    HitPolicy.UNIQUE: words("每种情形只适用一条规则"),
    HitPolicy.ANY: words("可有多条规则同时适用，但结果必须相同"),
    HitPolicy.PRIORITY: words("多条规则同时适用时，取最优先的结果"),
    HitPolicy.FIRST: words("多条规则同时适用时，以在前的为准"),
    HitPolicy.RULE_ORDER: words("所有适用规则的结果按规则的次序一并列出"),
    HitPolicy.OUTPUT_ORDER: words("所有适用规则的结果按结果的优先次序一并列出"),
    HitPolicy.COLLECT: words("所有适用规则的结果一并列出"),
}
AGGREGATES = {
    Aggregation.SUM: words("所有适用规则的结果相加"),
    Aggregation.MIN: words("取所有适用规则中最小的结果"),
    Aggregation.MAX: words("取所有适用规则中最大的结果"),
    Aggregation.COUNT: words("结果是适用规则的条数"),
}


def read_aloud(table: DecisionTable | TableBox, language: str = SOURCE) -> str:
    """The whole table as text: how rules apply, then each rule as a numbered sentence.

    ValueError for a language without translations.
    """
    translate = translator(language)
    return "\n".join(line.text(translate) for line in table_lines(box_of(table)))


def read_rule(table: DecisionTable | TableBox, number: int, language: str = SOURCE) -> str:
    """One rule, counted from 1, as a sentence."""
    return rule_words(box_of(table), number - 1).text(translator(language))


def box_of(table: DecisionTable | TableBox) -> TableBox:
    """The table as it is written."""
    return table if isinstance(table, TableBox) else table.table.source


def table_lines(box: TableBox) -> Iterator[Phrase]:
    """The sentences of a table."""
    yield words("{policy}。", policy=policy_words(box))
    for number in range(len(box.rules)):
        rule = rule_words(box, number)
        yield words("第 {number} 条：{rule}", number=number + 1, rule=rule)
    defaults = [
        result_words(box, number, clause.default)
        for number, clause in enumerate(box.outputs)
        if clause.default
    ]
    if defaults:
        yield words("没有规则适用时，{results}。", results=clauses(defaults))


def policy_words(box: TableBox) -> Phrase:
    """How the rules that apply make one result."""
    return AGGREGATES.get(box.aggregation, POLICIES[box.policy])


def rule_words(box: TableBox, number: int) -> Phrase:
    """A rule as a sentence, with its annotations behind it."""
    rule = box.rules[number]
    tests = [
        told
        for column, text in enumerate(rule.conditions)
        if (told := input_words(box, column, text)) is not None
    ]
    results = clauses(result_words(box, place, text) for place, text in enumerate(rule.results))
    if tests:
        told = words("如果{tests}，则{results}。", tests=both(tests), results=results)
    else:
        told = words("在任何情形下，{results}。", results=results)
    notes = _annotations(box, rule)
    return words("{rule}（{notes}）", rule=told, notes=notes) if notes else told


def _annotations(box: TableBox, rule: Rule) -> Phrase | None:
    heads = [*box.annotations, *[""] * len(rule.annotations)]
    told: list[str | Phrase] = [
        words("{name}：{text}", name=head, text=text) if head else text
        for head, text in zip(heads, rule.annotations, strict=False)
        if text and text != "-"
    ]
    return listed(told) if told else None


def input_words(box: TableBox, column: int, text: str) -> Phrase | None:
    """What a rule asks of an input; None when it asks nothing."""
    clause = box.inputs[column]
    name = title(clause.label or clause.expression)
    told = cell_words(box, text, name.unit)
    return None if told is None else words("{name}{test}", name=name.name, test=told)


def cell_words(box: TableBox, text: str, unit: str) -> Phrase | None:
    """The text of a condition as it is read aloud; one that cannot be read is quoted."""
    node = cell_tree(box, text)
    if node is None:
        return words("符合“{text}”", text=text)
    return condition_words(node, unit)


def cell_tree(box: TableBox, text: str) -> ast.Node | None:
    """The tree of a condition; None when it is none."""
    known = Names([clause.expression for clause in box.inputs] + ["?"])
    try:
        return parse_unary_tests(text or "-", Vocabulary(known))
    except FeelSyntaxError:
        return None


def result_tree(box: TableBox, text: str) -> ast.Node | None:
    """The tree of a result; None when it is empty or cannot be read."""
    known = Names(clause.expression for clause in box.inputs)
    try:
        return parse(text, Vocabulary(known)) if text else None
    except FeelSyntaxError:
        return None


def result_words(box: TableBox, number: int, text: str) -> Phrase:
    """A result as it is read aloud: `收费 0 元`."""
    name = title(output_name(box, number))
    node = result_tree(box, text)
    value = UNKNOWN if node is None else COMPILER.constant(node)
    if not text:
        return words("{name}没有规定", name=name.name)
    if value is UNKNOWN:
        return words("{name}按“{text}”计算", name=name.name, text=text)
    told = value_words(value, name.unit)
    if isinstance(value, Decimal) and name.unit:
        return words("{name} {value}", name=name.name, value=told)
    return words("{name}{test}", name=name.name, test=compared("=", value, told))
