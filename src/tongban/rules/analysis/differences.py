"""What changed between two versions of a table, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tongban.rules.analysis.changes import cell_change, result_change
from tongban.rules.analysis.matching import Pairs, moved, pair_columns, pair_rules
from tongban.rules.analysis.phrases import title
from tongban.rules.analysis.reading import (
    box_of,
    input_words,
    policy_words,
    result_words,
    rule_words,
)
from tongban.rules.analysis.subject import output_name
from tongban.rules.analysis.words import Phrase, Translate, Words, filled, words
from tongban.rules.dmn.model import Rule, TableBox
from tongban.rules.expression import DecisionTable


class DifferenceKind(StrEnum):
    """What changed."""

    POLICY_CHANGED = "policy changed"
    INPUT_ADDED = "input added"
    INPUT_REMOVED = "input removed"
    INPUT_CHANGED = "input changed"
    OUTPUT_ADDED = "output added"
    OUTPUT_REMOVED = "output removed"
    OUTPUT_CHANGED = "output changed"
    RULE_ADDED = "rule added"
    RULE_REMOVED = "rule removed"
    RULE_MOVED = "rule moved"
    CONDITION_CHANGED = "condition changed"
    RESULT_CHANGED = "result changed"
    NOTE_CHANGED = "note changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One change. Rules count from 1, 0 where there is none; `column` is the name of a column."""

    kind: DifferenceKind
    words: Phrase
    old_rule: int = 0
    new_rule: int = 0
    column: str = ""

    def text(self, translate: Translate = str) -> str:
        """The change as a sentence."""
        return self.words.text(translate)


def differences(old: DecisionTable | TableBox, new: DecisionTable | TableBox) -> list[Difference]:
    """What changed from the old version to the new: the head first, then rule by rule."""
    before, after = box_of(old), box_of(new)
    found = list(_policy(before, after))
    inputs = pair_columns(
        [one.expression for one in before.inputs], [one.expression for one in after.inputs]
    )
    outputs = pair_columns(
        [one.name for one in before.outputs], [one.name for one in after.outputs]
    )
    found += _heads(before, after, inputs)
    found += _output_heads(before, after, outputs)
    rules = pair_rules(before, after, inputs, outputs)
    found += _rules(Versions(before, after, inputs, outputs), rules)
    return found


@dataclass(frozen=True, slots=True)
class Versions:
    """Two versions of a table, and which of their columns are the same."""

    old: TableBox
    new: TableBox
    inputs: Pairs
    outputs: Pairs


def _policy(old: TableBox, new: TableBox) -> Iterator[Difference]:
    if (old.policy, old.aggregation) != (new.policy, new.aggregation):
        told = words(
            "规则的适用方式由“{old}”改为“{new}”", old=policy_words(old), new=policy_words(new)
        )
        yield Difference(DifferenceKind.POLICY_CHANGED, told)


def _heads(old: TableBox, new: TableBox, pairs: Pairs) -> Iterator[Difference]:
    names = [one.label or one.expression for one in old.inputs]
    later = [one.label or one.expression for one in new.inputs]
    for number in pairs.removed:
        name = title(names[number]).name
        told = words("不再考虑“{name}”", name=name)
        yield Difference(DifferenceKind.INPUT_REMOVED, told, column=name)
    for number in pairs.added:
        name = title(later[number]).name
        told = words("增加条件列“{name}”", name=name)
        yield Difference(DifferenceKind.INPUT_ADDED, told, column=name)
    for one, other in pairs.same:
        first, second = old.inputs[one], new.inputs[other]
        changes = (
            (LABELLED, names[one], later[other]),
            (TAKEN_FROM, first.expression, second.expression),
            (TYPED, first.type_ref, second.type_ref),
            (LIMITED, first.values, second.values),
        )
        for template, before, after in changes:
            if before.split() != after.split():
                change = _changed(template, names[one], before, after)
                yield Difference(
                    DifferenceKind.INPUT_CHANGED, change, column=title(names[one]).name
                )


LABELLED = words("“{name}”的名称由“{old}”改为“{new}”")
TAKEN_FROM = words("“{name}”的取值由“{old}”改为“{new}”")
TYPED = words("“{name}”的类型由“{old}”改为“{new}”")
LIMITED = words("“{name}”的允许值由“{old}”改为“{new}”")
DEFAULTED = words("“{name}”的默认结果由“{old}”改为“{new}”")


