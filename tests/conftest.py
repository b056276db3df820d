"""Fixtures: a migrated database once, one rolled-back transaction for each test.

``TEST_DATABASE_URL`` names a server to test on (a superuser's URL); without it the embedded
PostgreSQL is started in a throw-away folder.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from given import Given
from tongban.foundation import outbox
from tongban.foundation.actor import SYSTEM, Actor
from tongban.foundation.connection import Connection
from tongban.foundation.work import Work
from tongban.main import wiring
from tongban.main.migrate import migrate

MONDAY = datetime(2024, 6, 3, 1, 0, tzinfo=UTC)  # Nine in the morning in Beijing.
SHARED = Path(__file__).parents[2] / "shared"


def beside(name: str) -> Path:
    """Return real data that lie beside the project, for a test that has no use without them.

    They belong to others and may not come into the project, so whoever has only the project skips
    these tests; where it is made, and in its continuous integration, they are there and run.
    """
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{name} belongs to others and lies only beside the makers' copy")
    return path


OWN = f"tongban_test_{os.getpid()}"

# A database is some six hundred files, and many tests have one of their own: in memory a copy costs
# a tenth of the CPU and of the time that it costs on a disk.
MEMORY, ROOM = Path("/dev/shm"), 6 * 2**30
in_memory = pytest.StashKey[Path]()

wiring.connect()


def pytest_configure(config: pytest.Config) -> None:
    """Nothing that a test starts may write into the developer's own data, or speak their tongue."""
    os.environ["LC_ALL"] = "C.UTF-8"
    if "TMPDIR" not in os.environ and min(_free_memory(), _free_space(MEMORY)) > ROOM:
        # Of all processes of a run the first makes it, the others inherit it.
        config.stash[in_memory] = folder = Path(tempfile.mkdtemp(prefix="tongban-", dir=MEMORY))
        folder.chmod(0o711)
        os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    data = os.environ.setdefault("TONGBAN_DATA", str(config.rootpath / "var" / "test"))
    # A process has one key, whatever folder the data of a single test are in.
    os.environ.setdefault("TONGBAN_KEY_FILE", str(Path(data, "key").absolute()))


def pytest_unconfigure(config: pytest.Config) -> None:
    if folder := config.stash.get(in_memory, None):
        shutil.rmtree(folder, ignore_errors=True)


def _free_space(folder: Path) -> int:
    return shutil.disk_usage(folder).free if os.access(folder, os.W_OK) else 0


def _free_memory() -> int:
    told = Path("/proc/meminfo").read_text().partition("MemAvailable:")[2]
    return int(told.split()[0]) * 1024 if told else 0


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of a superuser on the server under test."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    from tongban.main import postgres

    with postgres.throwaway() as running:
        yield running.superuser_url()


def _named(server: str, name: str) -> str:
    return urlunsplit(urlsplit(server)._replace(path="/" + name))


def _as_owner(url: str) -> str:
    """The same database for the role that owns the schema, which is no superuser in real life."""
    parts = urlsplit(url)
    query = "&".join(filter(None, [parts.query, "options=-c%20role%3Dtongban_owner"]))
    return urlunsplit(parts._replace(query=query))


def _create(server: str, name: str, *, template: str = "template0") -> str:
    with psycopg.connect(server, autocommit=True) as connection:
        for role in ("tongban_owner", "tongban_app"):
            known = connection.execute("select from pg_roles where rolname = %s", [role])
            if not known.rowcount:
                connection.execute(f"create role {role}")
        connection.execute(f'drop database if exists "{name}" with (force)')
        connection.execute(
            f'create database "{name}" owner tongban_owner template {template}'
            # Copying files is quicker than logging each of their pages.
            + " strategy file_copy"
            + (" lc_ctype 'C.UTF-8' lc_collate 'C.UTF-8'" if template == "template0" else "")
        )
    return _named(server, name)


def _drop(server: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'drop database if exists "{name}" with (force)')


@pytest.fixture(scope="session")
def database(server: str) -> Iterator[str]:
    """A migrated database, shared by all tests because each rolls back what it did."""
    url = _create(server, OWN)
    migrate(_as_owner(url))
    with psycopg.connect(url) as connection:
        work = Work(connection, actor=SYSTEM, now=datetime.now(UTC))
        wiring.prepare(work)
        while outbox.deliver_next(work):
            pass  # Tests play in another year, in which nothing of this would be due.
    yield url
    _drop(server, OWN)


@pytest.fixture
def own_database(server: str, database: str) -> Iterator[str]:
    """A copy for the few tests that must commit."""
    yield _create(server, OWN + "_own", template=OWN) if database else ""
    _drop(server, OWN + "_own")


def as_application(url: str, **settings: object) -> Connection:
    """Connect under the application's role, beneath which row-level security holds."""
    connection = Connection.connect(url, **settings)  # type: ignore[arg-type]
    connection.execute("set role tongban_app")
    connection.commit()
    return connection


@pytest.fixture
def connection(database: str) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    with as_application(database) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def work(connection: "psycopg.Connection[tuple[object, ...]]") -> Work:
    """Work of the system itself; tests let others act with ``work.acting_as(officer)``."""
    return Work(connection, actor=SYSTEM, now=MONDAY)


@pytest.fixture
def given(work: Work) -> Given:
    return Given(work)


@pytest.fixture
def nobody() -> Actor:
    return Actor(id="o-none", name="没有任何权限的人")
