"""From a definition to a graph that an executor can walk."""

import ast
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from drawn import content, process

from tongban import process as tongban_process
from tongban.foundation.messages import catalogue
from tongban.process import (
    Attributes,
    Cycle,
    Definition,
    EventKind,
    Faulty,
    Formula,
    Lane,
    NodeKind,
    Period,
    Process,
    Severity,
    TimerKind,
    compiled,
    examine,
    parse_cycle,
    parse_moment,
    parse_period,
)
from tongban.process.model.definition import Event, Node, Timer


def at(*parts: int) -> datetime:
    """A local moment, as definitions have them."""
    return datetime(*parts)  # noqa: DTZ001


def graph_of(drawn: Process):
    return compiled(Definition((drawn,)))


def said(drawn: Process, least: Severity = Severity.ERROR) -> list[str]:
    return [one.said() for one in examine(drawn).problems if one.severity >= least]


def test_nodes_and_flows_are_found_by_their_numbers() -> None:
    graph = graph_of(process("start > accept > review > end"))
    accept = graph.node("accept")
    (out,) = accept.outgoing
    assert graph.nodes[graph.flows[out].target].id == "review"
    assert [graph.nodes[n].id for n in graph.scopes[0].starts] == ["start"]
    assert [node.number for node in graph.nodes] == list(range(4))


def test_a_process_without_start_event_begins_wherever_nothing_leads() -> None:
    graph = graph_of(process("accept > review", "copy > review"))
    assert {graph.nodes[n].id for n in graph.scopes[0].starts} == {"accept", "copy"}


def test_conditions_are_parsed_once_and_the_default_flow_is_known() -> None:
    drawn = process(
        "start > xor > grant > end",
        "xor > refuse > end",
        nodes=[Node("xor", NodeKind.EXCLUSIVE, default="xor-refuse")],
        conditions={"xor-grant": 'outcome = "accept"'},
    )
    graph = graph_of(drawn)
    node = graph.node("xor")
    assert graph.flows[node.default].id == "xor-refuse"
    condition = graph.flows[node.outgoing[0]].condition
    assert condition is not None
    assert condition.evaluate({"outcome": "accept"}).value is True


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("${approved}", "统一表达式语言"),
        ("outcome == 'accept'", "相等写作 ="),
        ("a && b", "并且写作 and"),
        ("return approved;", "程序语句"),
        ("amount >", "不是 FEEL 表达式"),
    ],
)
def test_what_is_not_feel_is_said_in_words(text: str, told: str) -> None:
    drawn = process("start > xor > end", "xor > b", conditions={"xor-end": text, "xor-b": "true"})
    assert any(told in one for one in said(drawn))


def test_the_same_content_has_the_same_hash_wherever_it_stands_in_the_file() -> None:
    one = process("start > a > end", nodes=[Node("a", NodeKind.USER, line=3)])
    two = process("start > a > end", nodes=[Node("a", NodeKind.USER, line=30)])
    three = process("start > a > end", nodes=[Node("a", NodeKind.MANUAL)])
    assert graph_of(one).hash == graph_of(two).hash != graph_of(three).hash


def test_a_task_without_role_takes_that_of_its_lane() -> None:
    drawn = process(
        "start > a > b > end",
        nodes=[Node("b", NodeKind.USER, attributes=Attributes(role="approver"))],
    )
    lane = Lane("l", nodes=("a", "b"), role="reviewer")
    filled = Process("p", content=Process("p", content=drawn.content).content)
    filled = Process(
        "p", content=type(drawn.content)(filled.content.nodes, filled.content.flows, (lane,))
    )
    graph = graph_of(filled)
    assert graph.node("a").attributes.role == "reviewer"
    assert graph.node("b").attributes.role == "approver"


