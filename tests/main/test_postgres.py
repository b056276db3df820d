"""The embedded database as everybody uses it: started, connected to, stopped, started again."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from postgres_ground import finished_ground
from tongban.main import postgres


@pytest.fixture(scope="module")
def embedded() -> Iterator[postgres.Server]:
    with postgres.throwaway() as server:
        yield server


@pytest.fixture
def ground() -> Iterator[Path]:
    with finished_ground() as data:
        yield data


def test_speaks_chinese_and_checks_its_pages(embedded: postgres.Server) -> None:
    url = embedded.create_database("speaks")
    with psycopg.connect(url) as connection:
        connection.execute("create extension pg_trgm")
        told = connection.execute(
            """
            select current_setting('server_encoding'), datcollate, datctype,
                   current_setting('data_checksums'), current_setting('TimeZone'),
                   cardinality(show_trgm('营业执照'))
              from pg_database where datname = current_database()
            """
        ).fetchone()
    assert told == ("UTF8", "C.UTF-8", "C.UTF-8", "on", "UTC", 5)


def test_the_owner_owns_and_the_application_owns_nothing(embedded: postgres.Server) -> None:
    with psycopg.connect(embedded.url("tongban_owner")) as connection:
        connection.execute("create table thing (number int)")
        connection.execute("grant select on thing to tongban_app")
        rights = connection.execute(
            """
            select rolname, rolsuper, rolbypassrls, rolcreaterole
              from pg_roles where rolname like 'tongban%' order by rolname
            """
        ).fetchall()
    assert rights == [
        ("tongban_app", False, False, False),
        ("tongban_owner", False, False, False),
    ]
    with psycopg.connect(embedded.url("tongban_app")) as connection:
        assert connection.execute("select * from thing").fetchall() == []
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("create table public.mine (number int)")


def test_the_application_cannot_become_the_owner(embedded: postgres.Server) -> None:
    with (
        psycopg.connect(embedded.url("tongban_app")) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("set role tongban_owner")


def test_a_database_copied_from_a_template_has_its_tables(embedded: postgres.Server) -> None:
    with psycopg.connect(embedded.create_database("mould")) as connection:
        connection.execute("create table thing (number int)")
    copy = embedded.create_database("copy", template="mould")
    with psycopg.connect(copy) as connection:
        connection.execute("insert into thing values (1)")
        connection.commit()
        embedded.drop_database("copy")
        with pytest.raises(psycopg.OperationalError):
            connection.execute("select 1")
    embedded.drop_database("copy")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(copy)


def test_data_survives_a_stop_and_the_warm_start_is_quick(ground: Path) -> None:
    with (
        postgres.start(ground) as server,
        psycopg.connect(server.url("tongban_owner")) as connection,
    ):
        connection.execute("create table kept as select 42 as number")
        connection.commit()
    began = time.monotonic()
    with postgres.start(ground) as server:
        took = time.monotonic() - began
        with psycopg.connect(server.url("tongban_owner")) as connection:
            assert connection.execute("select number from kept").fetchone() == (42,)
    # A tenth of a second when the machine is idle; the bar leaves room for busy neighbours.
    assert took < 1.5


def test_a_server_is_fully_durable_unless_told_otherwise(
    ground: Path, embedded: postgres.Server
) -> None:
    settings = """
        select current_setting('fsync'), current_setting('synchronous_commit'),
               current_setting('full_page_writes')
    """
    with (
        postgres.start(ground) as server,
        psycopg.connect(server.url()) as durable,
        psycopg.connect(embedded.url()) as quick,
    ):
        assert durable.execute(settings).fetchone() == ("on", "on", "on")
        assert quick.execute(settings).fetchone() == ("off", "off", "off")


def test_a_second_start_says_who_runs_the_first(ground: Path) -> None:
    with postgres.start(ground, durable=False) as server:
        with pytest.raises(postgres.AlreadyRunning, match=f"pid {os.getpid()}"):
            postgres.start(ground)
        other = postgres.running(ground)
        assert other is not None
        assert other.url() == server.url()
        other.stop()
        assert server.alive, "only the starter stops a server"
    assert postgres.running(ground) is None


def test_the_data_directory_is_var_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TONGBAN_DATA", raising=False)
    assert postgres.data_directory() == Path.cwd() / "var"
    monkeypatch.setenv("TONGBAN_DATA", "/srv/tongban")
    assert postgres.data_directory() == Path("/srv/tongban")
    assert postgres.data_directory(Path("/data")) == Path("/data")
