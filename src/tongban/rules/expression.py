"""Single expressions and single tables, outside of any model file."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from psycopg import sql

from tongban.rules.budget import DEFAULT_LIMITS, Limits, Run, system_clock
from tongban.rules.dmn.cells import Cell, make_cell
from tongban.rules.dmn.compile_table import TableCompiler
from tongban.rules.dmn.engine import Model, Result, measured
from tongban.rules.dmn.fast import fast_columns, generate
from tongban.rules.dmn.graph import references_of, scope_of
from tongban.rules.dmn.index import Index
from tongban.rules.dmn.model import ItemDefinition, TableBox
from tongban.rules.dmn.scope import Problem, Scope
from tongban.rules.dmn.sql import sql_expressions
from tongban.rules.dmn.table import Table
from tongban.rules.dmn.types import TypeBook, property_names
from tongban.rules.feel import ast
from tongban.rules.feel.compile import Compiler
from tongban.rules.feel.cursor import Vocabulary
from tongban.rules.feel.names import Names
from tongban.rules.feel.parser import parse, parse_unary_tests
from tongban.rules.feel.scope import Code, Env
from tongban.rules.feel.values import Value, from_python
from tongban.rules.problems import ModelError, RuleError, reason


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression ready to be evaluated; `tree` is its syntax tree."""

    text: str
    tree: ast.Node
    code: Code

    def evaluate(
        self,
        values: Mapping[str, object],
        *,
        clock: Callable[[], datetime] = system_clock,
        limits: Limits = DEFAULT_LIMITS,
    ) -> Result:
        """The value of the expression over named values. TypeError for what FEEL does not know."""
        run = Run(limits, clock, facts=frozenset(values))
        given = {name: from_python(value) for name, value in values.items()}
        return measured(run, lambda: self.code(Env(run, given)))


def compile_expression(
    text: str, *, names: Iterable[str] = (), properties: Iterable[str] = ()
) -> Expression:
    """An expression that may use the names. FeelSyntaxError with the place and a reason.

    `properties` are names that may follow a dot, needed only where they contain operators.
    """
    known = tuple(names)
    tree = parse(text, Vocabulary(Names(known), Names(properties)))
    return Expression(text, tree, Compiler(hidden=frozenset(known)).compile(tree))


class DecisionTable:
    """A decision table as functions. Rules count from 0, values follow the order of the inputs.

    `problems` lists texts that cannot work. `is_fast` tells whether it became one function; all
    forms give the same results for values of FEEL's own types (numbers are Decimal, dates `Date`).
    """

    def __init__(self, table: Table, problems: Sequence[Problem], allowed: Sequence[Cell | None]):
        self.table = table
        self.problems = tuple(problems)
        self._index = Index(table)
        self.fields = tuple(column.name for column in table.inputs)
        columns = None if self.problems else fast_columns(table, allowed)
        self.is_fast = columns is not None
        if columns is not None:
            self._decide, self._many, self._named = generate(table, columns, self._expressions())

    def _expressions(self) -> tuple[str, ...]:
        return tuple(clause.expression for clause in self.table.source.inputs)

    def decide(self, row: Sequence[Value]) -> Value:
        """The result for one row of input values."""
        if self.is_fast:
            try:
                return self._decide(row)
            except TypeError:
                pass
        return self.explain(row).value

    def decide_named(self, given: Mapping[str, Value]) -> Value:
        """The result for values by input expression. KeyError when one is not given."""
        if self.is_fast:
            try:
                return self._named(given)
            except TypeError:
                pass
        return self.explain([given[name] for name in self._expressions()]).value

    def decide_columns(self, columns: Sequence[Sequence[Value]]) -> list[Value]:
        """The results for columns of input values, all of one length."""
        if self.is_fast:
            try:
                return self._many(columns)
            except TypeError:
                pass
        return [self.decide(row) for row in zip(*columns, strict=True)]

    def hits(self, row: Sequence[Value]) -> list[int]:
        """The rules that apply to one row of input values."""
        values = [from_python(value) for value in row]
        return self._index.matching(values, Env(Run(), {}))

    def explain(self, row: Sequence[object], *, limits: Limits = DEFAULT_LIMITS) -> Result:
        """The result for one row with its reasons; inputs that are null count as missing."""
        run = Run(limits)
        values = [from_python(value) for value in row]
        expressions = self._expressions()
        for name, value in zip(expressions, values, strict=True):
            if value is None:
                run.missing[name] = None
        given = dict(zip(expressions, values, strict=True))
        env = Env(run, given)

        def work() -> Value:
            for column, value in zip(self.table.inputs, values, strict=True):
                if not column.permits(value, env):
                    return run.note("“{name}”的值不在允许的范围内", name=column.name)
            return self.table.conclude(self._index.matching(values, env), env)

        return measured(run, work)

    def sql(self, columns: Sequence[sql.Composable]) -> dict[str, sql.Composed]:
        """The table as one SQL expression for each output. ModelError when it cannot be written."""
        return sql_expressions(self.table, columns)


def compile_table(
    box: TableBox, *, names: Iterable[str] = (), items: Sequence[ItemDefinition] = ()
) -> DecisionTable:
    """A table ready to decide. RuleError when its rows do not fit its head."""
    problems: list[Problem] = []

    def complain(element: str, error: RuleError) -> None:
        problems.append(Problem(element, error.reason))

    known = {*names, *(clause.expression for clause in box.inputs)}
    properties = Names(property_names(items))
    book = TypeBook(items, {}, complain)
    scope = Scope(box.output_label, tuple(sorted(known)), book, properties, problems)
    table = TableCompiler(scope).table(box)
    return DecisionTable(table, problems, [_allowed(clause.values) for clause in box.inputs])


def decision_table(model: Model, decision: str) -> DecisionTable:
    """The table that is the logic of a decision in a model, on its own.

    ModelError when the model has no such decision or its logic is no table.
    """
    for found in model.definitions.decisions:
        if decision in (found.name, found.variable.name) and isinstance(found.logic, TableBox):
            box = found.logic
            problems: list[Problem] = []
            scope = scope_of(model, found.name, references_of(found.requirements))
            scope = replace(scope, problems=problems)
            table = TableCompiler(scope).table(box)
            return DecisionTable(table, problems, [_allowed(one.values) for one in box.inputs])
    raise ModelError(reason("模型中没有名为“{name}”的决策表", name=decision), decision)


def _allowed(values: str) -> Cell | None:
    return make_cell(Compiler(), parse_unary_tests(values), values) if values else None
