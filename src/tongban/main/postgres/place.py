"""Where everything of the embedded database lies, below the platform's data directory.

``<data>/postgres/``: ``lock``, ``start.log``, ``pgpass`` and ``conf/`` belong to the starter;
``cluster/``, ``log/`` and ``run/`` (the socket) to the account that PostgreSQL runs under.
"""

import errno
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tongban.main.postgres.account import Account, belongs_to, choose
from tongban.main.postgres.errors import DataDirectoryRefused, from_log

ELSEWHERE = Path("/var/lib/tongban")
# sockaddr_un has 108 bytes, one of them for the closing zero.
LONGEST_SOCKET = 107


@dataclass(frozen=True, slots=True)
class Place:
    data: Path
    home: Path

    @property
    def cluster(self) -> Path:
        return self.home / "cluster"

    @property
    def conf(self) -> Path:
        return self.home / "conf"

    @property
    def log(self) -> Path:
        return self.home / "log"

    @property
    def lock(self) -> Path:
        return self.home / "lock"

    @property
    def start_log(self) -> Path:
        return self.home / "start.log"

    @property
    def passwords(self) -> Path:
        return self.home / "pgpass"


def data_directory(argument: Path | None = None) -> Path:
    """Return the platform's data directory: the argument, else TONGBAN_DATA, else ``var``."""
    return (argument or Path(os.environ.get("TONGBAN_DATA") or "var")).absolute()


def find(data: Path) -> Place:
    """Return the place without making anything."""
    data = data.absolute()
    return Place(data, (data / "postgres").resolve())


def prepare(data: Path) -> tuple[Place, Account]:
    """Make the directories that are missing, so that the account can reach what it needs.

    :raises DataDirectoryRefused: it cannot be written, or belongs to somebody else.
    """
    data = data.absolute()
    try:
        account = choose(data / "postgres" / "cluster")
        _make_open(data)
        home = data / "postgres"
        if home.is_symlink() and not home.exists():
            # A new, empty database in its stead would look like a loss of all data.
            raise DataDirectoryRefused(data=home, reason=f"{os.readlink(home)} ?")
        if not home.exists():
            _make_home(home, account)
        place = Place(data, home.resolve())
        _check(place, account)
        place.conf.mkdir(mode=0o755, exist_ok=True)
        if not place.log.is_dir():
            place.log.mkdir(mode=0o700, exist_ok=True)
            account.own(place.log)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise from_log(str(error), data=data) from error
        raise DataDirectoryRefused(data=error.filename or data, reason=error.strerror) from error
    return place, account


def socket_directory(place: Place, *, account: Account, port: int) -> Path:
    """Return a directory for the socket whose path is short enough, owned by the account.

    :returns: ``run/`` beside the cluster, else a new directory with an unguessable name; the
        latter is removed with the server.
    """
    near = place.home / "run"
    # A comma would separate two hosts in a connection string.
    if len(os.fsencode(near / f".s.PGSQL.{port}")) <= LONGEST_SOCKET and "," not in str(near):
        near.mkdir(mode=0o700, exist_ok=True)
        account.own(near)
        return near
    session = os.environ.get("XDG_RUNTIME_DIR", "")
    usable = account.is_starter and len(session) <= 60 and os.access(session, os.W_OK)
    short = Path(tempfile.mkdtemp(prefix="tongban-", dir=session if usable else "/tmp"))
    account.own(short)
    return short


@contextmanager
def throwaway() -> Iterator[Path]:
    """Lend a data directory that the account can reach, and delete it afterwards."""
    data = Path(tempfile.mkdtemp(prefix="tongban-throwaway-"))
    try:
        data.chmod(0o711)
        yield data
    finally:
        shutil.rmtree(data, ignore_errors=True)


def _make_open(data: Path) -> None:
    """Make the data directory so that an account may pass through it, but not list it."""
    if not data.is_dir():
        data.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            data.chmod(0o711)


def _make_home(home: Path, account: Account) -> None:
    """Make the home, or, where the account cannot get there, one elsewhere with a link to it.

    Of two first starts at once each may come first: the lock, which lies in the home, comes later.
    """
    mode = 0o700 if account.is_starter else 0o711
    target = home
    if not account.may("-x", home.parent):
        ELSEWHERE.mkdir(mode=0o755, parents=True, exist_ok=True)
        target = ELSEWHERE / secrets.token_hex(8)
    target.mkdir(mode=0o700, exist_ok=True)
    target.chmod(mode)
    if target != home:
        try:
            home.symlink_to(target)
        except FileExistsError:
            target.rmdir()


def _check(place: Place, account: Account) -> None:
    owner = place.home.stat().st_uid
    if owner != os.geteuid():
        # Root must not write where an ordinary account could put links in its way.
        raise belongs_to(owner, data=place.home)
    if not account.may("-x", place.home):
        raise DataDirectoryRefused(data=place.home, reason=f"{account.name}: Permission denied")
