"""One decision table, 20 rules x 4 inputs, through every engine at hand: `make bench-rules`.

CPU time of this process in one run, so the ratios hold on any machine. The peers come with the
extra `bench`; one that is not installed is left out and said to be.
"""

import json
import platform
import random
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tongban.rules import HitPolicy, InputClause, OutputClause, Rule, TableBox, compile_table

TODAY = datetime.now(UTC).date()
FIELDS = ("region", "age", "kind", "income")
RULES = [
    (f'"r{i % 5}"', f"[{i % 7 * 10}..{i % 7 * 10 + 15})", f'"k{i % 3}"', f">= {i % 6 * 100}", i)
    for i in range(20)
]
Row = tuple[str, int, str, int]


def table(count: int = 20) -> TableBox:
    """The table in our own form."""
    rules = tuple(Rule(rule[:4], (str(rule[4]),)) for rule in RULES[:count])
    inputs = tuple(InputClause(name, name) for name in FIELDS)
    return TableBox(inputs, (OutputClause("", "result"),), rules, HitPolicy.FIRST)


def by_hand(region: str, age: Decimal, kind: str, income: Decimal) -> int | None:
    """What a programmer would write: the rules one after another."""
    for wanted, low, high, sort, least, result in HAND:
        if region == wanted and low <= age < high and kind == sort and income >= least:
            return result
    return None


HAND = [(f"r{i % 5}", i % 7 * 10, i % 7 * 10 + 15, f"k{i % 3}", i % 6 * 100, i) for i in range(20)]


def facts(count: int) -> list[Row]:
    """Rows of facts, the same in every run."""
    chance = random.Random(20)
    return [
        (f"r{chance.randrange(6)}", chance.randrange(90), f"k{chance.randrange(4)}",
         chance.randrange(700))
        for _ in range(count)
    ]  # fmt: skip


def measure(decide: Callable[[Any], Any], rows: Sequence[Any]) -> float:
    """Decisions per CPU second, the best of three."""
    best = 0.0
    for _ in range(3):
        before = time.process_time()
        for row in rows:
            decide(row)
        best = max(best, len(rows) / (time.process_time() - before))
    return best


def ours(rows: list[Row]) -> dict[str, float]:
    """Our three forms."""
    made = compile_table(table())
    typed = [(region, Decimal(age), kind, Decimal(income)) for region, age, kind, income in rows]
    named = [dict(zip(FIELDS, row, strict=True)) for row in typed]
    columns = list(zip(*typed, strict=True))
    many = measure(made.decide_columns, [columns]) * len(rows)
    assert made.decide_columns(columns) == [by_hand(*row) for row in typed]
    return {
        "tongban, columns": many,
        "tongban, row": measure(made.decide, typed),
        "tongban, mapping": measure(made.decide_named, named),
        "hand-written Python": measure(lambda row: by_hand(*row), typed),
    }


def zen(rows: list[Row]) -> float:
    """zen-engine: the table as JSON decision model, evaluated for one context at a time."""
    import zen  # type: ignore[import-not-found]

    columns = [{"id": name, "field": name, "name": name} for name in FIELDS]
    entries = [
        {
            "_id": str(rule[4]),
            "region": rule[0],
            "age": rule[1],
            "kind": rule[2],
            "income": rule[3],
            "out": str(rule[4]),
        }
        for rule in RULES
    ]
    content = {
        "hitPolicy": "first",
        "inputs": columns,
        "outputs": [{"id": "out", "field": "result", "name": "result"}],
        "rules": entries,
    }
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in"},
        {"id": "t", "type": "decisionTableNode", "name": "t", "content": content},
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    edges = [
        {"id": "1", "sourceId": "in", "targetId": "t", "type": "edge"},
        {"id": "2", "sourceId": "t", "targetId": "out", "type": "edge"},
    ]
    decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))
    given = [dict(zip(FIELDS, row, strict=True)) for row in rows]
    for row, context in zip(rows[:200], given, strict=False):
        expected = by_hand(row[0], Decimal(row[1]), row[2], Decimal(row[3]))
        assert decision.evaluate(context)["result"].get("result") == expected
    return measure(decision.evaluate, given[: len(rows) // 50])


def bkflow(rows: list[Row]) -> float:
    """bkflow-dmn: the table as it wants it, built once."""
    from bkflow_dmn.data_model import SingleDecisionTable  # type: ignore[import-not-found]

    model = {
        "title": "bench",
        "hit_policy": "First",
        "inputs": {
            "cols": [{"id": name} for name in FIELDS],
            "rows": [list(rule[:4]) for rule in RULES],
        },
        "outputs": {"cols": [{"id": "result"}], "rows": [[str(rule[4])] for rule in RULES]},
    }
    given = [dict(zip(FIELDS, row, strict=True)) for row in rows[: len(rows) // 1000]]
    made = SingleDecisionTable(**model)
    for row, context in zip(rows[:20], given, strict=False):
        expected = by_hand(row[0], Decimal(row[1]), row[2], Decimal(row[3]))
        assert made.decide(context, False) == ([] if expected is None else [{"result": expected}])
    return measure(lambda context: made.decide(context, False), given)


def main() -> None:
    """Print a dated line for each engine, with its ratio to ours."""
    rows = facts(100_000)
    found = ours(rows)
    for name, peer in (("zen-engine", zen), ("bkflow-dmn", bkflow)):
        try:
            found[name] = peer(rows)
        except ImportError:
            sys.stdout.write(f"{TODAY} {name}: not installed (extra: bench)\n")
    first = found["tongban, row"]
    for name, speed in found.items():
        line = f"{TODAY} {name:<22}{speed:>12,.0f} decisions per CPU second"
        sys.stdout.write(f"{line}  {first / speed:>9.2f} x\n")
    before = time.process_time()
    inputs, outputs = table().inputs, table().outputs
    distinct = tuple(
        Rule((f'"r{i}"', f"[{i}.5..{i + 15})", f'"k{i}"', f">= {i}.75"), (str(i),))
        for i in range(1000)
    )
    compile_table(TableBox(inputs, outputs, distinct, HitPolicy.FIRST))
    spent = time.process_time() - before
    sys.stdout.write(f"{TODAY} 1,000 rules compiled in {spent:.2f} CPU seconds\n")
    sys.stdout.write(f"{TODAY} Python {platform.python_version()}\n")


if __name__ == "__main__":
    main()
