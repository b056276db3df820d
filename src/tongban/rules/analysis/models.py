"""The analysis of a whole model: every expression and every table, wherever it stands."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tongban.rules.analysis.axis import Known
from tongban.rules.analysis.declared import Declared
from tongban.rules.analysis.expressions import Checker, element_of
from tongban.rules.analysis.findings import Analysis, Finding, FindingKind, Severity
from tongban.rules.analysis.subject import Head, limits, output_name
from tongban.rules.analysis.table import analyse, problem_finding
from tongban.rules.dmn.compile_table import TableCompiler
from tongban.rules.dmn.engine import Model
from tongban.rules.dmn.graph import references_of
from tongban.rules.dmn.model import (
    Box,
    ConditionalBox,
    ContextBox,
    FilterBox,
    FunctionBox,
    InvocationBox,
    ListBox,
    Literal,
    LoopBox,
    OutputClause,
    RelationBox,
    TableBox,
)
from tongban.rules.dmn.scope import Problem, Scope
from tongban.rules.expression import DecisionTable
from tongban.rules.feel import ast
from tongban.rules.feel.cursor import Vocabulary
from tongban.rules.feel.names import Names
from tongban.rules.feel.parser import parse
from tongban.rules.feel.types import ANY, FeelType, ListOf
from tongban.rules.problems import FeelSyntaxError, ModelError, RuleError, reason


@dataclass(frozen=True, slots=True)
class ModelAnalysis:
    """All findings of a model, the worst first; `tables` has each table by its element's name."""

    findings: tuple[Finding, ...]
    tables: Mapping[str, Analysis]

    @property
    def severity(self) -> Severity:
        """The worst severity found."""
        return max((finding.severity for finding in self.findings), default=Severity.NOTE)


def analyse_model(model: Model) -> ModelAnalysis:
    """Everything that is wrong or remarkable in a model, without evaluating it."""
    check = _ModelCheck(Declared(model))
    for decision in model.definitions.decisions:
        names = check.declared.names(references_of(decision.requirements))
        place = _Place(decision.name, names, decision.variable.type_ref)
        check.box(decision.logic, place)
    for knowledge in model.definitions.knowledge:
        names = check.declared.names(references_of(knowledge.requirements))
        place = _Place(knowledge.name, {**names, knowledge.variable.name: ANY})
        check.box(knowledge.logic, place)
    findings = [*map(problem_finding, model.problems), *check.findings]
    findings.sort(key=lambda finding: -finding.severity)
    return ModelAnalysis(tuple(findings), check.tables)


