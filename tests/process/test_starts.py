"""Where a process begins that could begin in several ways (BPMN 2.0.2, 10.5.2 and 13.2)."""

import pytest

from conftest import MONDAY
from given_process import graph, message, process, published
from tongban import process as processes
from tongban.foundation.work import Work
from tongban.process.model.checking import check
from tongban.process.model.compile import examine
from tongban.process.model.definition import Definition
from tongban.process.model.memory import Memory
from tongban.process.model.simulation import Assumptions, simulate

COUNTER_OR_POST = "start1 > A > end1; start2 > B > end2; start3 > C > end3"
BY_MAIL = {"events": message("mail")}


def waiting(memory: Memory) -> list[str]:
    return [token.node for token in memory.waiting()]


def test_each_start_event_begins_an_instance_of_its_own() -> None:
    drawn = graph(COUNTER_OR_POST, start3=BY_MAIL)
    for start, step in (("start1", "A"), ("start2", "B"), ("start3", "C")):
        memory = Memory([drawn], MONDAY)
        memory.start(node=start)
        assert waiting(memory) == [step]


def test_of_several_plain_start_events_the_one_must_be_named() -> None:
    drawn = graph(COUNTER_OR_POST, start3=BY_MAIL)
    told = "流程有几个开始事件（start1、start2），请指明从哪一个开始"
    with pytest.raises(processes.SeveralStarts, match=told):
        Memory([drawn], MONDAY).start()


def test_what_is_no_start_event_begins_nothing() -> None:
    for node in ("A", "end1", "elsewhere"):
        with pytest.raises(processes.NotStartable):
            Memory([graph(COUNTER_OR_POST)], MONDAY).start(node=node)
    with pytest.raises(processes.NotStartable):
        Memory([graph("start3 > A > end", start3=BY_MAIL)], MONDAY).start()


def test_a_plain_start_event_beside_one_with_a_trigger_needs_no_name() -> None:
    memory = Memory([graph("start1 > A > end; start3 > C > end", start3=BY_MAIL)], MONDAY)
    memory.start()
    assert waiting(memory) == ["A"]


def test_without_start_events_all_begins_that_nothing_leads_to() -> None:
    memory = Memory([graph("A > B; C > B")], MONDAY)
    memory.start()
    assert waiting(memory) == ["A", "C"]


def test_a_call_names_the_start_event_of_a_process_that_has_several() -> None:
    below = graph(COUNTER_OR_POST, id="q", start3=BY_MAIL)
    for start, step in (("start1", "A"), ("start2", "B")):
        call = {"called": "q", "called_start": start}
        memory = Memory([graph("start > call > end", call=call), below], MONDAY)
        memory.start()
        assert waiting(memory) == [step]
        memory.complete(memory.waiting()[0])
        assert memory.outcome == "completed"


@pytest.mark.parametrize("start", ["", "start3"])
def test_a_call_that_does_not_say_where_to_begin_is_refused(start: str) -> None:
    below = graph(COUNTER_OR_POST, id="q", start3=BY_MAIL)
    call = {"called": "q", "called_start": start}
    with pytest.raises(processes.SeveralStarts if not start else processes.NotStartable):
        Memory([graph("start > call > end", call=call), below], MONDAY).start()


def test_a_process_that_only_a_message_begins_cannot_be_called() -> None:
    below = graph("start3 > A > end", id="q", start3=BY_MAIL)
    with pytest.raises(processes.NotStartable):
        Memory([graph("start > call > end", call={"called": "q"}), below], MONDAY).start()


def test_a_sub_process_has_one_plain_start_event() -> None:
    inner = process("start1 > A; start2 > B").content
    found = examine(process("start > sub > end", sub={"inner": inner})).problems
    assert [one.said() for one in found] == ["子流程“sub”只能有一个空开始事件"]


def test_the_check_warns_of_several_and_takes_them_for_alternatives() -> None:
    drawn = process("start1 > A > xor; start2 > B > xor; xor > C > end")
    report = check(Definition((drawn,)))
    assert report.sound
    assert any("几个空开始事件（start1、start2）" in one.said() for one in report.findings)
    joined = process("start1 > A > and; start2 > B > and; and > C > end")
    assert not check(Definition((joined,))).sound


def test_a_simulated_case_begins_at_one_of_them() -> None:
    found = simulate(graph("start1 > A > end; start2 > B > end"), Assumptions(cases=200))
    counts = {one.node: one.count for one in found.steps}
    assert counts["A"] + counts["B"] == 200
    assert min(counts.values()) > 0


def test_rows_begin_where_memory_does(work: Work) -> None:
    published(work, graph(COUNTER_OR_POST, start3=BY_MAIL))
    new = [processes.New(number, "990100", "D1") for number in ("n1", "n2", "n3")]
    with pytest.raises(processes.SeveralStarts):
        processes.start(work, process="p", new=new[0])
    processes.start(work, process="p", new=new[0], node="start2")
    refused = processes.start_many(work, process="p", new=new[1:2])
    assert [one.what for one in refused] == ["n2"]
    assert processes.start_many(work, process="p", new=new[1:], node="start1") == []
    open_ = work.value("select array_agg(node order by node) from process.token")
    assert open_ == ["A", "A", "B"]
