"""The worker: delivers events to their subscribers and runs jobs whose time has come."""

import logging
import os
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg_pool import ConnectionPool

from tongban import process
from tongban.foundation import jobs, outbox
from tongban.foundation.actor import SYSTEM
from tongban.foundation.connection import transaction
from tongban.foundation.work import Work
from tongban.main import wiring
from tongban.main.lifetime import Told, told_by_signal

log = logging.getLogger("tongban.worker")

IDLE_SECONDS = 0.5
HEARTBEAT_SECONDS = 5


def run(connections: ConnectionPool[Any], *, stop: Told | None = None) -> None:
    """Work until told to stop. A database that is away is waited for."""
    wiring.connect()
    stop = stop or told_by_signal()
    beaten, asked = 0.0, False
    while not stop.is_set():
        try:
            if not asked:
                with connections.connection() as connection, transaction(connection):
                    wiring.schedule(_work(connection))
                asked = True
            now = datetime.now(UTC).timestamp()
            if now - beaten > HEARTBEAT_SECONDS:
                _beat(connections)
                beaten = now
            if not (deliver_one(connections) | perform_one(connections) | ring(connections)):
                stop.wait(IDLE_SECONDS)
        except (psycopg.OperationalError, psycopg.InterfaceError, TimeoutError) as error:
            log.warning("database away", extra={"error": str(error)})
            connections.check()
            stop.wait(IDLE_SECONDS)


def deliver_one(connections: ConnectionPool[Any]) -> bool:
    """Deliver one event in a transaction of its own. Return whether there was one."""
    with connections.connection() as connection, transaction(connection):
        return outbox.deliver_next(_work(connection))


def perform_one(connections: ConnectionPool[Any]) -> bool:
    """Take one due job and run it. Return whether there was one."""
    with connections.connection() as connection, transaction(connection):
        taken = jobs.take(_work(connection))
    if taken is None:
        return False
    try:
        with connections.connection() as connection, transaction(connection):
            jobs.perform(_work(connection), taken)
    except Exception as error:  # One bad job must not stop the worker.
        log.error("job failed", exc_info=error, extra={"job": taken.id, "kind": taken.kind})
        with connections.connection() as connection, transaction(connection):
            jobs.failed(_work(connection), taken, error)
    return True


def ring(connections: ConnectionPool[Any]) -> bool:
    """Let timers of processes fire that are due, a part in a transaction of its own."""
    with connections.connection() as connection, transaction(connection):
        return process.ring_due(_work(connection)) > 0


def _beat(connections: ConnectionPool[Any]) -> None:
    with connections.connection() as connection:
        connection.execute(
            """
            insert into foundation.heartbeat (worker, seen_at) values (%s, now())
            on conflict (worker) do update set seen_at = excluded.seen_at
            """,
            [f"{os.uname().nodename}:{os.getpid()}"],
        )
        connection.execute(
            "delete from foundation.heartbeat where seen_at < now() - interval '1 day'"
        )


def _work(connection: psycopg.Connection[Any]) -> Work:
    return Work(connection, actor=SYSTEM, now=datetime.now(UTC))
