"""Random processes and schedules: tokens are conserved, joins fire once, memory is as rows are."""

from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import MONDAY
from given_process import graph, published, timer
from tongban import process
from tongban.foundation import calendar
from tongban.foundation.work import Work
from tongban.process.model.graph import Graph
from tongban.process.model.kinds import TimerKind
from tongban.process.model.memory import Memory

# A block is work, a sequence, a choice, a parallel or an inclusive split, or a loop.
BLOCKS = st.recursive(
    st.just("work"),
    lambda inner: st.one_of(
        st.tuples(st.just("seq"), inner, inner),
        st.tuples(st.just("xor"), inner, inner),
        st.tuples(st.just("and"), inner, inner),
        st.tuples(st.just("or"), inner, inner),
        st.tuples(st.just("loop"), inner),
    ),
    max_leaves=6,
)
CHOICES = st.lists(st.integers(0, 7), min_size=60, max_size=60)


class Drawing:
    """A block-structured process written out, with a condition at each branch."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.count = 0

    def name(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    def draw(self, block: Any) -> tuple[str, str]:
        """Draw a block; return where it begins and where it ends."""
        if block == "work":
            name = self.name("W")
            return name, name
        kind = block[0]
        if kind == "seq":
            first, second = self.draw(block[1]), self.draw(block[2])
            self.lines.append(f"{first[1]} > {second[0]}")
            return first[0], second[1]
        if kind == "loop":
            begin, end = self.name("xor"), self.name("xor")
            body = self.draw(block[1])
            self.lines += [f"{begin} > {body[0]}", f"{body[1]} > {end}"]
            self.lines.append(f"{end} >[modulo(bits, 3) = 1]> {begin}")
            done = self.name("xor")
            self.lines.append(f"{end} >[]> {done}")
            return begin, done
        split, join = self.name(kind), self.name(kind)
        conditions = {
            "and": (">", ">"),
            "xor": (">[odd(bits)]>", ">[]>"),
            "or": (">[bits < 5]>", ">[]>"),
        }
        for way, inner in zip(conditions[kind], block[1:], strict=True):
            begin, end = self.draw(inner)
            self.lines += [f"{split} {way} {begin}", f"{end} > {join}"]
        if kind == "or":
            self.lines[-4] = self.lines[-4].replace(">[]>", ">[bits > 2]>")
        return split, join

    def text(self, block: Any) -> str:
        begin, end = self.draw(block)
        return "; ".join([f"start > {begin}", *self.lines, f"{end} > end"])


# Free choice: each step goes on to any of several, splits are joined by whoever comes.
@st.composite
def free_choice(draw: st.DrawFn) -> str:
    count = draw(st.integers(2, 5))
    names = [f"W{n}" for n in range(count)]
    lines = ["start > W0"]
    for n, name in enumerate(names):
        targets = draw(st.lists(st.integers(0, count), min_size=1, max_size=2, unique=True))
        gate = f"xor{n}"
        lines.append(f"{name} > {gate}")
        for place, target in enumerate(targets):
            to = "end" if target == count else f"in{target}".replace("in", "pass")
            way = ">[]>" if place == len(targets) - 1 else ">[odd(bits)]>"
            lines.append(f"{gate} {way} {to}")
    wanted = {line.rpartition(" ")[2] for line in lines}
    lines += [f"pass{n} > W{n}" for n in range(count) if f"pass{n}" in wanted]
    reached = {"W0"} | {f"W{n}" for n in range(count) if f"pass{n}" in wanted}
    return "; ".join(
        line for line in lines if not line.startswith(("W", "xor")) or _of(line) in reached
    )


def _of(line: str) -> str:
    name = line.split(" ")[0]
    return "W" + name.removeprefix("xor").removeprefix("W")


def both(work: Work, text: str, choices: list[int]) -> None:
    """Walk the same schedule twice, and compare what there is after every step."""
    drawn = graph(text)
    with work.savepoint() as undone:
        same(work, drawn, choices)
        raise psycopg.Rollback(undone)


def same(work: Work, drawn: Graph, choices: list[int]) -> None:
    published(work, drawn)
    memory = Memory([drawn], MONDAY)
    memory.start({"bits": 0})
    new = process.New("n1", "990100", "D1", data={"bits": 0})
    key = process.start(work, process="p", new=new).instance.key
    for choice in choices:
        waiting = memory.waiting()
        rows = process.items(work, instance=key)
        assert [token.node for token in waiting] == [node for _, node in rows]
        conserved(memory)
        if not waiting:
            break
        place = choice % len(waiting)
        memory.complete(waiting[place], {"bits": choice})
        process.complete(work, item=rows[place][0], data={"bits": choice})
    lines = process.history(work, instance=key)
    assert [(step.act, step.node, step.path) for step in memory.history] == [
        (line.act, line.node, line.path) for line in lines
    ]
    outcome = work.value("select outcome from process.instance where id = %(id)s", id=key.id)
    assert outcome == memory.outcome


def conserved(memory: Memory) -> None:
    """Nothing is lost: an instance that has not ended has tokens, and one that has, has none."""
    assert bool(memory.tokens or memory.gatherings) is (memory.outcome is None)
    for gathering in memory.gatherings.values():
        assert len(set(gathering.arrived)) == len(gathering.arrived)  # Joins fire at once.


RUNS = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@RUNS
@given(block=BLOCKS, choices=CHOICES)
def test_block_structured_processes(work: Work, block: Any, choices: list[int]) -> None:
    both(work, Drawing().text(block), choices)


@RUNS
@given(text=free_choice(), choices=CHOICES)
def test_free_choice_processes(work: Work, text: str, choices: list[int]) -> None:
    both(work, text, choices)


@pytest.mark.parametrize("days", [0, 1, 5, 40])
def test_working_days_end_at_the_same_moment_in_memory(work: Work, days: int) -> None:
    drawn = graph(
        "start > A > end; on1 > end2",
        on1={
            "attached": "A",
            "events": timer(str(days), TimerKind.WORKDAYS),
        },
    )
    published(work, drawn)
    memory = Memory([drawn], MONDAY, calendar=calendar.load(work, region="990100"))
    memory.start()
    process.start(work, process="p", new=process.New("n1", "990100", "D1"))
    [alarm] = memory.alarms.values()
    assert alarm.due == work.value("select due_at from process.alarm")


@RUNS
@given(block=BLOCKS, choices=CHOICES)
def test_many_at_once_go_as_each_would_alone(work: Work, block: Any, choices: list[int]) -> None:
    """What one case of a bulk act asks of its own data is never answered from another case."""
    drawn = graph(Drawing().text(block))
    with work.savepoint() as undone:
        many(work, drawn, choices[:20])
        raise psycopg.Rollback(undone)


def many(work: Work, drawn: Graph, choices: list[int]) -> None:
    published(work, drawn)
    cases: list[tuple[Memory, process.Key]] = []
    for bits in range(4):
        memory = Memory([drawn], MONDAY)
        memory.start({"bits": bits})
        new = process.New(f"n{bits}", "990100", "D1", data={"bits": bits})
        cases.append((memory, process.start(work, process="p", new=new).instance.key))
    for choice in choices:
        # Every other act says nothing about the conditions, so that each goes by what it had.
        data = {"bits": choice} if choice % 2 else {"remark": choice}
        items = []
        for memory, key in cases:
            waiting = memory.waiting()
            rows = process.items(work, instance=key)
            assert [token.node for token in waiting] == [node for _, node in rows]
            if waiting:
                place = choice % len(waiting)
                memory.complete(waiting[place], data)
                items.append(rows[place][0])
        assert process.complete_many(work, items=items, data=data) == []
    for memory, key in cases:
        lines = process.history(work, instance=key)
        assert [(step.act, step.node, step.path) for step in memory.history] == [
            (line.act, line.node, line.path) for line in lines
        ]
