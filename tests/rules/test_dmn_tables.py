"""Decision tables: hit policies; the fast form and SQL agree with the plain reading."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql

from rules.models import decision, dmn, fact, needs, table
from tongban.rules import (
    Aggregation,
    HitPolicy,
    InputClause,
    OutputClause,
    Rule,
    TableBox,
    compile_table,
    decision_table,
    load_model,
    to_json,
)
from tongban.rules.budget import Run
from tongban.rules.expression import DecisionTable
from tongban.rules.feel.scope import Env
from tongban.rules.feel.temporal import Date
from tongban.rules.feel.values import Value

RULES = ('> 1 => "低" | 1', '> 2 => "高" | 2', '> 3 => "低" | 1')


def decided(policy: str, number: int, *rules: str) -> str:
    logic = table("n", "档|分", *(rules or RULES), policy=policy)
    body = fact("n", "number") + decision("d", logic, requires=needs(facts="n"))
    return to_json(load_model(dmn(body)).evaluate("d", {"n": number}).value)


@pytest.mark.parametrize(
    ("policy", "number", "expected"),
    [
        ("UNIQUE", 2, '{"档": "低", "分": 1}'),
        ("UNIQUE", 3, "null"),
        ("UNIQUE", 0, "null"),
        ("ANY", 3, "null"),
        ("FIRST", 3, '{"档": "低", "分": 1}'),
        ("RULE ORDER", 3, '[{"档": "低", "分": 1}, {"档": "高", "分": 2}]'),
        ("COLLECT", 0, "[]"),
    ],
)
def test_hit_policies(policy: str, number: int, expected: str) -> None:
    assert decided(policy, number) == expected


@pytest.mark.parametrize(
    ("policy", "expected"),
    [("COLLECT +SUM", "7"), ("COLLECT +MIN", "1"), ("COLLECT +MAX", "4"), ("COLLECT +COUNT", "3")],
)
def test_collected_results_are_aggregated(policy: str, expected: str) -> None:
    logic = table("n", "r", "> 1 => 1", "> 2 => 2", "> 3 => 4", policy=policy)
    body = fact("n") + decision("d", logic, requires=needs(facts="n"))
    assert to_json(load_model(dmn(body)).evaluate("d", {"n": 9}).value) == expected


def box(policy: HitPolicy, rules: Sequence[tuple[str, ...]], **more: object) -> TableBox:
    inputs = tuple(InputClause(name, name) for name in ("region", "age", "since", "insured"))
    made = tuple(Rule(rule[:4], rule[4:]) for rule in rules)
    output = OutputClause("", "result", values='"c","b","a"' if policy in ORDERED else "")
    return TableBox(inputs, (output,), made, policy, **more)  # type: ignore[arg-type]


ORDERED = (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER)


def test_output_values_give_the_priority() -> None:
    rules = [("-", "> 1", "-", "-", '"a"'), ("-", "> 2", "-", "-", '"b"')]
    row = ("x", Decimal(3), None, None)
    assert compile_table(box(HitPolicy.PRIORITY, rules)).decide(row) == "b"
    assert compile_table(box(HitPolicy.OUTPUT_ORDER, rules)).decide(row) == ["b", "a"]


def test_defaults_and_allowed_values() -> None:
    output = OutputClause("", "r", default='"其他"')
    clause = InputClause("n", "n", values="[0..100]")
    made = compile_table(TableBox((clause,), (output,), (Rule(("> 50",), ('"高"',)),)))
    assert made.decide((Decimal(60),)) == "高"
    assert made.decide((Decimal(10),)) == "其他"
    refused = made.explain((101,))
    assert refused.value is None
    assert refused.reasons[0].text() == "“n”的值不在允许的范围内"


def test_the_values_of_a_type_give_the_priority_too() -> None:
    item = (
        '<itemDefinition name="档"><typeRef>string</typeRef><allowedValues>'
        '<text>"高","低"</text></allowedValues></itemDefinition>'
    )
    logic = table("n", "r", '> 1 => "低"', '> 2 => "高"', policy="PRIORITY")
    logic = logic.replace('<output name="r"/>', '<output name="r" typeRef="档"/>')
    body = item + fact("n") + decision("d", logic, requires=needs(facts="n"))
    assert load_model(dmn(body)).evaluate("d", {"n": 3}).value == "高"


def test_the_table_of_a_model_stands_alone() -> None:
    body = fact("n") + decision("d", table("n", "r", "> 1 => 1"), requires=needs(facts="n"))
    made = decision_table(load_model(dmn(body)), "d")
    assert made.is_fast
    assert made.decide_named({"n": Decimal(2)}) == 1
    assert made.hits((2,)) == [0]


@pytest.mark.parametrize("value", [[1, 2], {"a": 1}])
def test_a_table_is_asked_about_lists_and_contexts(value: object) -> None:
    logic = table("n", "r", "list contains(?, 1) => 1", "? != null => 2", policy="FIRST")
    body = fact("n") + decision("d", logic, requires=needs(facts="n"))
    expected = 1 if isinstance(value, list) else 2
    assert load_model(dmn(body)).evaluate("d", {"n": value}).value == expected
    assert (
        compile_table(box(HitPolicy.FIRST, [("-", "-", "-", "-", '"a"')])).decide(
            (value, None, None, None)
        )
        == "a"
    )


def test_a_rule_without_entries_always_applies() -> None:
    logic = table("n", "r", "5 => 1").replace(
        "<rule>", "<rule><outputEntry><text>0</text></outputEntry></rule><rule>", 1
    )
    body = fact("n") + decision("d", logic, requires=needs(facts="n"))
    assert load_model(dmn(body)).evaluate("d", {"n": 4}).value == 0
    assert load_model(dmn(body)).evaluate("d", {"n": 5}).value is None


def test_a_missing_value_is_named() -> None:
    result = compile_table(box(HitPolicy.FIRST, [("-", ">= 18", "-", "-", '"a"')])).explain(
        ("x", None, None, None)
    )
    assert result.value is None
    assert result.missing == ("age", "since", "insured")


regions = st.sampled_from(
    (
        '"a"',
        '"b"',
        '"a","c"',
        'not("a")',
        'not("b","c")',
        "-",
        "null",
        "not(null)",
        '<= "b"',
        "?=age",
    )
)
ages = st.sampled_from(
    (
        "-",
        "< 18",
        "[18..60)",
        ">= 60",
        "18",
        "1,2,[5..9]",
        "not(18)",
        "not([2..7])",
        "> 3.5",
        "]3..9[",
    )
)
dates = st.sampled_from(("-", '< @"2020-01-02"', '[@"2020-01-01"..@"2020-01-03"]', "null"))
flags = st.sampled_from(("-", "true", "false", "not(true)", "true,false"))
results = st.sampled_from(('"a"', '"b"', '"c"'))
rules = st.lists(st.tuples(regions, ages, dates, flags, results), min_size=1, max_size=8)
rows = st.lists(
    st.tuples(
        st.sampled_from(("a", "b", "c", "d", None)),
        st.sampled_from((None, *map(Decimal, ("1", "2", "3.5", "4", "18", "60", "77")))),
        st.sampled_from((None, *(Date(2020, 1, day) for day in range(1, 5)))),
        st.sampled_from((None, True, False)),
    ),
    min_size=1,
    max_size=6,
)


anything = st.sampled_from(
    (
        *("a", "b", True, False, None, [Decimal(1)], {"a": True}, Date(2020, 1, 2)),
        *map(Decimal, (0, 1, 2, 18)),
    )
)
odd_rows = st.lists(st.tuples(*[anything] * 4), min_size=1, max_size=3)


def plainly(made: DecisionTable, row: Sequence[Value]) -> Value:
    """The result by reading every rule, without any index."""
    names = ("region", "age", "since", "insured")
    env = Env(Run(), dict(zip(names, row, strict=True)))
    return made.table.conclude(made.table.matching(row, env), env)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(list(HitPolicy)), rules, rows | odd_rows)
def test_all_forms_decide_alike(
    policy: HitPolicy, rules: list[tuple[str, ...]], rows: list[tuple[Value, ...]]
) -> None:
    made = compile_table(box(policy, rules))
    expected = [plainly(made, row) for row in rows]
    names = ("region", "age", "since", "insured")
    assert [made.decide(row) for row in rows] == expected
    assert [made.decide_named(dict(zip(names, row, strict=True))) for row in rows] == expected
    assert made.decide_columns(list(zip(*rows, strict=True))) == expected
    assert [made.explain(row).value for row in rows] == expected


@pytest.mark.parametrize("entry", ["1", "0, 7", "< 5", "not(1)", "null, 1", "true", "not(false)"])
@pytest.mark.parametrize("value", [True, False, Decimal(1), Decimal(0)])
def test_true_is_not_the_number_one(entry: str, value: Value) -> None:
    for rule in (("-", entry, "-", "-", '"a"'), ("-", "-", "-", entry, '"a"')):
        made = compile_table(box(HitPolicy.FIRST, [rule]))
        row = ("a", value, None, value)
        expected = plainly(made, row)
        assert made.is_fast
        assert made.decide(row) == expected
        assert made.decide_columns([[cell] for cell in row]) == [expected]
        names = ("region", "age", "since", "insured")
        assert made.decide_named(dict(zip(names, row, strict=True))) == expected


def to_sql(value: Value) -> object:
    return date(*value) if isinstance(value, Date) else value


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    policy=st.sampled_from(
        (HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.FIRST, HitPolicy.PRIORITY, HitPolicy.COLLECT)
    ),
    rules=rules,
    rows=rows,
)
def test_sql_decides_as_the_function_does(
    connection: "psycopg.Connection[tuple[object, ...]]",
    policy: HitPolicy,
    rules: list[tuple[str, ...]],
    rows: list[tuple[Value, ...]],
) -> None:
    rules = [rule for rule in rules if rule[0] != "?=age"] or [("-", "-", "-", "-", '"a"')]
    counting = Aggregation.COUNT if policy is HitPolicy.COLLECT else Aggregation.NONE
    made = compile_table(box(policy, rules, aggregation=counting))
    columns = [sql.Identifier(name) for name in ("region", "age", "since", "insured")]
    query = sql.SQL("select {} from (values {}) as facts (region, age, since, insured, n)").format(
        made.sql(columns)["result"],
        sql.SQL(", ").join(
            sql.SQL("({}::text, {}::numeric, {}::date, {}::boolean, {})").format(
                *map(sql.Literal, (*map(to_sql, row), number))
            )
            for number, row in enumerate(rows)
        ),
    )
    found = [row[0] for row in connection.execute(query + sql.SQL(" order by n")).fetchall()]
    assert found == [plainly(made, row) for row in rows]


def test_a_table_of_a_thousand_rules_is_compiled_into_its_fast_form() -> None:
    rules = tuple(
        Rule((f'"r{i}"', f"[{i}.5..{i + 15}.25)", f'"k{i}","z{i}"', f">= {i}.75"), (f'"out {i}"',))
        for i in range(1000)
    )
    inputs = tuple(InputClause(name, name) for name in "abcd")
    made = compile_table(TableBox(inputs, (OutputClause("", "o"),), rules, HitPolicy.FIRST))
    assert made.is_fast
    assert made.decide(("r7", Decimal(10), "z7", Decimal(9))) == "out 7"
