"""One government case through our process engine and through SpiffWorkflow: `make bench-process`.

The case: a first check (accept, correct and again, reject), N departments in parallel, a decision,
the licence made by a script, delivery, rating: ten steps of people with N = 4 and one correction.
Both keep their state in one PostgreSQL of their own (fsync on), one transaction for each step. The
peer keeps an instance as the JSON of its serialiser in one row, restores it, completes a task with
two small values, runs on, writes it back, closes one work-item row, adds new ones and one line of
trace. Ours goes through the commands with permission, history, trace and outbox.

CPU seconds are those of this process and of the database backend, so other load on the machine
disturbs little. Nine rounds, interleaved, in one run. The peer comes with the extra `bench`.

    python bench/process.py [--seconds 1] [--rounds 9]
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

import psycopg

sys.path[:0] = [str(Path(__file__).parents[1] / part) for part in ("src", "tests", "bench")]
os.environ.setdefault("TONGBAN_KEY_FILE", f"{tempfile.mkdtemp(prefix='tongban-bench-')}/key")

from installed import backend_seconds, connected, installed  # noqa: E402

from tongban import process  # noqa: E402
from tongban.foundation.actor import SYSTEM, Actor, Grant  # noqa: E402
from tongban.foundation.work import Work  # noqa: E402

TODAY = datetime.now(UTC).date()
OFFICER = Actor(
    id="o-bench",
    name="李小红",
    grants=(Grant(frozenset({"process.work", "process.start"}), region="9901"),),
)
FIELDS = {f"field_{n:02}": f"value of field {n}" for n in range(20)}
BATCH = 100
_numbers = count(1)


def govcase(departments: int, *, equals: str) -> str:
    """The case as BPMN 2.0; ``equals`` is how its expressions compare."""
    quote = '"' if equals == "=" else "'"

    def outcome(value: str) -> str:
        return (
            '<conditionExpression xsi:type="tFormalExpression">'
            f"outcome {equals} {quote}{value}{quote}</conditionExpression>"
        )

    tasks = ["precheck", "correction", "decision", "deliver", "rate"]
    tasks += [f"dept{n}" for n in range(departments)]
    flows = [
        ("start", "merge", ""), ("merge", "precheck", ""), ("precheck", "gw", ""),
        ("gw", "rejected", ""), ("gw", "split", outcome("accept")),
        ("gw", "correction", outcome("correct")), ("correction", "merge", ""),
        ("join", "decision", ""), ("decision", "gw2", ""), ("gw2", "refused", ""),
        ("gw2", "issue", outcome("approve")), ("issue", "deliver", ""), ("deliver", "rate", ""),
        ("rate", "end", ""),
    ]  # fmt: skip
    for n in range(departments):
        flows += [("split", f"dept{n}", ""), (f"dept{n}", "join", "")]
    drawn = "".join(
        f'<sequenceFlow id="f{n}" sourceRef="{a}" targetRef="{b}">{how}</sequenceFlow>'
        for n, (a, b, how) in enumerate(flows)
    )
    users = "".join(f'<userTask id="{task}" name="{task}"/>' for task in tasks)
    written = 'licence = "L1"' if equals == "==" else '"L1"'
    result = "" if equals == "==" else ' tongban:result="licence"'
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
             xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
             xmlns:tongban="{process.NAMESPACE}" targetNamespace="urn:gov" id="d">
<process id="govcase{departments}" isExecutable="true">
<startEvent id="start"/>{users}
<scriptTask id="issue" name="issue"{result}><script>{written}</script></scriptTask>
<exclusiveGateway id="merge"/><exclusiveGateway id="gw" default="f3"/>
<parallelGateway id="split"/><parallelGateway id="join"/>
<exclusiveGateway id="gw2" default="f9"/>
<endEvent id="rejected"/><endEvent id="refused"/><endEvent id="end"/>
{drawn}</process></definitions>"""


def said(node: str, corrections: int) -> dict[str, object]:
    """What the person at a step says; the first checks ask for corrections."""
    if node == "precheck":
        return {"outcome": "correct" if corrections > 0 else "accept", "by": "officer-17"}
    return {"outcome": "approve" if node == "decision" else "done", "by": "officer-17"}