def test_sub_processes_open_scopes_and_boundary_events_know_their_activity() -> None:
    timer = Event(EventKind.TIMER, timer=Timer(TimerKind.DURATION, Formula("PT5M")))
    drawn = process(
        "start > sub > end",
        "late > remind",
        nodes=[
            Node("sub", NodeKind.SUB_PROCESS, inner=content("start_in > visit > end_in")),
            Node("late", NodeKind.BOUNDARY, attached="sub", cancels=False, events=(timer,)),
        ],
    )
    graph = graph_of(drawn)
    sub = graph.node("sub")
    assert [graph.nodes[n].id for n in sub.boundary] == ["late"]
    assert graph.node("late").event.timer.fixed == Period(0, timedelta(minutes=5))
    inner = graph.scopes[sub.inner]
    assert (inner.parent, inner.node) == (0, sub.number)
    assert [graph.nodes[n].id for n in inner.starts] == ["start_in"]
    assert graph.node("visit").scope == inner.number


def test_an_inclusive_join_waits_only_for_what_can_still_come() -> None:
    drawn = process(
        "start > or > a > or_join > end",
        "or > b > or_join",
        conditions={"or-a": "a", "or-b": "b"},
    )
    graph = graph_of(drawn)
    join = graph.node("or_join")
    from_a = join.incoming[0]
    assert graph.inclusive_ready(join, arrived={from_a}, occupied=())
    assert not graph.inclusive_ready(join, arrived={from_a}, occupied={graph.by_id["b"]})
    assert graph.inclusive_ready(join, arrived={from_a}, occupied={graph.by_id["end"]})


def test_what_is_not_executed_is_said_with_name_and_line() -> None:
    drawn = process("start > x > end", nodes=[Node("x", NodeKind.COMPLEX, name="三选二", line=12)])
    (problem,) = examine(drawn).problems
    assert problem.told() == "第 12 行：不执行复杂网关“三选二”，请改用排他、并行或包容网关"
    assert "complex gateway" in problem.told("en")
    with pytest.raises(Faulty, match="三选二"):
        graph_of(drawn)


def test_of_several_processes_one_must_be_named() -> None:
    one = process("start > a > end")
    other = Process("q", content=one.content)
    with pytest.raises(Faulty, match="p、q"):
        compiled(Definition((one, other)))
    assert compiled(Definition((one, other)), process="q").process == "q"


def test_durations_dates_and_cycles_are_read_as_iso_8601_writes_them() -> None:
    start = at(2026, 1, 31, 9)
    assert parse_period("P1M").after(start) == at(2026, 2, 28, 9)
    assert parse_period("P1Y2M3DT4H5M6.5S").after(start) == at(2027, 4, 3, 13, 5, 6, 500000)
    assert parse_period("P2W").rest == timedelta(days=14)
    assert [parse_period(text) for text in ("P", "PT", "5M", "P1H", "P-1D")] == [None] * 5
    assert parse_moment("2026-11-22T10:00:00Z").utcoffset() == timedelta(0)
    assert parse_moment("2026-11-22T10:00:00@Asia/Shanghai").utcoffset() == timedelta(hours=8)
    assert parse_moment("PT5M") is None
    assert parse_cycle("R3/PT10M") == Cycle(3, Period(0, timedelta(minutes=10)))
    assert parse_cycle("R/2026-01-31T09:00:00/P1M").first(start) == start
    assert parse_cycle("R3/PT0S") is None


def test_a_cycle_ends_after_its_count_or_at_its_end() -> None:
    start = at(2026, 1, 1)
    cycle = parse_cycle("R2/P1D")
    first = cycle.first(start)
    assert first == at(2026, 1, 2)
    assert cycle.following(first, count=1) == at(2026, 1, 3)
    assert cycle.following(first, count=2) is None
    assert parse_cycle("R/P1D/2026-01-02").following(first, count=1) is None


def test_everything_that_is_said_about_definitions_has_its_english() -> None:
    folder = Path(tongban_process.__file__).parent / "model"
    known = catalogue("en")
    missing = []
    for file in sorted(folder.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        documented = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                chinese = any("一" <= letter <= "鿿" for letter in node.value)
                if chinese and id(node) not in documented and node.value not in known:
                    missing.append(f"{file.name}: {node.value}")
    assert missing == []
