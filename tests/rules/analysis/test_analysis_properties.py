"""Whatever the table: examples are real, and on small domains nothing stays unfound."""

import itertools
from collections.abc import Iterator
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tongban.rules import HitPolicy, InputClause, OutputClause, Rule, TableBox, compile_table
from tongban.rules.analysis import Analysis, FindingKind, analyse
from tongban.rules.expression import DecisionTable
from tongban.rules.feel.temporal import Date, DaysDuration, Time
from tongban.rules.feel.values import Value

NUMBERS = ("-", "< 2", "<= 2", "> 1", ">= 3", "[1..3]", "(1..2)", "]2..3[", "2", "1, 3", "not(2)")
NUMBERS += ("not(< 1, > 3)", "? > 1 and ? < 3", "? between 1 and 2", "null", "not(null)", "<= 2.5")
TEXTS = ("-", '"甲"', '"甲", "乙"', 'not("甲")', 'not("甲", "乙")', '? = "丙"', 'contains(?, "甲")')
FLAGS = ("-", "true", "false", "not(true)", "? = false")
DATES = ("-", '< date("2026-03-01")', '>= date("2026-03-01")', '[@"2026-01-01"..@"2026-02-01"]')
TIMES = ("-", '< @"12:00:00"', '>= @"12:00:00"', '@"12:00:00"', '[@"09:00:00"..@"17:00:00"]')
SPANS = ("-", '<= @"P30D"', '> @"P30D"', 'not(@"P1D")', '[@"PT12H"..@"P2D")')
COLUMNS = (
    ("number", NUMBERS, ""),
    ("number", NUMBERS, "[1..3]"),
    ("string", TEXTS, '"甲", "乙", "丙"'),
    ("string", TEXTS, ""),
    ("boolean", FLAGS, ""),
    ("date", DATES, ""),
    ("time", TIMES, ""),
    ("days and time duration", SPANS, ""),
    ("", NUMBERS, ""),
)


@st.composite
def tables(draw: st.DrawFn, columns: tuple[tuple[str, tuple[str, ...], str], ...]) -> TableBox:
    chosen = draw(st.lists(st.sampled_from(columns), min_size=1, max_size=3))
    inputs = tuple(
        InputClause("", f"n{number}", kind, allowed)
        for number, (kind, _, allowed) in enumerate(chosen)
    )
    rows = draw(
        st.lists(
            st.tuples(
                st.tuples(*(st.sampled_from(tests) for _, tests, _ in chosen)),
                st.tuples(st.sampled_from(('"准"', '"否"'))),
            ),
            min_size=1,
            max_size=5,
        )
    )
    rules = tuple(Rule(*row) for row in rows)
    output = OutputClause("", "r", "string", '"准", "否"')
    return TableBox(inputs, (output,), rules, draw(st.sampled_from(HitPolicy)))


def row(table: DecisionTable, example: object) -> list[Value]:
    assert isinstance(example, dict)
    return [example[clause.expression] for clause in table.table.source.inputs]


def permitted(table: DecisionTable, values: list[Value]) -> bool:
    return not table.explain(values).reasons or "不在允许的范围内" not in str(
        table.explain(values).reasons
    )


@given(tables(COLUMNS))
@settings(max_examples=150, deadline=None)
def test_every_example_is_real(box: TableBox) -> None:
    table, found = compile_table(box), analyse(box)
    for finding in found.of(FindingKind.GAP):
        if finding.example:
            values = row(table, finding.example)
            assert table.hits(values) == []
            assert permitted(table, values)
    for finding in found.of(FindingKind.OVERLAP, FindingKind.CONFLICT):
        if finding.example:
            values = row(table, finding.example)
            assert {rule - 1 for rule in finding.rules} <= set(table.hits(values))
            assert permitted(table, values)
    for finding in found.findings:
        assert "{" not in finding.told()


SMALL: dict[str, list[Value]] = {
    "number": [Decimal(n) / 4 for n in range(0, 17)],
    "string": ["甲", "乙", "丙"],
    "boolean": [True, False],
    "date": [Date(2025, 12, 31), Date(2026, 1, 1), Date(2026, 2, 1), Date(2026, 2, 2),
             Date(2026, 2, 28), Date(2026, 3, 1)],
    "time": [Time(8, 0, 0), Time(9, 0, 0), Time(11, 59, 59, 5), Time(12, 0, 0), Time(12, 0, 0, 7),
             Time(12, 0, 1), Time(17, 0, 0), Time(17, 0, 0, 1), Time(23, 0, 0)],
    "days and time duration": [DaysDuration(n * 3600 * 10**9) for n in (0, 12, 24, 48, 720, 721)],
}  # fmt: skip


