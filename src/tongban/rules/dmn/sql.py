"""A decision table as SQL expressions, for the tables whose entries and results are plain values.

The expressions are composed by psycopg from literals, so no text of a table becomes SQL. They give
what the table gives; where the table gives null with a reason they give NULL.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from psycopg import sql

from tongban.rules.dmn.cells import Cell
from tongban.rules.dmn.model import Aggregation, HitPolicy
from tongban.rules.dmn.table import Table
from tongban.rules.feel.compare import same
from tongban.rules.feel.temporal import Date
from tongban.rules.feel.values import Range, Value
from tongban.rules.problems import ModelError, reason

NULL = sql.SQL("NULL")
PLAIN = (Decimal, str, bool, Date)


def sql_expressions(table: Table, columns: Sequence[sql.Composable]) -> dict[str, sql.Composed]:
    """One expression for each output; `columns` stand for the values of the inputs, in order.

    ModelError when the table uses more than plain values, or a policy that gives lists.
    """
    if len(columns) != len(table.inputs):
        raise ModelError(reason("列数与决策表的输入不一致"))
    if any(column.allowed is not None for column in table.inputs) or not table.constant:
        raise ModelError(reason("这张决策表不能写成 SQL"))
    conditions = [
        _all([_cell(cell, column) for cell, column in zip(rule.cells, columns, strict=True)])
        for rule in table.rules
    ]
    return {
        output.name: _output(table, number, conditions)
        for number, output in enumerate(table.outputs)
    }


def _output(table: Table, number: int, conditions: list[sql.Composed]) -> sql.Composed:
    results = [(rule.constants or ())[number] for rule in table.rules]
    policy = table.source.policy
    if policy is HitPolicy.FIRST:
        return _case(conditions, results)
    if policy is HitPolicy.PRIORITY and len(table.outputs) == 1:
        order = sorted(range(len(results)), key=lambda index: _rank(table, results[index]))
        return _case([conditions[i] for i in order], [results[i] for i in order])
    if policy is HitPolicy.UNIQUE:
        return _guarded(_counted(conditions), conditions, results)
    if policy is HitPolicy.ANY:
        return _guarded(_counted(_by_result(table, conditions)), conditions, results)
    if policy is HitPolicy.COLLECT and table.source.aggregation is Aggregation.COUNT:
        return _counted(conditions)
    if policy is HitPolicy.COLLECT and table.source.aggregation is Aggregation.SUM:
        return _summed(conditions, results)
    raise ModelError(reason("命中策略“{policy}”不能写成 SQL", policy=policy))


def _rank(table: Table, result: Value) -> int:
    order = table.outputs[0].order
    return next((i for i, value in enumerate(order) if same(value, result)), len(order))


def _by_result(table: Table, conditions: list[sql.Composed]) -> list[sql.Composed]:
    groups: list[tuple[tuple[Value, ...], list[sql.Composed]]] = []
    for rule, condition in zip(table.rules, conditions, strict=True):
        constants = rule.constants or ()
        for known, members in groups:
            if all(map(same, known, constants)):
                members.append(condition)
                break
        else:
            groups.append((constants, [condition]))
    return [_any(members) for _, members in groups]


def _case(conditions: list[sql.Composed], results: list[Value]) -> sql.Composed:
    whens = [
        sql.SQL("WHEN {} THEN {}").format(condition, _literal(result))
        for condition, result in zip(conditions, results, strict=True)
    ]
    return sql.SQL("CASE {} END").format(sql.SQL(" ").join(whens))


def _guarded(
    count: sql.Composed, conditions: list[sql.Composed], results: list[Value]
) -> sql.Composed:
    return sql.SQL("CASE WHEN {} = 1 THEN {} END").format(count, _case(conditions, results))


def _counted(conditions: list[sql.Composed]) -> sql.Composed:
    ones = [sql.SQL("CASE WHEN {} THEN 1 ELSE 0 END").format(one) for one in conditions]
    return sql.SQL("({})").format(sql.SQL(" + ").join(ones))


def _summed(conditions: list[sql.Composed], results: list[Value]) -> sql.Composed:
    parts = [
        sql.SQL("CASE WHEN {} THEN {} ELSE 0 END").format(condition, _literal(result))
        for condition, result in zip(conditions, results, strict=True)
    ]
    found = sql.SQL(" + ").join(parts)
    return sql.SQL("CASE WHEN {} THEN {} END").format(_any(conditions), found)


def _all(parts: list[sql.Composed]) -> sql.Composed:
    return sql.SQL("({})").format(sql.SQL(" AND ").join(parts))


def _any(parts: list[sql.Composed]) -> sql.Composed:
    return sql.SQL("({})").format(sql.SQL(" OR ").join(parts))


def _cell(cell: Cell, column: sql.Composable) -> sql.Composed:
    if cell.accepts_all:
        return sql.Composed([sql.SQL("TRUE")])
    if cell.ranges is None:
        raise ModelError(reason("条件“{text}”不能写成 SQL", text=cell.text))
    found = _any([_interval(interval, column) for interval in cell.ranges])
    if not cell.negated:
        return found
    if all(interval.operator == "=" for interval in cell.ranges):
        # A value that is missing is none of the values, but it cannot be compared with bounds.
        return sql.SQL("NOT COALESCE({}, FALSE)").format(found)
    return sql.SQL("NOT {}").format(found)


def _interval(interval: Range, column: sql.Composable) -> sql.Composed:
    if interval.operator == "=":
        if interval.low is None:
            return sql.SQL("{} IS NULL").format(column)
        return sql.SQL("{} = {}").format(column, _literal(interval.low))
    parts = []
    if interval.low is not None:
        operator = sql.SQL(">=") if interval.low_included else sql.SQL(">")
        parts.append(_compared(column, operator, interval.low))
    if interval.high is not None:
        operator = sql.SQL("<=") if interval.high_included else sql.SQL("<")
        parts.append(_compared(column, operator, interval.high))
    return _all(parts) if parts else sql.Composed([sql.SQL("FALSE")])


def _compared(column: sql.Composable, operator: sql.SQL, value: Value) -> sql.Composed:
    # FEEL orders texts by their characters' codes, as the collation "C" does.
    collation = sql.SQL(' COLLATE "C"') if isinstance(value, str) else sql.SQL("")
    return sql.SQL("{}{} {} {}").format(column, collation, operator, _literal(value))


def _literal(value: Value) -> sql.Composable:
    if value is None:
        return NULL
    if isinstance(value, Date):
        if not 1 <= value.year <= 9999:
            raise ModelError(reason("日期“{value}”不能写成 SQL", value=value.year))
        return sql.Literal(date(*value))
    if type(value) not in PLAIN:
        raise ModelError(reason("这张决策表不能写成 SQL"))
    return sql.Literal(value)