@dataclass(slots=True)
class Meter:
    """CPU seconds of this process and of one backend, and the steps done in them."""

    backend: int
    steps: int = 0
    client: float = 0.0
    server: float = 0.0

    @property
    def per_step(self) -> float:
        return (self.client + self.server) / max(self.steps, 1)


@dataclass(slots=True)
class Ours:
    """Cases in our engine, done step by step by one officer, or a hundred at a time."""

    connection: Any
    departments: int
    corrections: int = 1

    def work(self, actor: Actor = OFFICER) -> Work:
        return Work(self.connection, actor=actor, now=datetime.now(UTC))

    def begin(self, cases: int) -> list[Any]:
        """Start cases, outside of what is measured."""
        begun = []
        for _ in range(cases):
            new = process.New(f"bench-{next(_numbers)}", "990100", "D-BENCH", "p-bench", FIELDS)
            begun.append(process.start(self.work(), process=f"govcase{self.departments}", new=new))
        self.connection.commit()
        return begun

    def cases(self) -> Iterator[Callable[[], int]]:
        """Cases that have begun, each with what does its steps one by one."""
        while True:
            [begun] = self.begin(1)
            yield lambda begun=begun: self._steps(begun)  # type: ignore[misc]

    def opinions(self) -> Iterator[Callable[[], int]]:
        """Cases whose departments are asked, each with what gives all their opinions but one."""
        while True:
            pending, _ = self._on(list(self.begin(1)[0].items), 0, until="dept0")
            mine = pending[: self.departments - 1]
            yield lambda mine=mine: sum(bool(self._on([one], 0, steps=1)) for one in mine)  # type: ignore[misc]

    def after_corrections(self) -> Iterator[Callable[[], int]]:
        """Cases that have been corrected for the last time, each with what does the rest."""
        while True:
            pending = list(self.begin(1)[0].items)
            pending, _ = self._on(pending, self.corrections, steps=2 * self.corrections)
            yield lambda pending=pending: self._on(pending, 0)[1]  # type: ignore[misc]

    def _steps(self, begun: Any) -> int:
        return self._on(list(begun.items), self.corrections)[1]

    def _on(
        self, pending: list[Any], asked: int, *, steps: int = 1_000_000, until: str = ""
    ) -> tuple[list[Any], int]:
        """Do steps one by one, each in a transaction; return what is open then, and how many."""
        done = 0
        while pending and done < steps and pending[0][1] != until:
            item, node = pending.pop(0)
            data = said(node, asked)
            asked -= node == "precheck"
            following = process.complete(self.work(), item=item, data=data)
            self.connection.commit()
            pending += following.items
            done += 1
        return pending, done

    def batches(self) -> Iterator[Callable[[], int]]:
        """A hundred cases side by side, each hundred of work items in one transaction."""
        while True:
            begun = self.begin(BATCH)
            asked = self.corrections
            items = [(one.items[0][0], one.items[0][1]) for one in begun]
            while items:
                node = items[0][1]
                mine = [item for item, at in items if at == node]
                data = said(node, asked)
                asked -= node == "precheck"
                yield lambda mine=mine, data=data: self._batch(mine, data)  # type: ignore[misc]
                items = self.waiting(begun)
                self.connection.commit()

    def _batch(self, items: list[Any], data: dict[str, object]) -> int:
        refused = process.complete_many(self.work(), items=items, data=data)
        assert not refused, refused[:3]
        self.connection.commit()
        return len(items)

    def waiting(self, begun: list[Any]) -> list[tuple[Any, str]]:
        """The work items that are open now in these cases, those of one step together."""
        rows = self.connection.execute(
            "select t.region, t.month, t.instance, t.id, t.node from process.token t"
            " where t.state = 'work' and t.region = '990100' and t.instance = any (%s)"
            " order by t.node, t.id",
            [[one.instance.key.id for one in begun]],
        ).fetchall()
        return [(process.ItemKey(process.Key(*row[:3]), row[3]), row[4]) for row in rows]


