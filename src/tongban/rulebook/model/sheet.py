"""A rule set of one table, as officials edit it: facts, columns, rows with their basis in law.

Sheets are values: each change gives a new one. Rows and columns count from 0.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from tongban import rules
from tongban.foundation.errors import Problem

TYPES = {
    "string": "文字",
    "number": "数字",
    "boolean": "真假值",
    "date": "日期",
    "Any": "其他",
}
POLICIES = {
    rules.HitPolicy.UNIQUE: "只有一条规则适用",
    rules.HitPolicy.FIRST: "从上往下，第一条适用的规则",
    rules.HitPolicy.ANY: "可以有几条适用，结果必须相同",
    rules.HitPolicy.RULE_ORDER: "所有适用的规则，按表中顺序",
    rules.HitPolicy.COLLECT: "所有适用的规则",
    rules.HitPolicy.PRIORITY: "适用的规则中，结果最优先的一条",
    rules.HitPolicy.OUTPUT_ORDER: "所有适用的规则，按结果的优先次序",
}
MOST_ROWS, MOST_COLUMNS = 2000, 40
_NAME = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Term:
    """A fact that the rules may use: its key, what people call it, its type.

    ``words`` says what people call its values, such as {"city": "本市"}.
    """

    name: str
    label: str = ""
    type: str = "string"
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Input:
    """A column of conditions; ``expression`` is a fact or computed of facts."""

    label: str
    expression: str
    type: str = "string"
    values: str = ""


@dataclass(frozen=True, slots=True)
class Output:
    """A column of results; ``words`` says what people call its values."""

    label: str
    name: str
    type: str = "string"
    values: str = ""
    default: str = ""
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """One rule: conditions and results in FEEL, its basis in law, a note in plain words."""

    conditions: tuple[str, ...]
    results: tuple[str, ...]
    law: str = ""
    clause: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole table."""

    name: str
    facts: tuple[Term, ...]
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rows: tuple[Row, ...] = ()
    policy: rules.HitPolicy = rules.HitPolicy.UNIQUE
    aggregation: rules.Aggregation = rules.Aggregation.NONE

    def box(self) -> rules.TableBox:
        """Return the table as the engine has it."""
        return rules.TableBox(
            tuple(rules.InputClause(i.label, i.expression, i.type, i.values) for i in self.inputs),
            tuple(
                rules.OutputClause(o.label, o.name, o.type, o.values, o.default)
                for o in self.outputs
            ),
            tuple(
                rules.Rule(row.conditions, row.results, (row.law, row.clause, row.note))
                for row in self.rows
            ),
            self.policy,
            self.aggregation,
            ANNOTATIONS,
        )

    def with_row(self, at: int) -> "Sheet":
        """Return the sheet with a row before row ``at`` whose conditions accept everything."""
        row = Row(("-",) * len(self.inputs), ("",) * len(self.outputs))
        return replace(self, rows=(*self.rows[:at], row, *self.rows[at:]))

    def with_copy(self, at: int) -> "Sheet":
        return replace(self, rows=(*self.rows[: at + 1], *self.rows[at:]))

    def without_row(self, at: int) -> "Sheet":
        return replace(self, rows=(*self.rows[:at], *self.rows[at + 1 :]))

    def moved(self, at: int, by: int) -> "Sheet":
        """Return the sheet with a row moved up (-1) or down (+1), as far as there is room."""
        to = min(max(at + by, 0), len(self.rows) - 1)
        rest = [*self.rows[:at], *self.rows[at + 1 :]]
        rest.insert(to, self.rows[at])
        return replace(self, rows=tuple(rest))

    def with_input(self, column: Input) -> "Sheet":
        rows = tuple(replace(row, conditions=(*row.conditions, "-")) for row in self.rows)
        return replace(self, inputs=(*self.inputs, column), rows=rows)

    def without_input(self, at: int) -> "Sheet":
        rows = tuple(replace(row, conditions=_without(row.conditions, at)) for row in self.rows)
        return replace(self, inputs=_without(self.inputs, at), rows=rows)

    def with_output(self, column: Output) -> "Sheet":
        rows = tuple(replace(row, results=(*row.results, "")) for row in self.rows)
        return replace(self, outputs=(*self.outputs, column), rows=rows)

    def without_output(self, at: int) -> "Sheet":
        rows = tuple(replace(row, results=_without(row.results, at)) for row in self.rows)
        return replace(self, outputs=_without(self.outputs, at), rows=rows)


