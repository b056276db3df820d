"""Makes a cluster with its roles and its database, in one piece or not at all."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from tongban.main.postgres.account import Account
from tongban.main.postgres.binaries import Binaries
from tongban.main.postgres.configuration import (
    APPLICATION,
    DATABASE,
    LOCALE,
    OWNER,
    SUPERUSER,
)
from tongban.main.postgres.errors import from_log
from tongban.main.postgres.place import Place

ROLES = f"""
create role {OWNER} login nosuperuser nocreaterole createdb noreplication nobypassrls;
create role {APPLICATION} login nosuperuser nocreaterole nocreatedb noreplication nobypassrls;
grant {APPLICATION} to {OWNER};
create database {DATABASE} owner {OWNER};
revoke all on database {DATABASE} from public;
grant connect on database {DATABASE} to {APPLICATION};
"""


def create(place: Place, *, account: Account, binaries: Binaries, durable: bool) -> None:
    """Make the cluster where there is none.

    It is built under another name, so that a start which was interrupted leaves nothing that looks
    like a cluster.
    """
    fresh = place.home / "cluster.new"
    if fresh.exists():
        shutil.rmtree(fresh)
    fresh.mkdir(mode=0o700)
    account.own(fresh)
    try:
        _initialise(fresh, account=account, binaries=binaries, durable=durable)
        _provide_roles(fresh, account=account, binaries=binaries)
    except _Said as said:
        raise from_log(said.log, data=place.data, locale=LOCALE) from None
    finally:
        if fresh.exists() and not (fresh / "PG_VERSION").exists():
            shutil.rmtree(fresh)
    os.rename(fresh, place.cluster)
    if durable:
        _sync(place.home)


class _Said(Exception):
    def __init__(self, log: str) -> None:
        super().__init__(log)
        self.log = log


def _initialise(fresh: Path, *, account: Account, binaries: Binaries, durable: bool) -> None:
    options = ["--encoding=UTF8", f"--locale={LOCALE}", "--lc-messages=C", "--data-checksums"]
    # The cluster's own access file is never used, and yet it must not be an open door.
    options += ["--auth-local=peer", "--auth-host=scram-sha-256", f"--username={SUPERUSER}"]
    if not durable:
        options.append("--no-sync")
    done = account.run(
        [binaries.program("initdb"), "-D", fresh, *options], environment=binaries.environment
    )
    if done.returncode:
        raise _Said(done.stderr or done.stdout)


def _provide_roles(fresh: Path, *, account: Account, binaries: Binaries) -> None:
    """Run the first statements in single-user mode: there is no moment with half of them."""
    command = [binaries.program("postgres"), "--single", "-D", str(fresh)]
    done = account.run(
        [*command, "-c", "log_min_messages=error", "template1"],
        environment=binaries.environment,
        given=ROLES.strip() + "\n",
    )
    if done.returncode or any(_complaints(done.stderr)):
        raise _Said(done.stderr)


def _complaints(log: str) -> Iterator[str]:
    return (line for line in log.splitlines() if "ERROR:" in line or "FATAL:" in line)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
