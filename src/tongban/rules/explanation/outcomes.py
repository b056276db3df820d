"""Rules against values: which conditions are met, and which rule is nearest to being met."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from tongban.rules.analysis.phrases import Title, condition_words, fact_words, title, value_words
from tongban.rules.analysis.reading import rule_words
from tongban.rules.analysis.subject import output_name
from tongban.rules.analysis.words import Phrase, words
from tongban.rules.budget import Run
from tongban.rules.dmn.cells import Cell
from tongban.rules.dmn.table import Table
from tongban.rules.explanation.model import RuleOutcome, TableStep, TestOutcome
from tongban.rules.feel.compare import ORDER
from tongban.rules.feel.scope import Env
from tongban.rules.feel.temporal import DAY, Date, DateTime, DaysDuration, MonthsDuration, Time
from tongban.rules.feel.values import Range, Value
from tongban.rules.problems import BudgetExceeded

Grants = Callable[[Value], bool]
FAR = 1.0
REFUSALS = ("不", "未", "否", "拒", "驳回", "no", "refus", "reject", "den", "declin", "ineligible")
YEAR_DAYS = 365


def grants_by_default(value: Value) -> bool:
    """Whether a result lets a person have what was asked for.

    Null, false and texts that begin with a word of refusal do not; of several results all must.
    """
    if value is None or value is False:
        return False
    if isinstance(value, str):
        return not value.strip().lower().startswith(REFUSALS)
    if isinstance(value, dict):
        return all(map(grants_by_default, value.values()))
    if isinstance(value, list):
        return any(map(grants_by_default, value))
    return True


def table_step(
    element: str,
    table: Table,
    values: Sequence[Value],
    hits: Sequence[int],
    *,
    scope: Env,
    grants: Grants,
) -> TableStep:
    """What a table did with some input values. Only copies of its scope are evaluated here."""
    asked = _Asked(table, values, scope)
    fired = tuple(asked.rule(number) for number in hits)
    nearest = None
    if not any(grants(asked.result(number)) for number in hits):
        nearest = asked.nearest(frozenset(hits), grants)
    names = (title(column.name).name for column in table.inputs)
    return TableStep(element, dict(zip(names, values, strict=True)), fired, nearest)


class _Asked:
    """A table with the input values it was asked about."""

    def __init__(self, table: Table, values: Sequence[Value], scope: Env) -> None:
        self.table = table
        self.values = values
        self.scope = scope

    def _env(self, **more: Value) -> Env:
        run = Run(self.scope.run.limits, self.scope.run.clock)
        return Env(run, more, self.scope)

    def passes(self, cell: Cell, value: Value) -> bool | None:
        """Whether a condition is met; None when that is not known."""
        try:
            found = cell.code(self._env(**{"?": value}))
        except BudgetExceeded:
            return None
        if found is True:
            return True
        return None if found is None or value is None else False

    def results(self, number: int) -> tuple[Value, ...]:
        """The results of a rule; null where one cannot be computed."""
        try:
            return self.table.results(number, self._env())
        except BudgetExceeded:
            return (None,) * len(self.table.outputs)

    def result(self, number: int) -> Value:
        """The same as one value."""
        found = self.results(number)
        return found[0] if len(found) == 1 else dict(enumerate(found))

    def rule(self, number: int) -> RuleOutcome:
        """A rule with each condition that it sets."""
        box = self.table.source
        written = box.rules[number]
        names = [output_name(box, column) for column in range(len(box.outputs))]
        tests = tuple(
            self._test(column, cell)
            for column, cell in enumerate(self.table.rules[number].cells)
            if not cell.accepts_all
        )
        results = dict(zip(names, self.results(number), strict=True))
        notes = tuple(note for note in (*written.annotations, written.description) if note)
        return RuleOutcome(number + 1, rule_words(box, number), tests, results, notes)

    def _test(self, column: int, cell: Cell) -> TestOutcome:
        name, value = title(self.table.inputs[column].name), self.values[column]
        passes = self.passes(cell, value)
        told = _test_words(name, value, cell, passes)
        far = 0.0 if passes else distance(cell, value)
        expression = self.table.source.inputs[column].expression
        return TestOutcome(name.name, expression, value, cell.text, passes, told, far)

    def nearest(self, fired: frozenset[int], grants: Grants) -> RuleOutcome | None:
        """The granting rule with the fewest conditions not met, then the smallest distance."""
        best: tuple[int, float, int] | None = None
        for number, rule in enumerate(self.table.rules):
            if number in fired or not grants(self.result(number)):
                continue
            pairs = list(zip(rule.cells, self.values, strict=True))
            failing = [pair for pair in pairs if self.passes(*pair) is not True]
            far = sum(distance(cell, value) for cell, value in failing)
            best = min(best or (len(failing), far, number), (len(failing), far, number))
        return None if best is None else self.rule(best[2])


def _test_words(name: Title, value: Value, cell: Cell, passes: bool | None) -> Phrase:
    asked = condition_words(cell.node, name.unit) or words("为任何值")
    if value is None:
        return words("{name}未知，要求{test}", name=name.name, test=asked)
    fact = fact_words(name.name, value, name.unit)
    if passes:
        return words("{fact}，符合“{test}”", fact=fact, test=asked)
    gap = gap_words(cell, value, name.unit)
    if gap is not None:
        return words("{fact}，要求{test}，相差 {gap}", fact=fact, test=asked, gap=gap)
    return words("{fact}，要求{test}", fact=fact, test=asked)


def _amount(value: Value) -> Decimal | None:
    """A value on a scale of its own kind: numbers as they are, times in days, months."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, Date):
        return Decimal(value.ordinal)
    if isinstance(value, MonthsDuration):
        return Decimal(value.months)
    if isinstance(value, (Time, DateTime, DaysDuration)):
        return Decimal(ORDER[type(value)](value)) / DAY
    return None


def _gap(interval: Range, value: Value) -> Decimal | None:
    """How far a value is from an interval, on its scale."""
    own = _amount(value)
    if own is None:
        return None
    for end, side in ((interval.low, 1), (interval.high, -1)):
        if end is None:
            continue
        other = _amount(end)
        if other is None or type(end) is not type(value):
            return None
        if (other - own) * side >= 0:
            return abs(other - own)
    return Decimal(0)


def _gaps(cell: Cell, value: Value) -> list[Decimal]:
    if cell.negated or not cell.ranges:
        return []
    found = [_gap(interval, value) for interval in cell.ranges]
    return [gap for gap in found if gap is not None]


def distance(cell: Cell, value: Value) -> float:
    """How far a value is from what a condition accepts, so that columns can be compared.

    Numbers count by their share of the value or limit, time by years, all else as 1.
    """
    gaps = _gaps(cell, value)
    if not gaps:
        return FAR
    gap = min(gaps)
    if isinstance(value, Decimal):
        return float(gap / max(abs(value), gap, Decimal(1)))
    unit = 12 if isinstance(value, MonthsDuration) else YEAR_DAYS
    return float(gap / unit)


def gap_words(cell: Cell, value: Value, unit: str) -> "str | Phrase | None":
    """The same for the person; None where there is no amount to tell."""
    gaps = _gaps(cell, value)
    if not gaps or not min(gaps):
        return None
    gap = min(gaps)
    if isinstance(value, Decimal):
        return value_words(gap, unit)
    if isinstance(value, MonthsDuration):
        return value_words(MonthsDuration(int(gap)))
    return value_words(DaysDuration(int(gap * DAY)))
