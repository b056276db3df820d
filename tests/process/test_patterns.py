"""The 43 control-flow patterns of the workflow-patterns initiative, each a small process.

A row says which work is open at the beginning, and after each step what is done and what is open
then. What BPMN, or the part of it that is executed, cannot express is said with the reason.
"""

from datetime import UTC, datetime
from typing import Any

import pytest

from given_process import TERMINATE, content, graph, message, several, signal
from tongban.process.model import definition as d
from tongban.process.model.attributes import Formula
from tongban.process.model.memory import Memory

NOW = datetime(2024, 6, 3, 1, 0, tzinfo=UTC)
OPEN = "start > A > "
HEARD: dict[str, Any] = {"by_event": True}


def sub(text: str, **nodes: Any) -> dict[str, Any]:
    return {"inner": content(text, **nodes)}


def border(at: str, name: str, *, cancels: bool = True) -> dict[str, Any]:
    return {"attached": at, "events": message(name), "cancels": cancels}


COMPLEX = "needs a complex gateway, which BPMN leaves to the engine and which is not executed"
AD_HOC = "needs an ad-hoc sub-process, which is not executed"
QUANTITY = "needs token quantities, which are not executed"

# Number and name; the process; data; steps: what is done (a message with !) and what is open then.
PATTERNS: list[tuple[str, str, dict[str, Any], dict[str, object], str]] = [
    ("01 sequence", "start > A > B > end", {}, {}, "A | A: B | B: done"),
    (
        "02 parallel split", "start > and1 > A > end; and1 > B > end2", {}, {},
        "A B | A: B | B: done",
    ),
    (
        "03 synchronization", "start > and1 > A > and2 > C > end; and1 > B > and2", {}, {},
        "A B | B: A | A: C | C: done",
    ),
    ("04 exclusive choice", "start > xor1 >[x = 1]> A > end; xor1 >[]> B > end", {}, {"x": 2}, "B"),
    (
        "05 simple merge", "start > xor1 >[x = 1]> A > xor2 > C > end; xor1 >[]> B > xor2", {},
        {"x": 1}, "A | A: C",
    ),
    (
        "06 multi-choice", "start > or1 >[x > 0]> A > end; or1 >[x > 1]> B > end2;"
        "or1 >[x > 2]> C > end3", {}, {"x": 2}, "A B",
    ),
    (
        "07 structured synchronizing merge", "start > or1 >[x > 0]> A > or2 > D > end;"
        "or1 >[x > 1]> B > or2; or1 >[x > 2]> C > or2", {}, {"x": 2}, "A B | B: A | A: D",
    ),
    (
        "08 multi-merge", "start > and1 > A > xor1 > C > end; and1 > B > xor1", {}, {},
        "A B | A: B C | B: C C | C: C | C: done",
    ),
    (
        "10 arbitrary cycles", "start > xor1 > A > xor2 > B > xor3 >[x = 1]> xor1;"
        "xor3 >[x = 2]> xor2; xor3 >[]> end", {}, {"x": 1}, "A | A: B | B: A | A: B",
    ),
    ("11 implicit termination", "start > and1 > A; and1 > B", {}, {}, "A B | A: B | B: done"),
    (
        "12 multiple instances without synchronization",
        "start > xor1 > and1 > A > end; and1 > B > xor2 >[x = 1]> xor1; xor2 >[]> end2", {},
        {"x": 1}, "A B | B: A A B | A: A B | A: B",
    ),
    (
        "13 multiple instances with design-time knowledge", "start > A > B > end",
        {"A": {"loop": several(cardinality="3")}}, {}, "A A A | A: A A | A: A | A: B",
    ),
    (
        "14 multiple instances with run-time knowledge", "start > A > B > end",
        {"A": {"loop": several(collection="units", item="unit")}}, {"units": ["x", "y"]},
        "A A | A: A | A: B",
    ),
    (
        "15 multiple instances without run-time knowledge", "start > sub1 > D > end",
        {
            "sub1": sub(
                "start1 > A > end1",
                sub2=HEARD
                | sub("start2 > B > end2", start2={"events": message("more"), "cancels": False}),
            )
        },
        {}, "A | !more: A B | !more: A B B | A: B B | B: B | B: D",
    ),
    (
        "16 deferred choice", "start > choose1 > catch1 > A > end; choose1 > catch2 > B > end",
        {"catch1": {"events": message("a")}, "catch2": {"events": message("b")}}, {}, " | !b: B",
    ),
    (
        "18 milestone", "start > A > end; on1 > B > end2", {"on1": border("A", "b", cancels=False)},
        {}, "A | !b: A B | A: B | B: done",
    ),
    (
        "19 cancel activity", "start > A > B > end; on1 > C > end", {"on1": border("A", "stop")},
        {}, "A | !stop: C",
    ),
    (
        "20 cancel case", "start > and1 > A > end; and1 > B > end2",
        {
            "sub1": HEARD | sub("start1 > end1", start1={"events": message("stop")},
                                end1={"events": TERMINATE}),
        },
        {}, "A B | !stop: done",
    ),
    (
        "21 structured loop", "start > A > B > end",
        {"A": {"loop": d.StandardLoop(Formula("loopCounter < 3"))}}, {}, "A | A: A | A: A | A: B",
    ),
    (
        "22 recursion", "start > A > xor1 >[depth < 2]> call1 > B > end; xor1 >[]> end2",
        {
            "call1": {
                "called": "p",
                "inputs": (d.Mapping("depth", Formula("depth + 1")),),
            }
        },
        {"depth": 1}, "A | A: A | A: B | B: done",
    ),
    (
        "23 transient trigger", "start > A > catch1 > B > end",
        {"catch1": {"events": signal("go")}}, {}, "A | !go: A | A:  | !go: B",
    ),
    (
        "25 cancel region", "start > and1 > sub1 > xor1 > and2 > D > end; and1 > C > and2;"
        "on1 > xor1",
        {"sub1": sub("start1 > and3 > A > end1; and3 > B > end2"), "on1": border("sub1", "stop")},
        {}, "A B C | !stop: C | C: D",
    ),
    (
        "26 cancel multiple instance activity", "start > A > B > end; on1 > C > end",
        {"A": {"loop": several(cardinality="3")}, "on1": border("A", "stop")}, {},
        "A A A | A: A A | !stop: C",
    ),
    (
        "27 complete multiple instance activity", "start > A > B > end",
        {"A": {"loop": several(cardinality="3", completion="enough")}}, {"enough": True},
        "A A A | A: B",
    ),
    (
        "29 cancelling discriminator", "start > sub1 > C > end",
        {"sub1": sub("start1 > and1 > A > xor1 > end1; and1 > B > xor1",
                     end1={"events": TERMINATE})},
        {}, "A B | B: C",
    ),
    (
        "33 generalized AND-join", "start > and0 > A > xor1 > and2 > C > end; and0 > B > xor1;"
        "and0 > D > and2", {}, {}, "A B D | A: B D | B: D | D: C",
    ),
    (
        "35 cancelling partial join for multiple instances", "start > A > B > end",
        {"A": {"loop": several(cardinality="3", completion="numberOfCompletedInstances >= 2")}}, {},
        "A A A | A: A A | A: B",
    ),
    (
        "37 local synchronizing merge", "start > or1 >[x = 1]> A > or2 > C > end;"
        "or1 >[]> B > or2", {}, {"x": 1}, "A | A: C",
    ),
    (
        "38 general synchronizing merge", "start > and1 > A > or2 > C > end;"
        "and1 > xor0 > B > xor1 >[x = 1]> xor0; xor1 >[x = 2]> or2; xor1 >[]> end2", {}, {"x": 1},
        "A B | A: B | B: B | B x=3: C",
    ),
    (
        "42 thread split", "start > A > and1 > xor1 > B > end; and1 > xor1", {}, {},
        "A | A: B B | B: B | B: done",
    ),
    (
        "43 explicit termination", "start > and1 > A > end; and1 > B > end2",
        {"end": {"events": TERMINATE}}, {}, "A B | A: done",
    ),
]  # fmt: skip

