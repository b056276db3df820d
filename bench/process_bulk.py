"""Bulk work of the process engine at the sizes that occur: `make bench-process-bulk`.

Instances of one process (a step with a reminder, then another step) are started, all their
reminders fire, ten thousand steps are completed with one decision, and everything is moved to a
further version of the process and back. CPU seconds are those of this process and of the database
backend; each part (a transaction of its own) is one call of the command that the worker or an
officer uses.

    python bench/process_bulk.py [--instances 100000]
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

sys.path[:0] = [str(Path(__file__).parents[1] / part) for part in ("src", "tests", "bench")]
os.environ.setdefault("TONGBAN_KEY_FILE", f"{tempfile.mkdtemp(prefix='tongban-bench-')}/key")

from installed import backend_seconds, connected, installed  # noqa: E402

from tongban import process  # noqa: E402
from tongban.foundation.actor import SYSTEM  # noqa: E402
from tongban.foundation.work import Work  # noqa: E402

TODAY = datetime.now(UTC).date()
PART = 10_000
HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
             xmlns:tongban="{process.NAMESPACE}" targetNamespace="urn:bulk" id="d">
<process id="bulk" isExecutable="true"><startEvent id="start"/><userTask id="A" name="check"/>
<boundaryEvent id="late" attachedToRef="A" cancelActivity="false"><timerEventDefinition>
<timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent><endEvent id="told"/>
<userTask id="B" name="decide"/><endEvent id="end"/>
<sequenceFlow id="f1" sourceRef="start" targetRef="A"/>
<sequenceFlow id="f2" sourceRef="late" targetRef="told"/>
"""
FIRST = (
    HEAD
    + """<sequenceFlow id="f3" sourceRef="A" targetRef="B"/>
<sequenceFlow id="f4" sourceRef="B" targetRef="end"/></process></definitions>"""
)
SECOND = (
    HEAD
    + """<userTask id="N" name="review"/>
<sequenceFlow id="f3" sourceRef="A" targetRef="N"/>
<sequenceFlow id="f5" sourceRef="N" targetRef="B"/>
<sequenceFlow id="f4" sourceRef="B" targetRef="end"/></process></definitions>"""
)


class Clocked:
    """Commands on one connection, with the CPU that they cost on both sides."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.now = datetime.now(UTC)

    def work(self) -> Work:
        return Work(self.connection, actor=SYSTEM, now=self.now)

    def server(self) -> float:
        return backend_seconds(self.connection.info.backend_pid)

    def measure(self, what: str, each: Callable[[], int]) -> None:
        """Call until nothing is left to do, each time in a transaction of its own."""
        began, client, server, done = time.monotonic(), time.process_time(), self.server(), 0
        while count := each():
            self.connection.commit()
            done += count
        self.connection.commit()
        client, server = time.process_time() - client, self.server() - server
        sys.stdout.write(
            f"{TODAY} {what:<46} {done:8,} in {client + server:6.1f} s of CPU"
            f" ({client:.1f} client + {server:.1f} server), {time.monotonic() - began:6.1f} s:"
            f" {done / (client + server):8,.0f} a core second\n"
        )
        sys.stdout.flush()


def run(clocked: Clocked, superuser: Any, instances: int) -> None:
    """Everything in turn."""
    parts = list(range(0, instances, PART))

    def start() -> int:
        if not parts:
            return 0
        since = parts.pop(0)
        numbers = range(since, min(since + PART, instances))
        new = [process.New(f"b{n}", "990100", "D-BENCH", "p-1", {"n": n}) for n in numbers]
        assert not process.start_many(clocked.work(), process="bulk", new=new)
        return len(new)

    clocked.measure("instances started", start)
    superuser.execute("vacuum analyze")
    clocked.now += timedelta(hours=2)
    clocked.measure("due timers fired", lambda: process.ring_due(clocked.work()))
    superuser.execute("vacuum analyze")
    clocked.work()
    rows = clocked.connection.execute(
        "select region, month, instance, id from process.token where state = 'work'"
        " order by instance limit 10000"
    ).fetchall()
    chosen = [[process.ItemKey(process.Key(*row[:3]), row[3]) for row in rows]]

    def complete() -> int:
        if not chosen:
            return 0
        items = chosen.pop()
        assert not process.complete_many(clocked.work(), items=items, data={"opinion": "agreed"})
        return len(items)

    clocked.measure("work items completed with one decision", complete)
    migrated(clocked, superuser)


def migrated(clocked: Clocked, superuser: Any) -> None:
    """To the second version and back."""
    work = clocked.work()
    source = work.value("select id from process.definition where process = 'bulk'")
    second = process.publish(work, bpmn=SECOND.encode(), department="D-BENCH", region="990100")
    pairs = process.propose_migration(work, source=source, target=second.id)
    nodes = {one.node: one.to for one in pairs}
    clocked.connection.commit()
    place: list[Any] = [None, True]

    def try_it() -> int:
        if not place[1]:
            return 0
        found = process.dry_run(
            clocked.work(), source=source, target=second.id, nodes=nodes, after=place[0]
        )
        place[:] = [found.after, found.after is not None]
        return found.checked

    clocked.measure("instances of a migration tried", try_it)
    number = process.migrate(
        clocked.work(), source=source, target=second.id, nodes=nodes, reason="bench"
    )
    clocked.connection.commit()
    clocked.measure("instances moved to another version", lambda: part(clocked, number))
    superuser.execute("vacuum analyze")
    process.revert(clocked.work(), migration=number, reason="bench")
    clocked.connection.commit()
    clocked.measure("instances moved back", lambda: part(clocked, number))
    told = process.migration(clocked.work(), migration=number)
    assert told is not None
    sys.stdout.write(
        f"{TODAY} moved {told.moved:,} of {told.total:,}, back {told.reverted:,},"
        f" refused {told.refused:,}\n"
    )


def part(clocked: Clocked, number: int) -> int:
    """One part of a migration: how many it moved, either way."""
    before = process.migration(clocked.work(), migration=number)
    if before is None or before.state in ("moved", "reverted"):
        return 0
    process.go_on_migrating(clocked.work(), migration=number)
    after = process.migration(clocked.work(), migration=number)
    assert after is not None
    return after.moved - before.moved + after.reverted - before.reverted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--instances", type=int, default=100_000)
    asked = parser.parse_args()
    with (
        installed() as ours,
        psycopg.connect(ours.superuser, autocommit=True) as superuser,
        connected(ours.url) as connection,
    ):
        clocked = Clocked(connection)
        process.publish(clocked.work(), bpmn=FIRST.encode(), department="D-BENCH", region="990100")
        connection.commit()
        run(clocked, superuser, asked.instances)


if __name__ == "__main__":
    main()
