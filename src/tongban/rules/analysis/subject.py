"""A table as it is analysed: its head with types and limits, its rules as bits over axes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tongban.rules.analysis.axis import Axis, Known, make_axis
from tongban.rules.analysis.cover import Sides
from tongban.rules.analysis.phrases import Title, fact_words, title
from tongban.rules.analysis.words import Phrase, clauses, words
from tongban.rules.dmn.cells import Cell, make_cell
from tongban.rules.dmn.model import InputClause, TableBox
from tongban.rules.expression import DecisionTable
from tongban.rules.feel.compare import same
from tongban.rules.feel.compile import UNKNOWN, Compiler
from tongban.rules.feel.names import Names
from tongban.rules.feel.parser import parse, parse_unary_tests
from tongban.rules.feel.types import ANY, BY_NAME, FeelType
from tongban.rules.feel.values import Value
from tongban.rules.problems import FeelSyntaxError


@dataclass(frozen=True, slots=True)
class Head:
    """What is known of the columns, and of the other names that texts of the table may use."""

    inputs: tuple[Known, ...]
    outputs: tuple[Known, ...]
    names: Mapping[str, FeelType] = field(default_factory=dict)
    types: Mapping[str, FeelType] = field(default_factory=dict)
    element: str = ""
    properties: Names = field(default_factory=Names, compare=False)
    is_closed: bool = False
    """Whether `names` are all there are, so that any other is unknown."""


def head_of_box(box: TableBox) -> Head:
    """The head of a table that stands alone: plain types, and the limits written in it."""
    return Head(
        tuple(
            Known(one.label or one.expression, _type(one.type_ref), limits(one.values), one.line)
            for one in box.inputs
        ),
        tuple(
            Known(output_name(box, number), _type(one.type_ref), limits(one.values), one.line)
            for number, one in enumerate(box.outputs)
        ),
    )


def _type(reference: str) -> FeelType:
    return BY_NAME.get(reference.rpartition(":")[2], ANY)


def limits(*texts: str) -> tuple[Cell, ...]:
    """Allowed values as tests; a text that is none is reported elsewhere."""
    found = []
    for text in texts:
        try:
            found.append(make_cell(Compiler(), parse_unary_tests(text), text))
        except FeelSyntaxError:
            continue
    return tuple(cell for cell in found if not cell.accepts_all)


def output_name(box: TableBox, number: int) -> str:
    """What an output is called, as far as the table says so."""
    clause = box.outputs[number]
    return clause.label or clause.name or box.output_label or "结果"


@dataclass(frozen=True, slots=True)
class Subject:
    """A table with its axes. Rules are the bits of an integer, the first is bit 0."""

    table: DecisionTable
    head: Head
    axes: tuple[Axis, ...]

    @property
    def count(self) -> int:
        """How many rules there are."""
        return len(self.table.table.rules)

    @property
    def all(self) -> int:
        """All rules."""
        return (1 << self.count) - 1

    @property
    def may(self) -> Sides:
        """For each axis and region the rules that may accept it."""
        return [axis.may for axis in self.axes]

    @property
    def must(self) -> Sides:
        """For each axis and region the rules that surely accept it."""
        return [axis.must for axis in self.axes]

    @property
    def free(self) -> int:
        """The rules whose conditions look at more than the inputs of the table."""
        found = 0
        for axis in self.axes:
            found |= axis.others
        return found

    def title(self, axis: Axis) -> Title:
        """How an axis is called."""
        return title(self.head.inputs[axis.columns[0]].name)

    def example(self, regions: Sequence[int]) -> dict[str, Value]:
        """The value of each input in a choice of one region for each axis."""
        chosen = zip(self.axes, regions, strict=True)
        return {axis.name: axis.regions[region].value for axis, region in chosen}

    def row(self, regions: Sequence[int]) -> list[Value]:
        """The same, one value for each column."""
        found = self.example(regions)
        return [found[clause.expression] for clause in self.table.table.source.inputs]

    def example_words(self, example: Mapping[str, Value]) -> Phrase:
        """An example as it is read aloud; inputs that no rule asks about are left out."""
        told = []
        for axis in self.axes:
            if not self._is_unused(axis):
                name = self.title(axis)
                told.append(fact_words(name.name, example[axis.name], name.unit))
        return clauses(told) if told else words("任何值")

    def _is_unused(self, axis: Axis) -> bool:
        rules = self.table.table.rules
        return all(rule.cells[column].accepts_all for rule in rules for column in axis.columns)

    @property
    def clauses(self) -> Sequence[InputClause]:
        """The head of each input."""
        return self.table.table.source.inputs

    def line(self, rule: int) -> int:
        """The line in the file of a rule, which counts from 1."""
        return self.table.table.source.rules[rule - 1].line

    def constant(self, text: str) -> Value:
        """The value of a text if it is a constant, else None."""
        try:
            value = Compiler().constant(parse(text))
        except FeelSyntaxError:
            return None
        return None if value is UNKNOWN else value

    def same_results(self, one: int, other: int) -> bool | None:
        """Whether two rules have the same results; None when that depends on the facts."""
        rules = self.table.table.rules
        first, second = rules[one].constants, rules[other].constants
        if first is not None and second is not None:
            return all(map(same, first, second))
        texts = self.table.table.source.rules
        written = [[text.strip() for text in texts[rule].results] for rule in (one, other)]
        return True if written[0] == written[1] else None


def make_subject(table: DecisionTable, head: Head) -> Subject:
    """The table with its axes; columns with the same expression share one."""
    columns: dict[str, list[int]] = {}
    for number, clause in enumerate(table.table.source.inputs):
        columns.setdefault(clause.expression, []).append(number)
    axes = []
    for name, numbers in columns.items():
        rows = [[rule.cells[number] for number in numbers] for rule in table.table.rules]
        axes.append(make_axis(name, numbers, rows, head.inputs[numbers[0]]))
    return Subject(table, head, tuple(axes))
