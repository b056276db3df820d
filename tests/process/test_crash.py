"""Worker or PostgreSQL killed in the middle of bulk work: nothing is lost, nothing done twice."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

import conftest
from conftest import MONDAY, as_application
from given_process import published, timed
from tongban import process
from tongban.foundation.actor import SYSTEM
from tongban.foundation.work import Work
from tongban.main import postgres
from tongban.main.migrate import migrate

INSTANCES = 1_500
PART = 100
WORKER = """
import sys
sys.path[:0] = {paths!r}
from conftest import MONDAY, as_application
from given_process import timed
from tongban import process
from tongban.foundation.actor import SYSTEM
from tongban.foundation.work import Work
from tongban.process import store
graph = timed()
store.remember(store.number_of(graph), graph)
with as_application({url!r}) as connection:
    while process.ring_due(Work(connection, actor=SYSTEM, now=MONDAY), limit={part}):
        connection.commit()
        print("rung", flush=True)
"""


def prepared(database: str) -> None:
    """Instances that all wait at A, with a timer that is due."""
    with as_application(database) as connection:
        work = Work(connection, actor=SYSTEM, now=MONDAY)
        published(work, timed())
        new = [process.New(f"n{n}", "990100", "D1") for n in range(INSTANCES)]
        assert process.start_many(work, process="p", new=new) == []
        work.run("update process.alarm set due_at = %(now)s", now=MONDAY)


def found(database: str, sql: str) -> list[tuple[object, ...]]:
    with psycopg.connect(database) as connection:
        return connection.execute(sql).fetchall()


def worker(database: str) -> "subprocess.Popen[str]":
    paths = [str(Path(__file__).parents[1]), *sys.path]
    code = WORKER.format(paths=paths, url=database, part=PART)
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)


def all_rang_once(database: str) -> None:
    assert found(database, "select count(*) from process.alarm") == [(0,)]
    assert found(
        database,
        "select count(*), count(distinct instance) from process.history where act = 'timer'",
    ) == [(INSTANCES, INSTANCES)]
    assert found(database, "select node, count(*) from process.token group by 1 order by 1") == [
        ("A", INSTANCES),
        ("R", INSTANCES),
    ]


def test_a_worker_killed_while_timers_ring(own_database: str) -> None:
    prepared(own_database)
    with worker(own_database) as running:
        assert running.stdout is not None
        for _ in range(3):
            assert running.stdout.readline() == "rung\n"
        running.kill()
    assert found(own_database, "select count(*) from process.alarm") != [(0,)]
    with worker(own_database) as first, worker(own_database) as second:
        assert (first.wait(60), second.wait(60)) == (0, 0)
    with worker(own_database) as last:
        assert last.wait(60) == 0
    all_rang_once(own_database)


@pytest.fixture
def mortal() -> Iterator[str]:
    """A database on a durable server of its own: what it acknowledged must outlive its death."""
    with postgres.throwaway(durable=True) as server:
        url = conftest._create(server.superuser_url(), "mortal")
        migrate(conftest._as_owner(url))
        yield url


def test_postgresql_killed_while_many_items_are_completed(mortal: str) -> None:
    prepared(mortal)
    with pytest.raises(psycopg.OperationalError):
        complete_until_killed(mortal)
    await_recovery(mortal)
    done = 5 * PART
    with as_application(mortal) as connection:
        assert len(open_items(connection)) == INSTANCES - done
        work = Work(connection, actor=SYSTEM, now=MONDAY)
        assert process.complete_many(work, items=open_items(connection)) == []
    assert found(
        mortal,
        "select count(*), count(distinct instance) from process.history where act = 'complete'",
    ) == [(INSTANCES, INSTANCES)]
    assert found(mortal, "select count(*) from process.token where node = 'A'") == [(0,)]


def complete_until_killed(database: str) -> None:
    """Complete part after part; in the sixth the server dies before the commit."""
    with as_application(database) as connection:
        for part in range(6):
            work = Work(connection, actor=SYSTEM, now=MONDAY)
            process.complete_many(work, items=open_items(connection)[:PART])
            if part == 5:
                os.kill(connection.info.backend_pid, signal.SIGKILL)
            connection.commit()


def open_items(connection: "psycopg.Connection[tuple[object, ...]]") -> list[process.ItemKey]:
    work = Work(connection, actor=SYSTEM, now=MONDAY)
    rows = work.value(
        "select coalesce(array_agg(array[month, instance, id] order by instance), '{}')"
        "  from process.token where node = 'A'"
    )
    return [process.ItemKey(process.Key("990100", row[0], row[1]), row[2]) for row in rows]


def await_recovery(database: str) -> None:
    """Wait until the server has come back; it may answer once more before it notices its loss."""
    answered = 0
    for _ in range(600):
        time.sleep(0.1)
        try:
            psycopg.connect(database).close()
        except psycopg.OperationalError:
            answered = 0
        else:
            answered += 1
            if answered == 10:
                return
    raise AssertionError("PostgreSQL did not come back")