def every_row(table: DecisionTable) -> Iterator[list[Value]]:
    """All rows of values that lie at and between the end points the tests above use."""
    nulls = [
        any("null" in rule.conditions[number] for rule in table.table.source.rules)
        for number in range(len(table.table.inputs))
    ]
    domains = [
        SMALL[clause.type_ref or "number"] + [None] * null
        for clause, null in zip(table.table.source.inputs, nulls, strict=True)
    ]
    for values in itertools.product(*domains):
        if permitted(table, list(values)):
            yield list(values)


@given(tables(COLUMNS))
@settings(max_examples=80, deadline=None)
def test_claims_hold_on_every_value_between_the_end_points(box: TableBox) -> None:
    table, found = compile_table(box), analyse(box)
    hits = [table.hits(values) for values in every_row(table)]
    if found.complete:
        assert all(hits)
    if found.disjoint:
        assert all(len(one) < 2 for one in hits)
    readable = not any("contains" in text for rule in box.rules for text in rule.conditions)
    if readable:
        assert found.complete is not None
        assert found.disjoint is not None
        assert_unreachable_rules_never_decide(box, found, hits)


def assert_unreachable_rules_never_decide(
    box: TableBox, found: Analysis, hits: list[list[int]]
) -> None:
    first: set[int] = set()
    for one in hits:
        first.update(one[:1] if box.policy is HitPolicy.FIRST else one)
    if box.policy is HitPolicy.PRIORITY:
        return
    for finding in found.of(FindingKind.UNREACHABLE):
        assert finding.rules[0] - 1 not in first


ENUMERATED = (("string", TEXTS[:-1], '"甲", "乙", "丙"'), ("boolean", FLAGS, ""))


@given(tables(ENUMERATED))
@settings(max_examples=200, deadline=None)
def test_on_enumerable_inputs_silence_means_that_there_is_nothing(box: TableBox) -> None:
    table, found = compile_table(box), analyse(box)
    hits = [table.hits(values) for values in every_row(table)]
    assert found.complete is all(hits)
    assert found.disjoint is all(len(one) < 2 for one in hits)
    assert bool(found.of(FindingKind.GAP)) is not all(hits)
    reached = {rule for one in hits for rule in (one[:1] if box.policy is HitPolicy.FIRST else one)}
    if box.policy is not HitPolicy.PRIORITY:
        unreachable = {finding.rules[0] - 1 for finding in found.of(FindingKind.UNREACHABLE)}
        assert unreachable == set(range(len(box.rules))) - reached


def grid(policy: HitPolicy, *, side: int) -> TableBox:
    """A table that covers every input exactly once, but for its last field."""
    inputs = tuple(InputClause("", name, "number") for name in ("a", "b", "c"))
    rules = []
    for one, other, third in itertools.product(range(side), repeat=3):
        tests = tuple(
            f"[{place * 10}..{place * 10 + 10})" if 0 < place < side - 1
            else "< 10" if place == 0
            else f">= {place * 10}"
            for place in (one, other, third)
        )  # fmt: skip
        rules.append(Rule(tests, (str(len(rules)),)))
    return TableBox(inputs, (OutputClause("", "r", "number"),), tuple(rules[:-1]), policy)


def test_a_thousand_rules_are_analysed() -> None:
    for policy in (HitPolicy.UNIQUE, HitPolicy.FIRST):
        box = grid(policy, side=10)
        found = analyse(box)
        assert found.complete is False
        assert found.disjoint is True
        [gap] = found.of(FindingKind.GAP)
        assert "例如a为 90，b为 90，c为 90" in gap.words.text()


def test_a_thousand_tangled_rules_end_within_the_bound() -> None:
    inputs = tuple(InputClause("", name, "number") for name in ("a", "b", "c", "d"))
    rules = tuple(
        Rule(
            tuple(f"[{(k * p) % 997}..{(k * p) % 997 + 300}]" for p in (7, 31, 101, 213)),
            (str(k),),
        )
        for k in range(1000)
    )
    for policy in (HitPolicy.FIRST, HitPolicy.UNIQUE, HitPolicy.COLLECT):
        found = analyse(TableBox(inputs, (OutputClause("", "r"),), rules, policy))
        assert found.complete is False