ANNOTATIONS = ("法律", "条款", "说明")


T = TypeVar("T")


def _without(items: Sequence[T], at: int) -> tuple[T, ...]:
    return (*items[:at], *items[at + 1 :])


def faults(sheet: Sheet) -> list[Problem]:
    """Return what is wrong with single cells, each beside its field.

    Fields are named as in the editor: ``f-0-name`` (fact), ``i-0-expression``, ``o-0-name``,
    ``r-2-c-0`` (condition), ``r-2-o-0`` (result).
    """
    found = _head(sheet)
    names = [term.name for term in sheet.facts if term.name]
    for at, column in enumerate(sheet.inputs):
        found += _expression(f"i-{at}-expression", column.expression, names)
        found += _tests(f"i-{at}-values", column.values, names)
    for at, output in enumerate(sheet.outputs):
        found += _tests(f"o-{at}-values", output.values, names)
        if output.default:
            found += _expression(f"o-{at}-default", output.default, names)
    for number, row in enumerate(sheet.rows):
        for at, text in enumerate(row.conditions):
            found += _tests(f"r-{number}-c-{at}", text, names)
        for at, text in enumerate(row.results):
            found += _expression(f"r-{number}-o-{at}", text, names)
    return found


def _head(sheet: Sheet) -> list[Problem]:
    found = []
    keys = [(f"f-{at}-name", term.name) for at, term in enumerate(sheet.facts)]
    outputs = [(f"o-{at}-name", output.name) for at, output in enumerate(sheet.outputs)]
    for place, name in [*keys, *outputs]:
        if not _NAME.fullmatch(name):
            found.append(Problem(place, "名称应以文字开头，只含文字、数字和下划线"))
    for group in (keys, outputs):
        names = [name for _, name in group]
        found += [
            Problem(place, "名称“{name}”重复", {"name": name})
            for at, (place, name) in enumerate(group)
            if name in names[:at]
        ]
    if not sheet.outputs:
        found.append(Problem("outputs", "至少要有一列结果"))
    if len(sheet.rows) > MOST_ROWS:
        found.append(Problem("rows", "规则不能超过 {most} 条", {"most": MOST_ROWS}))
    if len(sheet.inputs) + len(sheet.outputs) > MOST_COLUMNS:
        found.append(Problem("columns", "列数不能超过 {most}", {"most": MOST_COLUMNS}))
    return found


def _expression(place: str, text: str, names: Sequence[str]) -> list[Problem]:
    if not text.strip():
        return [Problem(place, "请填写")]
    try:
        rules.compile_expression(text, names=names)
    except rules.FeelSyntaxError as error:
        return [_problem(place, error.reason, error.place.column)]
    return []


def _tests(place: str, text: str, names: Sequence[str]) -> list[Problem]:
    if not text.strip() or text.strip() == "-":
        return []
    clause = rules.InputClause("", "?", values="")
    # A table of one cell: what is wrong in it can only be wrong in this cell.
    box = rules.TableBox((clause,), (_ANSWER,), (rules.Rule((text,), ("true",)),))
    problems = rules.compile_table(box, names=names).problems
    return [
        _problem(place, one.reason, one.place.column if one.place else 0) for one in problems[:1]
    ]


_ANSWER = rules.OutputClause("", "answer")


def _problem(place: str, why: rules.Reason, column: int) -> Problem:
    """A reason beside its field. The template of the reason stays the key of its translation."""
    details = {"why": why.text(), "column": column}
    message = "第 {column} 个字处：{why}" if column else "{why}"
    return Problem(place, message, details)
