"""The system account that PostgreSQL runs under, because it refuses to be root."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tongban.main.postgres.errors import AccountMissing, OwnedByAnother

DEDICATED = "tongban"
# The account of a PostgreSQL package comes first: administrators know it and may already grant it.
CANDIDATES = ("postgres", DEDICATED)


@dataclass(frozen=True, slots=True)
class Account:
    name: str
    uid: int
    gid: int

    @property
    def is_starter(self) -> bool:
        return self.uid == os.geteuid()

    def run(
        self, command: Sequence[str | Path], *, environment: dict[str, str], given: str = ""
    ) -> "subprocess.CompletedProcess[str]":
        """Run a program as this account and wait; output and errors come back as text."""
        identity: dict[str, Any] = {}
        if not self.is_starter:
            identity = {"user": self.uid, "group": self.gid, "extra_groups": []}
        return subprocess.run(
            command,
            input=given,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            # The starter's own directory may be one that the account cannot enter.
            cwd="/",
            env=environment,
            umask=0o077,
            **identity,
        )

    def may(self, test: str, path: Path) -> bool:
        """Ask the kernel, as this account, whether ``test -x``, ``-r``... holds for a path.

        Only the account itself can ask: parents, access lists and mounts all have a say.
        """
        if self.is_starter:
            return os.access(path, {"-x": os.X_OK, "-r": os.R_OK, "-w": os.W_OK}[test])
        return not self.run(["/bin/sh", "-c", f'test {test} "$0"', path], environment={}).returncode

    def own(self, path: Path) -> None:
        if not self.is_starter:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def starter_name() -> str:
    """Return the name of the account that runs this process; PostgreSQL needs it to have one."""
    return _by_uid(os.geteuid()).name


def choose(cluster: Path) -> Account:
    """Return the account for a cluster: its owner, else the starter, else an account for it.

    :raises AccountMissing: there is none and none can be made.
    :raises OwnedByAnother: the cluster belongs to somebody else.
    """
    owner = cluster.stat().st_uid if cluster.exists() else None
    if os.geteuid() != 0:
        if owner not in (None, os.geteuid()):
            raise belongs_to(owner, data=cluster)
        return _by_uid(os.geteuid())
    if owner is not None:
        if owner == 0:
            # PostgreSQL never runs as root, so that this is no cluster that we made.
            raise belongs_to(owner, data=cluster)
        return _by_uid(owner)
    for name in CANDIDATES:
        if found := _by_name(name):
            return found
    return _make()


def belongs_to(uid: int | None, *, data: Path) -> OwnedByAnother:
    names = {entry.pw_uid: entry.pw_name for entry in pwd.getpwall()}
    return OwnedByAnother(
        data=data,
        owner=names.get(uid or 0, f"uid {uid}"),
        starter=names.get(os.geteuid(), f"uid {os.geteuid()}"),
    )


def _make() -> Account:
    program = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if program is None:
        raise AccountMissing(account=DEDICATED)
    home = ["--home-dir", "/nonexistent", "--no-create-home", "--shell", "/usr/sbin/nologin"]
    subprocess.run(
        [program, "--system", "--user-group", *home, DEDICATED], check=False, capture_output=True
    )
    # Another start may have made it in the same moment, so that only the result counts.
    if found := _by_name(DEDICATED):
        return found
    raise AccountMissing(account=DEDICATED)


def _by_name(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid) if entry.pw_uid else None


def _by_uid(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise AccountMissing(account=f"uid {uid}") from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
