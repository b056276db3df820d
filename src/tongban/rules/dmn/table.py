"""Decision tables (DMN 1.5, chapter 8): hit policies, outputs, defaults."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tongban.rules.budget import Run
from tongban.rules.dmn.cells import Cell
from tongban.rules.dmn.model import Aggregation, HitPolicy, TableBox
from tongban.rules.feel.builtins.lists import maximum, minimum, total
from tongban.rules.feel.compare import same
from tongban.rules.feel.scope import Code, Env
from tongban.rules.feel.values import Value

SEVERAL = frozenset((HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER, HitPolicy.COLLECT))


@dataclass(frozen=True, slots=True)
class Input:
    """A column of conditions, compiled. `allowed` tests the value itself."""

    name: str
    code: Code
    allowed: Code | None

    def permits(self, value: Value, env: Env) -> bool:
        """Whether a value is one of the allowed ones; null always is."""
        return _passes(self.allowed, value, env)


@dataclass(frozen=True, slots=True)
class Output:
    """A column of results. `order` lists the allowed values, the most important first."""

    name: str
    order: tuple[Value, ...]
    allowed: Code | None
    default: Code | None


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A row, compiled. `constants` are the results where they do not depend on the input."""

    cells: tuple[Cell, ...]
    results: tuple[Code, ...]
    constants: tuple[Value, ...] | None


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table ready to decide. Rules and columns keep the order of the file."""

    source: TableBox
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[CompiledRule, ...]

    @property
    def constant(self) -> bool:
        """Whether the result depends only on which rules apply."""
        defaults = all(output.default is None for output in self.outputs)
        return defaults and all(rule.constants is not None for rule in self.rules)

    def read(self, env: Env) -> list[Value] | None:
        """The values of the input expressions; None with a reason if one is not allowed."""
        values = []
        for column in self.inputs:
            value = column.code(env)
            if not column.permits(value, env):
                env.run.note("“{name}”的值不在允许的范围内", name=column.name)
                return None
            values.append(value)
        return values

    def matching(self, values: Sequence[Value], env: Env) -> list[int]:
        """The numbers, from 0, of all rules that apply."""
        scopes = [env.inner({"?": value}) for value in values]
        env.run.spend(len(self.rules))
        return [
            number
            for number, rule in enumerate(self.rules)
            if all(cell.code(scope) is True for cell, scope in zip(rule.cells, scopes, strict=True))
        ]

    def results(self, number: int, env: Env) -> tuple[Value, ...]:
        """The results of a rule."""
        rule = self.rules[number]
        if rule.constants is not None:
            return rule.constants
        return tuple(code(env) for code in rule.results)

    def decide(self, env: Env, find: "Callable[[Sequence[Value], Env], list[int]]") -> Value:
        """The result of the table; `find` tells which rules apply."""
        values = self.read(env)
        if values is None:
            return None
        return self.conclude(find(values, env), env)

    def conclude(self, hits: list[int], env: Env) -> Value:
        """The result that the rules that apply make together."""
        if not hits:
            return self._none(env)
        return POLICIES[self.source.policy](self, hits, env)

    def shaped(self, results: Sequence[Value], run: Run) -> Value:
        """One result as its value, several as a context; a value that is not allowed is null."""
        checked = [
            self._checked(output, value, run)
            for output, value in zip(self.outputs, results, strict=True)
        ]
        if len(checked) == 1:
            return checked[0]
        return {output.name: value for output, value in zip(self.outputs, checked, strict=True)}

    def _checked(self, output: Output, value: Value, run: Run) -> Value:
        if _passes(output.allowed, value, Env(run, {})):
            return value
        return run.note("结果“{name}”的值不在允许的范围内", name=output.name)

    def _none(self, env: Env) -> Value:
        if any(output.default is not None for output in self.outputs):
            values = [output.default(env) if output.default else None for output in self.outputs]
            found = self.shaped(values, env.run)
            return (
                [found] if self.source.policy in SEVERAL and not self.source.aggregation else found
            )
        if self.source.policy in SEVERAL:
            if self.source.aggregation is Aggregation.NONE:
                return []
            if self.source.aggregation is Aggregation.COUNT:
                return Decimal(0)
        return env.run.note("没有一条规则适用")


def _passes(allowed: Code | None, value: Value, env: Env) -> bool:
    return allowed is None or value is None or allowed(env.inner({"?": value})) is True


def _unique(table: Table, hits: list[int], env: Env) -> Value:
    if len(hits) > 1:
        rules = "、".join(str(number + 1) for number in hits)
        return env.run.note("第 {rules} 条规则同时适用，但只允许一条", rules=rules)
    return table.shaped(table.results(hits[0], env), env.run)


def _first(table: Table, hits: list[int], env: Env) -> Value:
    return table.shaped(table.results(hits[0], env), env.run)


def _any(table: Table, hits: list[int], env: Env) -> Value:
    found = [table.shaped(table.results(number, env), env.run) for number in hits]
    if all(same(found[0], other) for other in found):
        return found[0]
    rules = "、".join(str(number + 1) for number in hits)
    return env.run.note("第 {rules} 条规则同时适用，但结果不同", rules=rules)


def _ranked(table: Table, hits: list[int], env: Env) -> list[tuple[Value, ...]]:
    def rank(results: tuple[Value, ...]) -> tuple[int, ...]:
        return tuple(
            next((i for i, value in enumerate(output.order) if same(value, result)), 1 << 30)
            for output, result in zip(table.outputs, results, strict=True)
        )

    return sorted((table.results(number, env) for number in hits), key=rank)


def _priority(table: Table, hits: list[int], env: Env) -> Value:
    return table.shaped(_ranked(table, hits, env)[0], env.run)


def _output_order(table: Table, hits: list[int], env: Env) -> Value:
    return [table.shaped(results, env.run) for results in _ranked(table, hits, env)]


def _rule_order(table: Table, hits: list[int], env: Env) -> Value:
    return [table.shaped(table.results(number, env), env.run) for number in hits]


AGGREGATES: Mapping[Aggregation, Callable[[Run, list[Value]], Value]] = {
    Aggregation.SUM: total,
    Aggregation.MIN: minimum,
    Aggregation.MAX: maximum,
    Aggregation.COUNT: lambda _run, items: Decimal(len(items)),
}


def _collect(table: Table, hits: list[int], env: Env) -> Value:
    found = _rule_order(table, hits, env)
    aggregate = AGGREGATES.get(table.source.aggregation)
    if aggregate is None:
        return found
    if len(table.outputs) == 1:
        return aggregate(env.run, found)
    return {
        output.name: aggregate(env.run, [one[output.name] for one in found])
        for output in table.outputs
    }


POLICIES: Mapping[HitPolicy, Callable[[Table, list[int], Env], Value]] = {
    HitPolicy.UNIQUE: _unique,
    HitPolicy.ANY: _any,
    HitPolicy.PRIORITY: _priority,
    HitPolicy.FIRST: _first,
    HitPolicy.RULE_ORDER: _rule_order,
    HitPolicy.OUTPUT_ORDER: _output_order,
    HitPolicy.COLLECT: _collect,
}
