"""Everything at once: database, schema, seed, web and worker, in one command.

A part that dies is started again, because a service that people need should not wait for somebody
to look; one that keeps dying ends everything, because then somebody must look. When ``up`` itself
is gone, however it went, so is everything it has started.
"""

import errno
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from signal import SIGTERM
from typing import NoReturn

from tongban.main import install, postgres
from tongban.main.lifetime import end_with, leave_on_signal
from tongban.main.postgres import AlreadyRunning, Server
from tongban.main.settings import Settings

READY_SECONDS, STOP_SECONDS = 60, 10
GLANCE_SECONDS = 0.1
# So many starts within so long, and there is no use in another.
STARTS_MAX, STARTS_WITHIN = 6, 60.0
# Backends of a database that was killed need a moment to notice.
RELEASE_SECONDS = 30

Say = Callable[[str], None]


class CannotRun(Exception):
    """The platform cannot start, or cannot go on. The message says what to do."""


@dataclass(slots=True)
class _Starts:
    """When something was started lately."""

    name: str
    times: deque[float] = field(default_factory=deque)

    def count(self) -> None:
        """Note a start.

        :raises CannotRun: if there have been too many of them.
        """
        now = time.monotonic()
        self.times.append(now)
        while self.times[0] < now - STARTS_WITHIN:
            self.times.popleft()
        if len(self.times) > STARTS_MAX:
            raise CannotRun(
                f"{self.name} 反复异常停止，平台已停止运行；原因见上面的日志。"
                f" / {self.name} keeps dying: see the log above, or run `tongban doctor`."
            )


class _Part:
    """A process of the platform: the web or the worker."""

    def __init__(self, name: str, environment: dict[str, str]) -> None:
        self.name = name
        self._environment = environment
        self._starts = _Starts(f"tongban {name}")
        self.start()

    def start(self) -> None:
        self._starts.count()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tongban", self.name],
            env=self._environment,
            # Ctrl-C reaches the whole terminal; only ``up`` shall act on it.
            start_new_session=True,
            preexec_fn=partial(end_with, os.getpid(), by=SIGTERM),
        )

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def tell(self) -> None:
        if self.alive:
            self._process.terminate()

    def stop(self) -> None:
        """Wait until the process is gone, after it was told; not for ever."""
        try:
            self._process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class _Database:
    """The embedded database, started again when it dies."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._starts = _Starts("PostgreSQL")
        self._server = self._started()

    def _started(self) -> Server:
        self._starts.count()
        deadline = time.monotonic() + RELEASE_SECONDS
        while True:
            try:
                return postgres.start(self._settings.data)
            except AlreadyRunning:
                # At the first start somebody else is there; later it is what died, not quite gone.
                if len(self._starts.times) == 1 or time.monotonic() > deadline:
                    raise
                time.sleep(GLANCE_SECONDS)

    @property
    def alive(self) -> bool:
        return self._server.alive

    def restart(self) -> None:
        self._server.stop()
        self._server = self._started()

    def settings(self) -> Settings:
        return replace(
            self._settings,
            database_url=self._server.url(),
            owner_url=self._server.url("tongban_owner"),
        )

    def stop(self) -> None:
        self._server.stop()


def up(settings: Settings, *, say: Say) -> NoReturn:
    """Start the platform and stay until told to stop (SIGTERM, Ctrl-C), which exits with 0.

    :raises CannotRun: if the port is taken, or a part keeps dying.
    :raises PostgresRefusal: if the embedded database cannot be started.
    :raises ModelMissing, ModelBroken: if the model that searching is to ask cannot be.
    """
    if settings.search_model:
        from tongban import catalogue

        catalogue.look_for_model()
    leave_on_signal()
    _must_be_free(settings)
    if settings.database_url:
        install.prepare(settings, say=say)
        with _running(settings) as parts:
            _greet(settings, parts, say)
            while True:
                _keep(parts, say)
    say("正在启动数据库 / starting the database …")
    database = _Database(settings)
    try:
        _with(database, say)
    finally:
        database.stop()


def _with(database: _Database, say: Say) -> NoReturn:
    """Run the platform on the embedded database, and again when that comes back elsewhere."""
    install.prepare(database.settings(), say=say)
    greeted = False
    while True:
        settings = database.settings()
        with _running(settings) as parts:
            if not greeted:
                _greet(settings, parts, say)
                greeted = True
            while database.settings() == settings:
                while database.alive:
                    _keep(parts, say)
                say("数据库意外停止，正在重新启动 / the database died, starting it again …")
                database.restart()


@contextmanager
def _running(settings: Settings) -> Iterator[list[_Part]]:
    metrics = settings.data / "metrics"
    shutil.rmtree(metrics, ignore_errors=True)
    metrics.mkdir(parents=True)
    environment = os.environ | {
        "DATABASE_URL": settings.database_url,
        "TONGBAN_OWNER_URL": settings.owner_url,
        "TONGBAN_DATA": str(settings.data),
        "PROMETHEUS_MULTIPROC_DIR": str(metrics),
    }
    parts: list[_Part] = []
    try:
        parts += (_Part(name, environment) for name in ("serve", "worker"))
        yield parts
    finally:
        for part in parts:
            part.tell()
        for part in parts:
            part.stop()


def _keep(parts: list[_Part], say: Say) -> None:
    """Start again whatever has ended."""
    for part in parts:
        if not part.alive:
            say(f"tongban {part.name} 意外停止，正在重新启动 / died, starting it again …")
            part.start()
    time.sleep(GLANCE_SECONDS)


def _greet(settings: Settings, parts: list[_Part], say: Say) -> None:
    """Say where to go once everything answers; a platform that is slow to come gets its time."""
    deadline = time.monotonic() + READY_SECONDS
    address = f"http://{_reachable(settings.host)}:{settings.port}/readyz"
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=2):
                say(install.welcome(settings))
                return
        except OSError:
            _keep(parts, say)
    say(f"{READY_SECONDS} 秒内没有就绪，仍在等待 / not ready yet; see {address}")


def _must_be_free(settings: Settings) -> None:
    """Find out before anything is started whether the web can have its port.

    :raises CannotRun: with what to do about it.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CannotRun(
                f"端口 {settings.port} 已被占用；请停止占用它的程序，或用 TONGBAN_PORT 另选端口。"
                f" / Port {settings.port} is taken: stop whatever uses it, or set TONGBAN_PORT."
            ) from None
        raise CannotRun(
            f"不能在 {settings.host}:{settings.port} 上监听（{error.strerror}）；"
            "请检查 TONGBAN_HOST 和 TONGBAN_PORT。 / Cannot listen there."
        ) from None


def _reachable(host: str) -> str:
    """Return an address at which this machine reaches itself."""
    return "127.0.0.1" if host in ("0.0.0.0", "::", "") else host
