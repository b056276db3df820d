"""Decision tables compiled to `table.Table`, and to one function for the model that holds them."""

from collections.abc import Sequence

from tongban.rules.dmn.cells import Cell, make_cell
from tongban.rules.dmn.index import Index
from tongban.rules.dmn.model import InputClause, OutputClause, Rule, TableBox
from tongban.rules.dmn.scope import Scope
from tongban.rules.dmn.table import CompiledRule, Input, Output, Table
from tongban.rules.feel import ast
from tongban.rules.feel.compile import UNKNOWN, Compiler
from tongban.rules.feel.cursor import Vocabulary
from tongban.rules.feel.parser import parse, parse_unary_tests
from tongban.rules.feel.scope import Code, Env
from tongban.rules.feel.values import Value
from tongban.rules.problems import FeelSyntaxError, RuleError, reason


class TableCompiler:
    """Compiles the texts of one table; a text that occurs often is read once."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.vocabulary: Vocabulary = scope.vocabulary
        self.tests_vocabulary: Vocabulary = scope.with_names("?").vocabulary
        self.compiler: Compiler = scope.compiler
        self._cells: dict[str, Cell] = {}
        self._results: dict[str, tuple[Code, Value]] = {}

    def table(self, box: TableBox) -> Table:
        """The whole table."""
        rules = []
        for number, rule in enumerate(box.rules, 1):
            self._check_width(box, rule, number)
            rules.append(self._rule(rule))
        return Table(
            box,
            tuple(self._input(clause) for clause in box.inputs),
            tuple(self._output(clause) for clause in box.outputs),
            tuple(rules),
        )

    def _check_width(self, box: TableBox, rule: Rule, number: int) -> None:
        expected = (len(box.inputs), len(box.outputs))
        if (len(rule.conditions), len(rule.results)) != expected:
            why = reason("第 {number} 条规则的列数与表头不一致", number=number)
            raise RuleError(why)

    def _input(self, clause: InputClause) -> Input:
        code = self.scope.expression(clause.expression, clause.line)
        name = clause.label or clause.expression
        return Input(name, code, self.scope.tests(clause.values, clause.line))

    def _output(self, clause: OutputClause) -> Output:
        default = self.scope.expression(clause.default, clause.line) if clause.default else None
        allowed = self.scope.tests(clause.values, clause.line)
        # Where the table lists no values, those of the declared type give the priority.
        order = self._order(clause.values or self.scope.book.allowed(clause.type_ref))
        return Output(clause.name, order, allowed, default)

    def _order(self, values: str) -> tuple[Value, ...]:
        try:
            node = parse_unary_tests(values, self.vocabulary) if values else ast.AnyTest()
        except FeelSyntaxError:
            return ()
        tests = node.tests if isinstance(node, ast.UnaryTests) else ()
        found = [self.compiler.constant(test) for test in tests]
        return tuple(value for value in found if value is not UNKNOWN)

    def _rule(self, rule: Rule) -> CompiledRule:
        cells = tuple(self._cell(text, rule.line) for text in rule.conditions)
        results = [self._result(text, rule.line) for text in rule.results]
        values = tuple(value for _, value in results)
        known = None if any(value is UNKNOWN for value in values) else values
        return CompiledRule(cells, tuple(code for code, _ in results), known)

    def _cell(self, text: str, line: int) -> Cell:
        found = self._cells.get(text)
        if found is None:
            try:
                node = parse_unary_tests(text or "-", self.tests_vocabulary)
                found = make_cell(self.compiler, node, text)
            except FeelSyntaxError as error:
                faulty = self.scope.complain(error, line)
                found = Cell(ast.UnaryTests(()), faulty, text, None)
            self._cells[text] = found
        return found

    def _result(self, text: str, line: int) -> tuple[Code, Value]:
        found = self._results.get(text)
        if found is None:
            try:
                node = parse(text, self.vocabulary) if text else ast.NullLiteral()
                found = (self.compiler.compile(node), self.compiler.constant(node))
            except FeelSyntaxError as error:
                found = (self.scope.complain(error, line), UNKNOWN)
            self._results[text] = found
        return found


def compile_table_box(box: TableBox, scope: Scope) -> Code:
    """The closure of a table inside a model."""
    try:
        table = TableCompiler(scope).table(box)
    except RuleError as error:
        return scope.complain(error, box.line)
    index = Index(table)

    def find(values: Sequence[Value], env: Env) -> list[int]:
        hits = index.matching(values, env)
        if env.run.watch is not None:
            env.run.watch(scope.element, table, values, hits, env)
        return hits

    return lambda env: table.decide(env, find)
