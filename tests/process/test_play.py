"""The token game by small examples."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from given_process import (
    TERMINATE,
    content,
    error,
    escalation,
    graph,
    link,
    message,
    script,
    several,
    signal,
    timer,
)
from tongban.process.model import definition as d
from tongban.process.model.attributes import Attributes, Formula
from tongban.process.model.kinds import TimerKind
from tongban.process.model.memory import Memory
from tongban.process.model.play import EndlessLoop, NoWayOn
from tongban.process.model.tokens import State

NOW = datetime(2024, 6, 3, 1, 0, tzinfo=UTC)


def run(text: str, data: dict[str, object] | None = None, **nodes: Any) -> Memory:
    memory = Memory([graph(text, **nodes)], NOW)
    memory.start(data)
    return memory


def do(memory: Memory, node: str, **data: object) -> None:
    """Complete the first work item at a node."""
    memory.complete(next(one for one in memory.waiting() if one.node == node), data)


def open_(memory: Memory) -> list[str]:
    return [one.node for one in memory.waiting()]


def test_sequence() -> None:
    memory = run("start > A > B > end")
    do(memory, "A")
    assert open_(memory) == ["B"]
    do(memory, "B")
    assert memory.outcome == "completed"
    assert not memory.tokens


def test_parallel_join_waits_for_all() -> None:
    memory = run("start > and1 > A > and2 > D > end; and1 > B > and2; and1 > C > and2")
    for node in "AB":
        do(memory, node)
    assert open_(memory) == ["C"]
    do(memory, "C")
    assert open_(memory) == ["D"]
    do(memory, "D")
    assert memory.outcome == "completed"


def test_exclusive_choice_takes_the_first_true_flow_or_the_default() -> None:
    text = "start > A > xor1 >[x = 1]> B > xor2 > end; xor1 >[x < 5]> C > xor2; xor1 >[]> D > xor2"
    for x, expected in ((1, "B"), (2, "C"), (9, "D")):
        memory = run(text)
        do(memory, "A", x=x)
        assert open_(memory) == [expected]


def test_no_flow_is_open() -> None:
    memory = run("start > A > xor1 >[x = 1]> B > end; xor1 >[x = 2]> C > end")
    with pytest.raises(NoWayOn):
        do(memory, "A", x=3)


def test_endless_loop_is_stopped() -> None:
    with pytest.raises(EndlessLoop):
        run("start > xor1 > pass1 > xor1; xor1 >[false]> end")


def test_inclusive_join_waits_for_what_can_still_come() -> None:
    text = (
        "start > A > or1 >[x > 0]> B > or2 > E > end; or1 >[x > 1]> C > or2; or1 >[x > 2]> D > or2"
    )
    memory = run(text)
    do(memory, "A", x=2)
    assert open_(memory) == ["B", "C"]
    do(memory, "B")
    assert open_(memory) == ["C"]
    do(memory, "C")
    assert open_(memory) == ["E"]


def test_inclusive_join_in_a_loop() -> None:
    text = (
        "start > xor0 > or1 >[true]> A > or2 > C > xor1 >[again]> xor0;"
        "or1 >[both]> B > or2; xor1 >[]> end"
    )
    memory = run(text, {"both": True, "again": True})
    do(memory, "B")
    do(memory, "A")
    assert open_(memory) == ["C"]
    do(memory, "C", both=False)
    do(memory, "A")
    do(memory, "C", again=False)
    assert memory.outcome == "completed"


def test_a_token_that_ends_elsewhere_lets_an_inclusive_join_fire() -> None:
    text = "start > and1 > A > or1 > D > end; and1 > B > xor1 >[x]> or1; xor1 >[]> end2"
    memory = run(text)
    do(memory, "A")
    assert open_(memory) == ["B"]
    do(memory, "B", x=False)
    assert open_(memory) == ["D"]


def test_terminate_sweeps_everything_away() -> None:
    memory = run("start > and1 > A > end; and1 > B > end2", end2={"events": TERMINATE})
    do(memory, "B")
    assert memory.outcome == "terminated"
    assert not memory.tokens


def test_sub_process_with_interrupting_and_other_border_events() -> None:
    nodes: Any = {
        "sub1": {"inner": content("start1 > and1 > A > end1; and1 > B > end2")},
        "on1": {"attached": "sub1", "events": timer("PT2H"), "cancels": False},
        "on2": {"attached": "sub1", "events": message("stop")},
    }
    memory = run("start > sub1 > C > end; on1 > R > end3; on2 > S > end4", **nodes)
    assert open_(memory) == ["A", "B"]
    [alarm] = memory.alarms.values()
    assert alarm.due == NOW + timedelta(hours=2)
    memory.ring(alarm)
    assert open_(memory) == ["A", "B", "R"]
    [wanted] = memory.subscriptions.values()
    memory.tell(wanted)
    assert open_(memory) == ["R", "S"]
    assert not memory.alarms
    do(memory, "R")
    do(memory, "S")
    assert memory.outcome == "completed"


def test_sub_process_ends_when_nothing_is_left_in_it() -> None:
    nodes: Any = {"sub1": {"inner": content("start1 > and1 > A > end1; and1 > B > end2")}}
    memory = run("start > sub1 > C > end", **nodes)
    do(memory, "A")
    assert open_(memory) == ["B"]
    do(memory, "B")
    assert open_(memory) == ["C"]


def test_error_is_caught_by_code_from_inside_out() -> None:
    inner = content("start1 > A > xor1 >[bad]> end1; xor1 >[]> end2", end1={"events": error("E7")})
    nodes: Any = {
        "sub1": {"inner": inner},
        "on1": {"attached": "sub1", "events": error("E7")},
        "on2": {"attached": "sub1", "events": error()},
    }
    memory = run("start > sub1 > C > end; on1 > R > end; on2 > S > end", **nodes)
    do(memory, "A", bad=True)
    assert open_(memory) == ["R"]


def test_uncaught_error_ends_the_instance() -> None:
    memory = run("start > and1 > A > end1; and1 > B > end", end1={"events": error("E1")})
    do(memory, "A")
    assert memory.outcome == "error"
    assert not memory.tokens


def test_event_sub_process_replaces_what_it_interrupts() -> None:
    nodes: Any = {
        "sub1": {
            "by_event": True,
            "inner": content("start1 > H > end1", start1={"events": message("withdraw")}),
        }
    }
    memory = run("start > and1 > A > end; and1 > B > end", **nodes)
    [wanted] = memory.subscriptions.values()
    memory.tell(wanted)
    assert open_(memory) == ["H"]
    assert not memory.subscriptions
    do(memory, "H")
    assert memory.outcome == "completed"


def test_event_sub_process_that_does_not_interrupt_can_happen_again() -> None:
    start1 = {"events": signal("look"), "cancels": False}
    nodes: Any = {"sub1": {"by_event": True, "inner": content("start1 > H > end1", start1=start1)}}
    memory = run("start > A > end", **nodes)
    for _ in range(2):
        [wanted] = memory.subscriptions.values()
        memory.tell(wanted)
    assert open_(memory) == ["A", "H", "H"]
    do(memory, "A")
    do(memory, "H")
    assert memory.outcome is None
    do(memory, "H")
    assert memory.outcome == "completed"


def test_event_gateway_takes_what_happens_first() -> None:
    nodes: Any = {"catch1": {"events": message("paid")}, "catch2": {"events": timer("P3D")}}
    memory = run("start > choose1 > catch1 > A > end; choose1 > catch2 > B > end", **nodes)
    [alarm] = memory.alarms.values()
    memory.ring(alarm)
    assert open_(memory) == ["B"]
    assert not memory.subscriptions


def test_parallel_instances_gather_their_results_in_order() -> None:
    loop = several(collection="units", item="unit", results="opinions", result="opinion")
    memory = run("start > A > B > end", {"units": ["x", "y", "z"]}, A={"loop": loop})
    one, two, three = memory.waiting()
    for token, opinion in ((three, "c"), (one, "a"), (two, "b")):
        memory.complete(token, {"opinion": opinion})
    assert open_(memory) == ["B"]
    assert memory.variables[0]["opinions"] == ["a", "b", "c"]
    assert list(memory.variables) == [0]


def test_parallel_instances_end_early() -> None:
    loop = several(cardinality="5", completion="numberOfCompletedInstances >= 2")
    memory = run("start > A > B > end", A={"loop": loop})
    do(memory, "A")
    assert len(memory.waiting()) == 4
    do(memory, "A")
    assert open_(memory) == ["B"]


def test_sequential_instances_come_one_after_another() -> None:
    loop = several(sequential=True, collection="units", item="unit")  # type: ignore[arg-type]
    memory = run("start > A > B > end", {"units": ["x", "y"]}, A={"loop": loop})
    for unit in "xy":
        [token] = memory.waiting()
        assert memory.variables[token.id]["unit"] == unit
        memory.complete(token)
    assert open_(memory) == ["B"]


def test_standard_loop_goes_on_while_its_condition_holds() -> None:
    loop = d.StandardLoop(Formula("more"))
    memory = run("start > A > B > end", A={"loop": loop})
    do(memory, "A", more=True)
    assert open_(memory) == ["A"]
    do(memory, "A", more=False)
    assert open_(memory) == ["B"]


def test_link_events_jump() -> None:
    nodes: Any = {"throw1": {"events": link("x")}, "catch1": {"events": link("x")}}
    memory = run("start > A > throw1; catch1 > B > end", **nodes)
    do(memory, "A")
    assert open_(memory) == ["B"]
    do(memory, "B")
    assert memory.outcome == "completed"


def test_called_process_works_on_its_own_data() -> None:
    mapped: Any = {
        "called": "q",
        "inputs": (d.Mapping("x", Formula("a + 1")),),
        "outputs": (d.Mapping("b", Formula("y * 2")),),
    }
    caller = graph("start > call1 > B > end", call1=mapped)
    memory = Memory([caller, graph("start > A > end", "q")], NOW)
    memory.start({"a": 1})
    [token] = memory.waiting()
    assert memory.variables[token.place.home] == {"x": 2}
    assert token.sweeping
    memory.complete(token, {"y": 10})
    assert open_(memory) == ["B"]
    assert memory.variables == {0: {"a": 1, "b": 20}}


def test_escalation_that_does_not_interrupt_lets_the_sub_process_go_on() -> None:
    nodes: Any = {
        "sub1": {
            "inner": content("start1 > throw1 > A > end1", throw1={"events": escalation("up")})
        },
        "on1": {"attached": "sub1", "events": escalation("up"), "cancels": False},
    }
    memory = run("start > sub1 > end; on1 > R > end2", **nodes)
    assert sorted(open_(memory)) == ["A", "R"]


def test_script_and_rule_tasks_are_done_at_once() -> None:
    nodes: Any = {
        "script1": script("y", "x + 1"),
        "rule1": {"attributes": Attributes(decision="R1", result="z")},
    }
    memory = Memory([graph("start > script1 > rule1 > A > end", **nodes)], NOW)
    memory.deciding = lambda code, facts: f"{code}:{facts['y']}"
    memory.start({"x": 1})
    assert memory.variables[0] == {"x": 1, "y": 2, "z": "R1:2"}


def test_service_task_is_a_job_whose_error_can_be_caught() -> None:
    nodes: Any = {
        "do1": {"attributes": Attributes(service="cases.check")},
        "on1": {"attached": "do1", "events": error("down")},
    }
    memory = run("start > do1 > A > end; on1 > B > end", **nodes)
    [job] = memory.waiting(State.JOB)
    memory.fail(job, "down")
    assert open_(memory) == ["B"]


def test_cycle_rings_as_often_as_it_says() -> None:
    nodes: Any = {
        "on1": {"attached": "A", "events": timer("R2/PT1H", TimerKind.CYCLE), "cancels": False}
    }
    memory = run("start > A > end; on1 > R > end2", **nodes)
    for hour in (1, 2):
        [alarm] = memory.alarms.values()
        assert alarm.due == NOW + timedelta(hours=hour)
        memory.ring(alarm)
    assert not memory.alarms
    assert open_(memory) == ["A", "R", "R"]


def test_terminate_in_a_sub_process_ends_only_that() -> None:
    inner = content("start1 > and1 > A > end1; and1 > B > end2", end1={"events": TERMINATE})
    memory = run("start > sub1 > C > end", sub1={"inner": inner})
    do(memory, "A")
    assert open_(memory) == ["C"]


@pytest.mark.parametrize("passing", ["send1", "do1"])
def test_what_passes_at_once_on_the_way_to_a_terminating_end_is_known_to_sweep(
    passing: str,
) -> None:
    throws: dict[str, Any] = {"events": message("m")} if passing == "send1" else {}
    way = f"start > and > A > {passing} > end; and > B > end2"
    memory = Memory([graph(way, end={"events": TERMINATE}, **{passing: throws})], NOW)
    memory.start()
    assert {one.node: one.sweeping for one in memory.waiting()} == {"A": True, "B": False}