class Peer:
    """The same case in SpiffWorkflow."""

    TABLES = """
    create schema peer;
    create table peer.instance (id bigint primary key, state text not null);
    create table peer.work_item (instance bigint not null, task text not null, node text not null,
                                 closed_at timestamptz, primary key (instance, task));
    create table peer.trace (id bigint generated always as identity primary key,
                             instance bigint not null, node text not null, actor text not null,
                             at timestamptz not null);
    create index on peer.trace (instance);
    grant usage on schema peer to tongban_app;
    grant all on all tables in schema peer to tongban_app;
    """

    def __init__(self, connection: Any, departments: int, corrections: int = 1) -> None:
        from SpiffWorkflow.bpmn.parser import BpmnParser
        from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
        from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
        from SpiffWorkflow.util.task import TaskState

        self.connection, self.corrections = connection, corrections
        parser = BpmnParser()
        parser.add_bpmn_str(govcase(departments, equals="==").encode())
        self._spec = parser.get_spec(f"govcase{departments}")
        self._workflow, self._ready = BpmnWorkflow, TaskState.READY
        self._serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())

    def cases(self) -> Iterator[Callable[[], int]]:
        while True:
            number = next(_numbers)
            workflow = self._workflow(self._spec)
            workflow.data.update(FIELDS)
            workflow.do_engine_steps()
            self.connection.execute(
                "insert into peer.instance values (%s, %s)",
                [number, self._serializer.serialize_json(workflow)],
            )
            self._new_items(number, workflow, set())
            self.connection.commit()
            yield lambda number=number: self._steps(number)  # type: ignore[misc]

    def _steps(self, number: int) -> int:
        asked, done = self.corrections, 0
        node: str | None = "precheck"
        while node is not None:
            data = said(node, asked)
            asked -= node == "precheck"
            node = self._step(number, data)
            done += 1
        return done

    def _step(self, number: int, data: dict[str, object]) -> str | None:
        run = self.connection.execute
        state = run("select state from peer.instance where id = %s for update", [number])
        workflow = self._serializer.deserialize_json(state.fetchone()[0])
        ready = workflow.get_tasks(state=self._ready, manual=True)
        task, others = ready[0], {str(one.id) for one in ready}
        task.data.update(data)
        task.run()
        workflow.do_engine_steps()
        run(
            "update peer.instance set state = %s where id = %s",
            [self._serializer.serialize_json(workflow), number],
        )
        run(
            "update peer.work_item set closed_at = now() where instance = %s and task = %s",
            [number, str(task.id)],
        )
        following = self._new_items(number, workflow, others)
        run(
            "insert into peer.trace (instance, node, actor, at) values (%s, %s, %s, now())",
            [number, task.task_spec.name, OFFICER.id],
        )
        self.connection.commit()
        return following

    def _new_items(self, number: int, workflow: Any, known: set[str]) -> str | None:
        ready = workflow.get_tasks(state=self._ready, manual=True)
        for one in ready:
            if str(one.id) not in known:
                self.connection.execute(
                    "insert into peer.work_item (instance, task, node) values (%s, %s, %s)",
                    [number, str(one.id), one.task_spec.name],
                )
        return ready[0].task_spec.name if ready else None


def size_of_a_case(connection: Any, ours: Ours, cases: int) -> float:
    """Bytes on disk of a finished case of ten steps, indexes, history, trace and all."""
    tables = (
        "process.instance", "process.token", "process.gathering", "process.variable",
        "process.history", "process.alarm", "process.subscription", "foundation.event",
        "foundation.delivery",
    )  # fmt: skip

    def total() -> int:
        found = 0
        for table in tables:
            [[size]] = connection.execute(
                "select pg_total_relation_size(%s::regclass)", [table]
            ).fetchall()
            found += size
        return found

    before, begun = total(), ours.cases()
    for _ in range(cases):
        next(begun)()
    for table in tables:
        connection.execute(f"vacuum {table}")
    return (total() - before) / cases


def say(what: str, meter: Meter) -> None:
    line = (
        f"{TODAY} {what:<46} {1 / meter.per_step:10,.0f} steps per core second"
        f" = {meter.per_step * 1e6:8.1f} us ({meter.client / meter.steps * 1e6:.1f} client"
        f" + {meter.server / meter.steps * 1e6:.1f} server)\n"
    )
    sys.stdout.write(line)
    sys.stdout.flush()