def analyse_decision(model: Model, decision: str) -> Analysis:
    """The analysis of the table that is the logic of a decision. ModelError if there is none."""
    for found in model.definitions.decisions:
        if decision in (found.name, found.variable.name) and isinstance(found.logic, TableBox):
            check = _ModelCheck(Declared(model))
            names = check.declared.names(references_of(found.requirements))
            made = check.table(found.logic, _Place(found.name, names, found.variable.type_ref))
            if made is not None:
                return made
    raise ModelError(reason("模型中没有名为“{name}”的决策表", name=decision), decision)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a boxed expression stands: its element, the names in force, the type it should have.

    `open` is True where more names may be in force than are known.
    """

    element: str
    names: Mapping[str, FeelType]
    type_ref: str = ""
    open: bool = False

    def inside(self, names: Mapping[str, FeelType] | None = None) -> "_Place":
        """The same place with more names, for a part of the expression."""
        return replace(self, names={**self.names, **(names or {})}, type_ref="")


@dataclass(slots=True)
class _ModelCheck:
    """Walks through boxed expressions and gathers what is found."""

    declared: Declared
    findings: list[Finding] = field(default_factory=list)
    tables: dict[str, Analysis] = field(default_factory=dict)

    def box(self, box: Box | None, place: _Place) -> FeelType:
        """Check a boxed expression; its type, Any where it is not known."""
        if box is None:
            return ANY
        return BOXES[type(box)](self, box, place)

    def literal(self, box: Literal, place: _Place) -> FeelType:
        """A FEEL text."""
        if box.language or not box.text:
            return ANY
        tree = self.tree(box.text, place)
        if tree is None:
            return ANY
        model = self.declared.model
        checker = Checker(box.text, place.element, box.line, model.types)
        found = checker.type_of(tree, place.names)
        self.keep(checker.findings, place)
        return found

    def tree(self, text: str, place: _Place) -> ast.Node | None:
        """The tree of a text; None where the engine reports that it is faulty."""
        model = self.declared.model
        vocabulary = Vocabulary(Names(place.names), model.properties, Names(model.types))
        try:
            return parse(text, vocabulary)
        except FeelSyntaxError:
            return None

    def keep(self, findings: list[Finding], place: _Place) -> None:
        """Take findings; where more names may be in force, an unknown one is no fault."""
        self.findings += [
            one for one in findings if not place.open or one.kind is not FindingKind.UNKNOWN_NAME
        ]

    def table(self, box: TableBox, place: _Place) -> Analysis | None:
        """A decision table; None when its rows do not fit its head."""
        model = self.declared.model
        problems: list[Problem] = []
        scope = Scope(place.element, tuple(place.names), model.types, model.properties, problems)
        try:
            table = TableCompiler(scope).table(box)
        except RuleError:
            return None
        return analyse(
            DecisionTable(table, problems, [None] * len(box.inputs)), self.head(box, place)
        )

    def head(self, box: TableBox, place: _Place) -> Head:
        """What the model knows of the columns of a table."""
        inputs = []
        for clause in box.inputs:
            tree = self.tree(clause.expression, place) or ast.NullLiteral()
            found = Checker(clause.expression).type_of(tree, place.names)
            known = self.declared.type(clause.type_ref)
            texts = [clause.values, *self.declared.limits(clause.type_ref)]
            texts += self.declared.limits_at(tree)
            name = clause.label or clause.expression
            allowed = limits(*dict.fromkeys(text for text in texts if text))
            inputs.append(Known(name, found if known == ANY else known, allowed, clause.line))
        outputs = tuple(
            self._output(box, number, clause, place) for number, clause in enumerate(box.outputs)
        )
        model = self.declared.model
        return Head(
            tuple(inputs),
            outputs,
            place.names,
            model.types,
            place.element,
            model.properties,
            is_closed=not place.open,
        )

    def _output(self, box: TableBox, number: int, clause: OutputClause, place: _Place) -> Known:
        reference = clause.type_ref
        if not reference and not box.aggregation:
            several = len(box.outputs) > 1
            parts = self.declared.parts(place.type_ref) if several else {}
            reference = parts.get(clause.name, "") if several else place.type_ref
        found = self.declared.type(reference)
        if isinstance(found, ListOf):
            found = found.of
        texts = dict.fromkeys([clause.values, *self.declared.limits(reference)])
        allowed = limits(*(text for text in texts if text))
        return Known(output_name(box, number), found, allowed, clause.line)


def _table(check: _ModelCheck, box: TableBox, place: _Place) -> FeelType:
    found = check.table(box, place)
    if found is not None:
        check.tables[place.element] = found
        check.findings += [one for one in found.findings if one.kind is not FindingKind.SYNTAX]
    return ANY


def _context(check: _ModelCheck, box: ContextBox, place: _Place) -> FeelType:
    place = place.inside()
    for entry in box.entries:
        found = check.box(entry.value, replace(place, type_ref=entry.type_ref))
        known = check.declared.type(entry.type_ref)
        place = place.inside({entry.name: found if known == ANY else known})
    return check.box(box.result, place)


def _function(check: _ModelCheck, box: FunctionBox, place: _Place) -> FeelType:
    own = {one.name: check.declared.type(one.type_ref) for one in box.parameters}
    if box.kind.upper() == "FEEL":
        check.box(box.body, place.inside(own))
    return ANY


def _invocation(check: _ModelCheck, box: InvocationBox, place: _Place) -> FeelType:
    parts: Iterator[Box | None] = iter([box.function, *(one.value for one in box.bindings)])
    for part in parts:
        check.box(part, place.inside())
    return ANY


def _several(parts: Callable[[Any], list[Box | None]]) -> Callable[..., FeelType]:
    def walk(check: _ModelCheck, box: Any, place: _Place) -> FeelType:
        for part in parts(box):
            check.box(part, place.inside())
        return ANY

    return walk


def _filter(check: _ModelCheck, box: FilterBox, place: _Place) -> FeelType:
    found = check.box(box.source, place.inside())
    # The entries of the items are names too, and nobody says which there are.
    check.box(box.condition, replace(place.inside({"item": element_of(found)}), open=True))
    return found


def _loop(check: _ModelCheck, box: LoopBox, place: _Place) -> FeelType:
    found = check.box(box.source, place.inside())
    check.box(box.body, place.inside({box.variable: element_of(found), "partial": ANY}))
    return ANY


BOXES: dict[type[Box], Callable[[_ModelCheck, Any, _Place], FeelType]] = {
    Literal: _ModelCheck.literal,
    TableBox: _table,
    ContextBox: _context,
    FunctionBox: _function,
    InvocationBox: _invocation,
    FilterBox: _filter,
    LoopBox: _loop,
    RelationBox: _several(lambda box: [cell for row in box.rows for cell in row]),
    ListBox: _several(lambda box: list(box.items)),
    ConditionalBox: _several(lambda box: [box.condition, box.yes, box.no]),
}
