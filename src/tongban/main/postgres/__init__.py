"""The PostgreSQL that Tongban brings along: found, initialised, started, watched, stopped.

``start(data)`` gives a running ``Server``; ``running(data)`` gives the one that another process
started. What holds at any time:

- One server for one data directory: a flock that the server's own processes hold, so that it is
  free again exactly when the last of them is gone.
- No server outlives the process that started it, not even when that process is killed with -9.
- Nobody connects without proof: over the socket the kernel names the account (peer), over TCP
  (only 127.0.0.1, only when a port is asked for) a password is needed (scram-sha-256).
- A cluster is complete or it does not exist: it gets its name after everything is in it.
- When started by root, PostgreSQL runs under an account without rights, and root never writes into
  a directory that this account controls.

Every refusal is a ``PostgresRefusal`` with a message that says what to do.
"""

from tongban.main.postgres.errors import (
    AccountMissing,
    AlreadyRunning,
    BinariesMissing,
    DataDirectoryRefused,
    DiskFull,
    LocaleMissing,
    MajorVersionDiffers,
    OwnedByAnother,
    PortTaken,
    PostgresRefusal,
    StartFailed,
)
from tongban.main.postgres.place import data_directory
from tongban.main.postgres.server import Server, running, start, throwaway

__all__ = [
    "AccountMissing",
    "AlreadyRunning",
    "BinariesMissing",
    "DataDirectoryRefused",
    "DiskFull",
    "LocaleMissing",
    "MajorVersionDiffers",
    "OwnedByAnother",
    "PortTaken",
    "PostgresRefusal",
    "Server",
    "StartFailed",
    "data_directory",
    "running",
    "start",
    "throwaway",
]