def measure(url: str, superuser: Any, seconds: float, rounds: int) -> None:
    """Everything in turn, three times over, and what it comes to."""
    with connected(url) as connection:
        work = Work(connection, actor=SYSTEM, now=datetime.now(UTC))
        for departments in (4, 100):
            bpmn = govcase(departments, equals="=").encode()
            process.publish(work, bpmn=bpmn, department="D-BENCH", region="990100")
        connection.commit()
        small, wide = Ours(connection, 4), Ours(connection, 100)
        long, plain = Ours(connection, 4, corrections=50), Ours(connection, 4, corrections=0)
        few, many = Ours(connection, 4), Ours(connection, 100)
        runs = {
            "SpiffWorkflow, 4 departments": Peer(connection, 4).cases(),
            "ours, one by one, 4 departments": small.cases(),
            "ours, batches of 100, 4 departments": Ours(connection, 4).batches(),
            "ours, one by one, 100 departments": wide.cases(),
            "ours, an opinion, 4 departments": few.opinions(),
            "ours, an opinion, 100 departments": many.opinions(),
            "ours, the steps after no correction": plain.after_corrections(),
            "ours, the same after 50 corrections": long.after_corrections(),
            "SpiffWorkflow, 100 departments": Peer(connection, 100).cases(),
        }
        backend = connection.info.backend_pid
        meters: dict[str, list[Meter]] = {name: [] for name in runs}
        for _ in range(rounds + 1):
            for name, steps in runs.items():
                meters[name].append(one_round(Meter(backend), steps, seconds))
            superuser.execute("analyze")
        for name, found in meters.items():
            # The first round warms up plans and caches, of the peer as well.
            found.pop(0)
            say(name, sorted(found, key=lambda meter: meter.per_step)[rounds // 2])
        size = size_of_a_case(superuser, Ours(connection, 4), 300)
    sys.stdout.write(f"{TODAY} a finished case of ten steps: {size / 1024:.1f} KB on disk\n")
    summary(meters)


def one_round(meter: Meter, cases: Iterator[Callable[[], int]], seconds: float) -> Meter:
    """Cases for so many seconds of their steps; beginning a case is not counted."""
    spent = 0.0
    while spent < seconds:
        steps = next(cases)
        began, server, client = (
            time.monotonic(),
            backend_seconds(meter.backend),
            time.process_time(),
        )
        meter.steps += steps()
        meter.client += time.process_time() - client
        meter.server += backend_seconds(meter.backend) - server
        spent += time.monotonic() - began
    return meter


def summary(meters: dict[str, list[Meter]]) -> None:
    """The middle of the ratios within each round: what is compared ran one after the other."""

    def ratio(above: str, below: str) -> float:
        both = zip(meters[above], meters[below], strict=True)
        return median(one.per_step / other.per_step for one, other in both)

    interactive = ratio("SpiffWorkflow, 4 departments", "ours, one by one, 4 departments")
    batch = ratio("SpiffWorkflow, 4 departments", "ours, batches of 100, 4 departments")
    # Like with like: a case of 100 departments is nearly all opinions, which cost less than others.
    growths = (
        ratio("ours, an opinion, 100 departments", "ours, an opinion, 4 departments"),
        ratio("ours, the same after 50 corrections", "ours, the steps after no correction"),
    )
    sys.stdout.write(
        f"growth with departments {growths[0]:.2f}, with corrections {growths[1]:.2f}\n"
    )
    growth = max(growths, key=lambda each: abs(each - 1))
    sys.stdout.write(
        f"interactive_ratio={interactive:.1f} batch_ratio={batch:.1f} growth={growth:.2f}\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=1)
    parser.add_argument("--rounds", type=int, default=9)
    asked = parser.parse_args()
    with installed() as ours, psycopg.connect(ours.superuser, autocommit=True) as superuser:
        superuser.execute(Peer.TABLES)
        measure(ours.url, superuser, asked.seconds, asked.rounds)


if __name__ == "__main__":
    main()