NOT_EXPRESSED = {
    "09 structured discriminator": COMPLEX,
    "17 interleaved parallel routing": AD_HOC,
    "24 persistent trigger": "is kept by the jobs of the worker, not by tokens; see test_course",
    "28 blocking discriminator": COMPLEX,
    "30 structured partial join": COMPLEX,
    "31 blocking partial join": COMPLEX,
    "32 cancelling partial join": COMPLEX,
    "34 static partial join for multiple instances": "BPMN ends the other instances (see 35)",
    "36 dynamic partial join for multiple instances": "BPMN ends the other instances (see 35)",
    "39 critical section": "BPMN has no exclusion between regions",
    "40 interleaved routing": AD_HOC,
    "41 thread merge": QUANTITY,
}


def test_every_pattern_is_here_or_said_to_be_missing() -> None:
    names = [pattern[0] for pattern in PATTERNS] + list(NOT_EXPRESSED)
    assert sorted(name[:2] for name in names) == [f"{n:02}" for n in range(1, 44)]


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern[0])
def test_pattern(pattern: tuple[str, str, dict[str, Any], dict[str, object], str]) -> None:
    _, text, nodes, data, steps = pattern
    memory = Memory([graph(text, **nodes)], NOW)
    memory.start(data)
    first, *further = steps.split("|")
    assert seen(memory) == first.split()
    for step in further:
        done, _, expected = step.strip().partition(":")
        act(memory, done)
        assert seen(memory) == expected.split(), step


def act(memory: Memory, done: str) -> None:
    """Complete the first work item at a node, with a value for x; or let a message arrive."""
    if done.startswith("!"):
        heard = [one for one in memory.subscriptions.values() if one.name == done[1:]]
        for wanted in heard[:1]:
            memory.tell(wanted)
        return
    node, _, value = done.partition(" x=")
    token = next(one for one in memory.waiting() if one.node == node)
    memory.complete(token, {"x": int(value)} if value else {})


def seen(memory: Memory) -> list[str]:
    if memory.outcome is not None:
        assert not memory.tokens
        return ["done"]
    return sorted(token.node for token in memory.waiting())
