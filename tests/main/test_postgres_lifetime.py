"""No server outlives its starter, and no death costs more than a restart."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from postgres_ground import empty_ground, finished_ground, postmaster
from tongban.main import postgres
from tongban.main.postgres import account, lock, place

SOURCE = Path(postgres.__file__).parents[3]


@pytest.fixture
def ground() -> Iterator[Path]:
    with finished_ground() as data:
        yield data


@pytest.fixture
def empty() -> Iterator[Path]:
    with empty_ground() as data:
        yield data


@contextmanager
def starter(data: Path) -> Iterator["subprocess.Popen[str]"]:
    """Run another program that starts the server, until the server answers."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tongban.main.postgres", "--data", str(data)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(SOURCE)},
        start_new_session=True,
    )
    assert process.stdout is not None
    with process.stdout:
        try:
            assert process.stdout.readline().startswith("postgresql://tongban_app@/")
            yield process
        finally:
            process.kill()
            process.wait()


def guard(data: Path) -> int:
    holder = lock.read(place.find(data).lock)
    assert holder is not None
    return holder.guard


def soon(true: Callable[[], bool], *, seconds: float = 30) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.01)
    return False


def gone(pid: int) -> bool:
    return lock.birth(pid) == ""


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_the_server_goes_with_its_starter(ground: Path, sent: signal.Signals) -> None:
    with starter(ground) as process:
        server = postmaster(ground)
        process.send_signal(sent)
        assert soon(lambda: gone(server))
    assert soon(lambda: postgres.running(ground) is None)
    assert not (place.find(ground).cluster / "postmaster.pid").exists(), "a clean shutdown"


def test_the_server_goes_although_a_fork_of_the_starter_lives_on(ground: Path) -> None:
    forking = """
import os, sys, time
from pathlib import Path
from tongban.main import postgres
server = postgres.start(Path(sys.argv[1]), durable=False)
if os.fork() == 0:
    os.close(1)
    time.sleep(60)
    os._exit(0)
print("ready", flush=True)
time.sleep(60)
"""
    process = subprocess.Popen(
        [sys.executable, "-c", forking, str(ground)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(SOURCE)},
        start_new_session=True,
    )
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline() == "ready\n"
    server = postmaster(ground)
    process.kill()
    try:
        assert soon(lambda: gone(server))
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_the_server_goes_when_its_guard_is_killed(ground: Path) -> None:
    with starter(ground):
        server = postmaster(ground)
        os.kill(guard(ground), signal.SIGKILL)
        assert soon(lambda: gone(server))
        assert soon(lambda: postgres.running(ground) is None)


def test_a_new_start_waits_for_a_server_whose_starter_was_just_killed(ground: Path) -> None:
    with starter(ground) as process:
        process.kill()
        process.wait()
        with postgres.start(ground, durable=False) as server:
            assert server.alive


def test_of_two_first_starts_at_once_one_wins_and_the_other_is_told(empty: Path) -> None:
    command = [sys.executable, "-m", "tongban.main.postgres", "--data", str(empty)]
    both = [
        subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": str(SOURCE)},
        )
        for _ in range(2)
    ]
    try:
        assert soon(lambda: any(process.poll() is not None for process in both), seconds=60)
        loser, winner = sorted(both, key=lambda process: process.poll() is None)
        assert loser.stderr is not None
        assert f"pid {winner.pid}" in loser.stderr.read()
        assert winner.stdout is not None
        assert winner.stdout.readline().startswith("postgresql://tongban_app@/")
    finally:
        for process in both:
            process.terminate()
            process.communicate()


def test_ctrl_c_reaches_the_starter_first(ground: Path) -> None:
    """A shell sends SIGINT to everything in the foreground; the server must not be among it."""
    with starter(ground) as process:
        server = postmaster(ground)
        assert os.getpgid(server) != os.getpgid(process.pid)
        assert os.getpgid(guard(ground)) != os.getpgid(process.pid)


def test_nothing_that_was_acknowledged_is_lost_when_postgresql_is_killed(ground: Path) -> None:
    acknowledged = []
    with postgres.start(ground) as server:
        killed = postmaster(ground)
        with psycopg.connect(server.url("tongban_owner"), autocommit=True) as connection:
            connection.execute("create table ledger (number int)")
            for number in range(200):
                connection.execute("insert into ledger values (%s)", [number])
                acknowledged.append(number)
        os.kill(killed, signal.SIGKILL)
        assert soon(lambda: not server.alive)
    with (
        postgres.start(ground) as server,
        psycopg.connect(server.url("tongban_owner")) as connection,
    ):
        found = connection.execute("select number from ledger order by number").fetchall()
    assert [number for (number,) in found] == acknowledged


def test_a_process_file_that_names_a_living_stranger_is_seen_through(ground: Path) -> None:
    with postgres.start(ground, durable=False):
        kept = (place.find(ground).cluster / "postmaster.pid").read_text()
    cluster = place.find(ground).cluster
    who = account.choose(cluster)
    same = None if who.is_starter else who.uid
    stranger = subprocess.Popen(["sleep", "60"], cwd="/", user=same)
    try:
        _, _, rest = kept.partition("\n")
        (cluster / "postmaster.pid").write_text(f"{stranger.pid}\n{rest}")
        with postgres.start(ground, durable=False) as server:
            assert server.alive
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


@pytest.mark.parametrize("left", ["", "nonsense\n", "999999999\n/nowhere\n"])
def test_a_process_file_that_a_crash_left_behind_is_no_obstacle(ground: Path, left: str) -> None:
    postgres.start(ground, durable=False).stop()
    (place.find(ground).cluster / "postmaster.pid").write_text(left)
    with postgres.start(ground, durable=False) as server:
        assert server.alive


def test_a_server_that_somebody_else_started_on_the_cluster_is_left_alone(ground: Path) -> None:
    with postgres.start(ground, durable=False) as server:
        lockfile = place.find(ground).lock
        # The lock file is removed by hand, so that only the process file still tells.
        lockfile.unlink()
        with pytest.raises(postgres.AlreadyRunning, match=f"postgres, pid {postmaster(ground)}"):
            postgres.start(ground, durable=False)
        with psycopg.connect(server.url()) as connection:
            assert connection.execute("select 1").fetchone() == (1,)


def test_a_start_that_was_interrupted_leaves_nothing_that_looks_like_a_cluster(
    ground: Path,
) -> None:
    postgres.start(ground, durable=False).stop()
    home = place.find(ground).home
    # As a kill -9 in the middle of initdb leaves it: half a cluster under the other name.
    (home / "cluster").rename(home / "cluster.new")
    (home / "cluster.new" / "PG_VERSION").unlink()
    with (
        postgres.start(ground, durable=False) as server,
        psycopg.connect(server.url()) as connection,
    ):
        assert connection.execute("select 1").fetchone() == (1,)
    assert not (home / "cluster.new").exists()
