"""`tongban up`: it comes up, stops when told, starts again what dies, and leaves nobody behind."""

import json
import os
import signal
import socket
import time
import urllib.request
from collections.abc import Iterator

import psycopg
import pytest

from main.installation import Installation, command, free_port, gone, installation, soon

WORKER, SERVE = r"tongban worker$", r"tongban serve$"


@pytest.fixture(scope="module")
def ground() -> Iterator[Installation]:
    """An installation without the demonstration city, which the tests start in turn."""
    with installation(TONGBAN_DEMONSTRATION="0") as lent:
        yield lent


@pytest.fixture
def bare(ground: Installation) -> Iterator[Installation]:
    """The same, running."""
    ground.log.unlink(missing_ok=True)
    ground.start()
    yield ground
    ground.end()


def ready(lent: Installation) -> bool:
    try:
        with urllib.request.urlopen(f"{lent.address}/readyz", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def web(lent: Installation) -> tuple[int, list[int]]:
    """Return the process that watches over the web, and those that answer."""
    found = lent.those(SERVE)
    [keeper] = [pid for pid in found if _parent(pid) == lent.up.pid]
    return keeper, [pid for pid in found if pid != keeper]


def _parent(pid: int) -> int:
    with open(f"/proc/{pid}/stat") as stat:
        return int(stat.read().rpartition(")")[2].split()[1])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stops_cleanly_when_told_to(bare: Installation, number: int) -> None:
    family = list(bare.processes())
    assert len(family) > 5, bare.processes()

    assert bare.stop(number) == 0

    assert all(map(gone, family))
    assert "Traceback" not in bare.said()


def test_logs_one_json_object_a_line_and_speaks_to_people_in_words(bare: Installation) -> None:
    ready(bare)
    bare.stop()

    lines = bare.said().splitlines()
    logged = [json.loads(line) for line in lines if line.startswith("{")]
    assert {"at", "level", "logger", "message"} <= logged[0].keys()
    assert any(line["message"] == "answered" and line["route"] == "/readyz" for line in logged)
    assert any("通办已就绪" in line for line in lines)


def test_killed_with_9_it_leaves_nobody_behind(bare: Installation) -> None:
    family = bare.processes()
    assert any("postgres" in line for line in family.values())

    bare.up.kill()
    bare.up.wait()

    assert soon(lambda: all(map(gone, family)), seconds=15), {
        pid: command(pid) for pid in family if not gone(pid)
    }
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        trial.bind(("127.0.0.1", int(bare.address.rpartition(":")[2])))


def test_the_web_goes_when_only_its_keeper_is_killed(bare: Installation) -> None:
    keeper, answering = web(bare)
    assert len(answering) == 2

    os.kill(keeper, signal.SIGKILL)

    assert soon(lambda: all(map(gone, answering)))
    assert soon(lambda: ready(bare))
    assert "tongban serve" in bare.said()


def test_starts_a_dead_worker_web_and_database_again(bare: Installation) -> None:
    [worker] = bare.those(WORKER)
    os.kill(worker, signal.SIGKILL)
    assert soon(lambda: gone(worker) and len(bare.those(WORKER)) == 1)

    os.kill(web(bare)[1][0], signal.SIGKILL)
    assert soon(lambda: len(web(bare)[1]) == 2)

    with psycopg.connect(bare.url()) as connection:
        [postmaster] = connection.execute("select pg_postmaster_start_time()").fetchone()
    [killed] = bare.those(r"postgres -D")
    os.kill(killed, signal.SIGKILL)
    assert soon(lambda: "数据库意外停止" in bare.said())
    assert soon(lambda: ready(bare), seconds=30)
    with psycopg.connect(bare.url()) as connection:
        [newer] = connection.execute("select pg_postmaster_start_time()").fetchone()
    assert newer > postmaster
    assert bare.stop() == 0


def test_gives_up_on_what_keeps_dying(bare: Installation) -> None:
    deadline = time.monotonic() + 60
    while bare.up.poll() is None and time.monotonic() < deadline:
        for pid in bare.those(WORKER):
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)

    assert bare.up.wait(timeout=30) == 1
    assert "tongban worker keeps dying" in bare.said()


def test_a_taken_port_is_refused_before_anything_is_started() -> None:
    with installation() as lent, socket.create_server(("127.0.0.1", 0)) as somebody:
        port = somebody.getsockname()[1]

        refused = lent.run("up", TONGBAN_PORT=str(port))

        assert refused.returncode == 1
        assert f"Port {port} is taken" in refused.stderr
        assert "Traceback" not in refused.stderr
        assert not (lent.data / "postgres").exists()


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "８０"])
def test_a_port_that_cannot_be_is_refused_in_words(port: str) -> None:
    with installation() as lent:
        refused = lent.run("up", TONGBAN_PORT=port)

    assert refused.returncode == 1
    assert "TONGBAN_PORT" in refused.stderr
    assert "65535" in refused.stderr


def test_a_second_up_on_the_same_data_is_refused(bare: Installation) -> None:
    refused = bare.run("up", TONGBAN_PORT=str(free_port()))

    assert refused.returncode == 1
    assert str(bare.up.pid) in refused.stderr
    assert ready(bare)
