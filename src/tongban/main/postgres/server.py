"""Starts the embedded PostgreSQL and hands out the running server."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote, urlencode

from tongban.main.postgres import (
    binaries,
    cluster,
    configuration,
    databases,
    guard,
    journal,
    lock,
    passwords,
    place,
    stale,
)
from tongban.main.postgres.account import Account
from tongban.main.postgres.configuration import APPLICATION, DATABASE, SUPERUSER, Wish
from tongban.main.postgres.errors import StartFailed, from_log
from tongban.main.postgres.journal import Journal
from tongban.main.postgres.place import Place

# The number in the name of the socket when no TCP port was asked for.
SOCKET_NUMBER = 5432
# PostgreSQL needs a few hundredths of a second, so that waiting longer between looks would show.
GLANCE = 0.005
LAST_WORDS = 2.0


class Server:
    """A running server. The process that started it stops it; everybody else only uses it."""

    def __init__(
        self,
        *,
        place: Place,
        holder: lock.Holder,
        guard: "subprocess.Popen[bytes] | None" = None,
    ) -> None:
        self.socket_dir = Path(holder.socket_dir)
        self.port = holder.port if holder.tcp else None
        self.data = place.data
        # Where the database really lies, which need not be below the data directory.
        self.home = place.home
        self._place = place
        self._holder = holder
        self._guard = guard

    def url(self, role: str = APPLICATION, *, database: str = DATABASE, tcp: bool = False) -> str:
        """Return a connection URL for libpq.

        :param role: ``tongban_app`` or ``tongban_owner``; over the socket also ``postgres``.
        :param tcp: over 127.0.0.1, with the password read from a file that only the starter reads.
        """
        if tcp:
            if self.port is None:
                raise ValueError("The server was started without a port.")
            way = urlencode({"passfile": str(self._place.passwords)}, quote_via=quote)
            return f"postgresql://{role}@127.0.0.1:{self.port}/{quote(database)}?{way}"
        way = urlencode({"host": str(self.socket_dir), "port": self._holder.port}, quote_via=quote)
        return f"postgresql://{role}@/{quote(database)}?{way}"

    def superuser_url(self, *, database: str = "postgres") -> str:
        """Return a URL that may do anything: for making databases, in tests and in repairs."""
        return self.url(SUPERUSER, database=database)

    def create_database(self, name: str, *, template: str | None = None) -> str:
        """Make a database that ``tongban_owner`` owns and return the owner's URL of it.

        :param template: a database that nobody is connected to.
        """
        databases.create(self.superuser_url(), name=name, template=template)
        return self.url(configuration.OWNER, database=name)

    def drop_database(self, name: str) -> None:
        """Remove a database, with whoever is connected to it; one that is absent is no error."""
        databases.drop(self.superuser_url(), name=name)

    @property
    def alive(self) -> bool:
        if self._guard is not None:
            return self._guard.poll() is None
        return lock.is_held(self._place.lock)

    def stop(self) -> None:
        """Stop the server and return when it is gone. Only its starter does; twice is harmless."""
        if self._guard is None or self._holder.pid != os.getpid():
            return
        if self._guard.stdin is not None and not self._guard.stdin.closed:
            self._guard.stdin.close()
        # A fork may hold a copy of the pipe, so that the guard is also told in another way.
        self._guard.terminate()
        self._guard.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def start(data: Path, *, port: int | None = None, durable: bool = True) -> Server:
    """Start PostgreSQL on a data directory, making it if need be; return once it answers.

    :param data: the platform's data directory; the database takes ``postgres/`` below it.
    :param port: also listen on this port of 127.0.0.1; else there is only the unix socket.
    :param durable: false only for data that may be lost, as in tests.
    :raises AlreadyRunning: a server of ours works there; says whose.
    :raises PostgresRefusal: anything else that stands in the way, each with a class of its own.
    """
    here, account = place.prepare(data)
    try:
        with lock.taken(here.lock, data=here.data) as hold:
            server = _start(here, account=account, port=port, durable=durable, hold=hold)
    except OSError as error:
        raise from_log(str(error), data=here.data, port=port) from error
    if port is not None:
        try:
            passwords.provide(server.superuser_url(), file=here.passwords)
        except BaseException:
            server.stop()
            raise
    return server


def running(data: Path) -> Server | None:
    """Return the server that another process runs on a data directory, if there is one."""
    here = place.find(data)
    holder = lock.read(here.lock)
    if holder is None or not holder.socket_dir or not lock.is_held(here.lock):
        return None
    return Server(place=here, holder=holder)


@contextmanager
def throwaway(*, durable: bool = False) -> Iterator[Server]:
    """Run a server whose data is deleted at the end, for tests: quick, durable only if asked."""
    with place.throwaway() as data, start(data, durable=durable) as server:
        yield server


def _start(here: Place, *, account: Account, port: int | None, durable: bool, hold: int) -> Server:
    """Do all that the lock protects. The guard and the server go on to hold the lock."""
    programs = binaries.fit(here.cluster, account=account)
    if not here.cluster.exists():
        cluster.create(here, account=account, binaries=programs, durable=durable)
    stale.clear(here)
    number = port or SOCKET_NUMBER
    socket_dir = place.socket_directory(here, account=account, port=number)
    wish = Wish(number, port is not None, durable, socket_dir)
    configuration.write(here, account=account, wish=wish)
    before = Journal(here)
    keeper = _launch(here, account=account, programs=programs, wish=wish, hold=hold)
    holder = replace(
        lock.myself(),
        socket_dir=str(socket_dir),
        port=number,
        tcp=wish.tcp,
        account=account.name,
        guard=keeper.pid,
    )
    server = Server(place=here, holder=holder, guard=keeper)
    try:
        _await_ready(here, keeper=keeper, before=before, port=port)
        lock.write(hold, holder)
    except BaseException:
        server.stop()
        raise
    return server


def _launch(
    here: Place, *, account: Account, programs: binaries.Binaries, wish: Wish, hold: int
) -> "subprocess.Popen[bytes]":
    settings = f"config_file={here.conf / 'postgresql.conf'}"
    order = {
        "starter": os.getpid(),
        "uid": account.uid,
        "gid": account.gid,
        "command": [programs.program("postgres"), "-D", str(here.cluster), "-c", settings],
        "environment": programs.environment,
        "remove": "" if wish.socket_dir.parent == here.home else str(wish.socket_dir),
    }
    with here.start_log.open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-I", "-S", guard.__file__, json.dumps(order)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            pass_fds=[hold],
            start_new_session=True,
            cwd="/",
        )


def _await_ready(
    here: Place, *, keeper: "subprocess.Popen[bytes]", before: Journal, port: int | None
) -> None:
    """Return as soon as the server accepts connections, however long its recovery takes."""
    assert keeper.stdout is not None
    with keeper.stdout:
        told = keeper.stdout.readline().strip().decode()
    while keeper.poll() is None:
        lines = journal.read(here.cluster / "postmaster.pid").splitlines()
        if len(lines) > 7 and lines[0] == told and lines[7].strip() == "ready":
            return
        time.sleep(GLANCE)
    # The log is written by a process of its own, which may outlive the server by a moment.
    patience = time.monotonic() + LAST_WORDS
    while True:
        said = before.since()
        refusal = from_log(said, data=here.data, port=port, locale=configuration.LOCALE)
        if not isinstance(refusal, StartFailed) or time.monotonic() > patience:
            raise refusal
        time.sleep(GLANCE)
