"""One server for one data directory, by a flock that the server's own processes hold."""

import fcntl
import json
import os
import pwd
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from tongban.main.postgres.errors import AlreadyRunning

# How long a new start waits for an old server that is just shutting down, in seconds.
PATIENCE = 45.0


@dataclass(frozen=True, slots=True)
class Holder:
    """Who runs a server, as the lock file tells it. ``born`` tells a recycled number apart."""

    pid: int
    born: str
    user: str
    command: str
    since: str
    socket_dir: str = ""
    port: int = 0
    tcp: bool = False
    account: str = ""
    guard: int = 0

    @property
    def alive(self) -> bool:
        return birth(self.pid) == self.born != "" and (not self.guard or birth(self.guard) != "")

    def __str__(self) -> str:
        return f"pid {self.pid}, {self.user}, {self.since}: {self.command}"


def birth(pid: int) -> str:
    """Return the start time of a living process as the system tells it, else an empty string."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return "" if Path("/proc/self").exists() else _alive(pid)
    except OSError:
        return ""
    state, *rest = stat.rpartition(")")[2].split()
    return "" if state in "ZX" else rest[18]


def _alive(pid: int) -> str:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return ""
    except PermissionError:
        pass
    return "alive"


def myself() -> Holder:
    return Holder(
        pid=os.getpid(),
        born=birth(os.getpid()),
        user=pwd.getpwuid(os.geteuid()).pw_name,
        command=" ".join(sys.argv)[:200],
        since=datetime.now(UTC).isoformat(timespec="seconds"),
    )


@contextmanager
def taken(path: Path, *, data: Path) -> Iterator[int]:
    """Hold the lock; at the end it stays with the processes that inherited the descriptor."""
    descriptor = _take(path, data=data)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _take(path: Path, *, data: Path) -> int:
    """Return a descriptor that holds the lock.

    A server whose starter is gone is about to stop, so that a new start waits for its end.

    :raises AlreadyRunning: somebody alive holds it.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)
    patience = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = read(path)
            if time.monotonic() > patience or (holder is not None and holder.alive):
                os.close(descriptor)
                raise AlreadyRunning(data=data, who=holder or "?") from None
            time.sleep(0.01)
        else:
            write(descriptor, myself())
            return descriptor


def is_held(path: Path) -> bool:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def write(descriptor: int, holder: Holder) -> None:
    text = json.dumps(asdict(holder), ensure_ascii=False).encode()
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, text, 0)


def read(path: Path) -> Holder | None:
    """Return what the lock file tells; nothing while it is just being written."""
    try:
        return Holder(**json.loads(path.read_text()))
    except (OSError, ValueError, TypeError):
        return None