def _changed(template: Words, name: str, old: str, new: str) -> Phrase:
    blank = words("（无）")
    return filled(template, name=title(name).name, old=old or blank, new=new or blank)


def _output_heads(old: TableBox, new: TableBox, pairs: Pairs) -> Iterator[Difference]:
    for number in pairs.removed:
        name = title(output_name(old, number)).name
        told = words("不再得出“{name}”", name=name)
        yield Difference(DifferenceKind.OUTPUT_REMOVED, told, column=name)
    for number in pairs.added:
        name = title(output_name(new, number)).name
        told = words("增加结果列“{name}”", name=name)
        yield Difference(DifferenceKind.OUTPUT_ADDED, told, column=name)
    for one, other in pairs.same:
        first, second = old.outputs[one], new.outputs[other]
        name = output_name(old, one)
        changes = (
            (LABELLED, name, output_name(new, other)),
            (TYPED, first.type_ref, second.type_ref),
            (LIMITED, first.values, second.values),
            (DEFAULTED, first.default, second.default),
        )
        for template, before, after in changes:
            if before.split() != after.split():
                change = _changed(template, name, before, after)
                yield Difference(DifferenceKind.OUTPUT_CHANGED, change, column=title(name).name)


def _rules(versions: Versions, rules: Pairs) -> Iterator[Difference]:
    for number in rules.removed:
        told = words(
            "删去原第 {number} 条：{rule}", number=number + 1, rule=rule_words(versions.old, number)
        )
        yield Difference(DifferenceKind.RULE_REMOVED, told, old_rule=number + 1)
    away = moved(rules.same)
    partner = {other: one for one, other in rules.same}
    for number in range(len(versions.new.rules)):
        if number not in partner:
            told = words(
                "增加第 {number} 条：{rule}",
                number=number + 1,
                rule=rule_words(versions.new, number),
            )
            yield Difference(DifferenceKind.RULE_ADDED, told, new_rule=number + 1)
            continue
        one = partner[number]
        if (one, number) in away:
            told = words("原第 {old} 条移为第 {new} 条", old=one + 1, new=number + 1)
            yield Difference(DifferenceKind.RULE_MOVED, told, one + 1, number + 1)
        yield from _cells(versions, one, number)


def _cells(versions: Versions, one: int, other: int) -> Iterator[Difference]:
    """What changed inside one rule."""
    old, new = versions.old, versions.new
    first, second = old.rules[one], new.rules[other]
    change: Phrase | None
    for before, after in versions.inputs.same:
        clause = new.inputs[after]
        name = title(clause.label or clause.expression)
        change = cell_change(old, first.conditions[before], second.conditions[after], name)
        if change is not None:
            kind = DifferenceKind.CONDITION_CHANGED
            yield _numbered(kind, change, (one, other), name.name)
    for before, after in versions.outputs.same:
        name = title(output_name(new, after))
        change = result_change(first.results[before], second.results[after], name)
        if change is not None:
            yield _numbered(DifferenceKind.RESULT_CHANGED, change, (one, other), name.name)
    for column in versions.inputs.added:
        told = input_words(new, column, second.conditions[column])
        if told is not None:
            change = words("增加条件：{test}", test=told)
            name = title(new.inputs[column].label or new.inputs[column].expression)
            yield _numbered(DifferenceKind.CONDITION_CHANGED, change, (one, other), name.name)
    for column in versions.outputs.added:
        change = words(
            "增加结果：{result}", result=result_words(new, column, second.results[column])
        )
        name = title(output_name(new, column))
        yield _numbered(DifferenceKind.RESULT_CHANGED, change, (one, other), name.name)
    if _notes(first) != _notes(second):
        change = words("说明或依据由“{old}”改为“{new}”", old=_notes(first), new=_notes(second))
        yield _numbered(DifferenceKind.NOTE_CHANGED, change, (one, other), "")


def _notes(rule: Rule) -> str:
    return "；".join(text for text in (*rule.annotations, rule.description) if text)


def _numbered(
    kind: DifferenceKind, change: Phrase, rules: tuple[int, int], column: str
) -> Difference:
    old, new = rules[0] + 1, rules[1] + 1
    if old == new:
        told = words("第 {number} 条：{change}", number=new, change=change)
    else:
        told = words(
            "第 {number} 条（原第 {old} 条）：{change}", number=new, old=old, change=change
        )
    return Difference(kind, told, old, new, column)
