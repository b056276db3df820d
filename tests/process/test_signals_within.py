"""Signals that are heard in the very instance that throws them (BPMN 2.0.2, 10.5.1)."""

from typing import Any

import pytest

from conftest import MONDAY
from given_process import TERMINATE, content, graph, published, signal
from tongban import process as processes
from tongban.foundation import jobs
from tongban.foundation.work import Work
from tongban.process.model import definition as d
from tongban.process.model.graph import Graph
from tongban.process.model.kinds import NodeKind
from tongban.process.model.memory import Memory

GO: dict[str, Any] = {"events": signal("go")}
THROWS = content("start2 > A > throw1 > end2", throw1=GO)
AT_ONCE = content("start2 > throw1 > end2", throw1=GO)


def around(inner: d.Content, *, cancels: bool) -> Graph:
    """A sub-process with a signal event on its border."""
    border: dict[str, Any] = {"attached": "sub", "cancels": cancels, **GO}
    return graph("start > sub > B > end; on1 > C > end3", sub={"inner": inner}, on1=border)


def handled(inner: str, *, cancels: bool) -> Graph:
    """A sub-process with an event sub-process for the signal."""
    begins: dict[str, Any] = {"cancels": cancels, **GO}
    handler = d.Node(
        "handler",
        NodeKind.SUB_PROCESS,
        by_event=True,
        inner=content("start3 > C > end3", start3=begins),
    )
    body = content(inner, throw1=GO)
    return graph(
        "start > sub > B > end", sub={"inner": d.Content((*body.nodes, handler), body.flows)}
    )


def begun(drawn: Graph) -> Memory:
    memory = Memory([drawn], MONDAY)
    memory.start()
    return memory


def open_(memory: Memory) -> list[str]:
    return sorted(token.node for token in memory.waiting())


@pytest.mark.parametrize("inner", [THROWS, AT_ONCE])
def test_a_border_hears_what_its_sub_process_throws_before_it_ends(inner: d.Content) -> None:
    for cancels, after in ((False, ["B", "C"]), (True, ["C"])):
        memory = begun(around(inner, cancels=cancels))
        for token in memory.waiting():
            if token.node == "A":
                memory.complete(token)
        assert open_(memory) == after


def test_an_event_sub_process_hears_what_its_scope_throws() -> None:
    assert open_(begun(handled("start2 > throw1 > end2", cancels=True))) == ["C"]
    # The scope has not ended while its handler is at work.
    memory = begun(handled("start2 > throw1 > end2", cancels=False))
    assert open_(memory) == ["C"]
    memory.complete(memory.waiting()[0])
    assert open_(memory) == ["B"]


def test_everybody_around_hears_until_somebody_ends_it() -> None:
    inner = content("start3 > throw1 > end5", throw1=GO)
    near: dict[str, Any] = {"attached": "sub2", **GO}
    middle = content("start2 > sub2 > D > end2; on2 > E > end4", sub2={"inner": inner}, on2=near)
    assert open_(begun(around(middle, cancels=False))) == ["C", "E"]
    assert open_(begun(around(middle, cancels=True))) == ["C"]


def test_what_interrupts_the_thrower_is_known_before_it_throws() -> None:
    memory = begun(around(THROWS, cancels=True))
    assert [token.sweeping for token in memory.waiting()] == [True]
    memory = begun(around(THROWS, cancels=False))
    assert [token.sweeping for token in memory.waiting()] == [False]


def test_an_end_event_that_throws_is_heard_as_well() -> None:
    inner = content("start2 > end2", end2=GO)
    assert open_(begun(around(inner, cancels=False))) == ["B", "C"]


@pytest.mark.parametrize("cancels", [True, False])
def test_over_rows_nobody_hears_the_same_signal_twice(work: Work, cancels: bool) -> None:
    inner = content("start2 > A > throw1 > D > end2", throw1=GO)
    published(work, around(inner, cancels=cancels))
    one, _ = [
        processes.start(work, process="p", new=processes.New(number, "990100", "D1"))
        for number in ("n1", "n2")
    ]
    [(item, _)] = one.items
    processes.complete(work, item=item)
    while taken := jobs.take(work):
        jobs.perform(work, taken)
    nodes = work.value("select array_agg(node order by instance, node) from process.token"
                       " where state = 'work'")  # fmt: skip
    # The other instance hears it too, from outside, while its step is open.
    assert nodes == (["C", "C"] if cancels else ["C", "D", "A", "C"])


def test_terminating_after_a_signal_ends_what_heard_it() -> None:
    inner = content("start2 > throw1 > end2", throw1=GO, end2={"events": TERMINATE})
    assert open_(begun(around(inner, cancels=False))) == ["B", "C"]
