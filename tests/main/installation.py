"""A whole installation of its own for a test, started as an operator starts it: `tongban up`."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import tongban
from postgres_ground import empty_ground
from tongban.foundation import secrets
from tongban.main import postgres
from tongban.main.postgres import lock

SOURCE = Path(tongban.__file__).parents[1]


class Installation:
    """One data folder and one port, and the ``tongban up`` that runs on them, if any."""

    def __init__(self, data: Path, *, port: int, **environment: str) -> None:
        self.data = data
        self.address = f"http://127.0.0.1:{port}"
        self.log = data / "up.log"
        self.environment = os.environ | {
            "PYTHONPATH": str(SOURCE),
            "TONGBAN_DATA": str(data),
            "TONGBAN_PORT": str(port),
            # The test reads what the installation has sealed.
            "TONGBAN_KEY_FILE": str(_key_file()),
            **environment,
        }
        for name in ("DATABASE_URL", "TONGBAN_OWNER_URL", "PROMETHEUS_MULTIPROC_DIR"):
            self.environment.pop(name, None)
        self.up: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Run ``tongban up`` and return when it has said that it is ready."""
        said = self.said()
        with self.log.open("ab") as log:
            self.up = subprocess.Popen(
                [sys.executable, "-m", "tongban", "up"],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        ready = lambda: "is ready" in self.said()[len(said) :]  # noqa: E731
        assert soon(lambda: ready() or self.up.poll() is not None, seconds=90), self.said()[-3000:]
        assert ready(), self.said()[-3000:]

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Tell ``up`` to stop and return its exit code."""
        assert self.up is not None
        self.up.send_signal(number)
        return self.up.wait(timeout=30)

    def end(self) -> None:
        """Kill ``up`` if it still runs, and wait until everything of it is gone."""
        if self.up and self.up.poll() is None:
            left = list(self.processes())
            self.up.kill()
            self.up.wait()
            assert soon(lambda: all(map(gone, left)), seconds=20)

    def run(self, *command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Run another ``tongban`` command against the same installation."""
        return tongban_command(*command, **self.environment | environment)

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def url(self) -> str:
        server = postgres.running(self.data)
        assert server is not None
        return server.superuser_url(database="tongban")

    def processes(self) -> dict[int, str]:
        """Return every living process that ``up`` has started, by number, with its command."""
        return {pid: command(pid) for pid in _family(self.up.pid)} if self.up else {}

    def those(self, pattern: str) -> list[int]:
        return [pid for pid, line in self.processes().items() if re.search(pattern, line)]


@contextmanager
def installation(**environment: str) -> Iterator[Installation]:
    """Lend an installation that has not been started, and leave nothing of it behind."""
    with empty_ground() as data:
        lent = Installation(data, port=free_port(), **environment)
        try:
            yield lent
        finally:
            lent.end()


def tongban_command(*command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run a ``tongban`` command as a person does and return what it said."""
    return subprocess.run(
        [sys.executable, "-m", "tongban", *command],
        env=os.environ | {"PYTHONPATH": str(SOURCE)} | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def soon(true: Callable[[], bool], *, seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while not (reached := true()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return reached


def gone(pid: int) -> bool:
    return lock.birth(pid) == ""


def command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
    except OSError:
        return ""


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _key_file() -> Path:
    secrets.vault()
    folder = Path(os.environ.get("TONGBAN_DATA", "var"))
    return Path(os.environ.get("TONGBAN_KEY_FILE", folder / "key")).absolute()


def _family(pid: int) -> Iterator[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").glob("*/children"))
        children = [int(child) for task in tasks for child in task.read_text().split()]
    except OSError:  # It has ended meanwhile.
        return
    for child in children:
        yield child
        yield from _family(child)
