"""Removes a process file that names a living stranger.

PostgreSQL sees through a file whose process is gone, but not through one whose number now belongs
to another program of the same account: it would refuse to start until that program ends.
"""

import os
from pathlib import Path

from tongban.main.postgres.errors import AlreadyRunning
from tongban.main.postgres.place import Place


def clear(place: Place) -> None:
    """Remove ``postmaster.pid`` if its process is no PostgreSQL on this cluster. Needs the lock.

    :raises AlreadyRunning: somebody started PostgreSQL on this cluster without us.
    """
    file = place.cluster / "postmaster.pid"
    try:
        number = int(file.read_text().split("\n")[0])
    except FileNotFoundError:
        return
    except ValueError:
        # A disk that was full or a crash can leave it empty, which PostgreSQL does not forgive.
        file.unlink()
        return
    if _works_on(number, place.cluster):
        raise AlreadyRunning(data=place.data, who=f"postgres, pid {number}")
    if Path("/proc/self").exists():
        file.unlink()


def _works_on(number: int, cluster: Path) -> bool:
    """Tell whether a process is a server of this cluster: such a one works inside it."""
    try:
        where = os.readlink(f"/proc/{number}/cwd")
    except OSError:
        return False
    return where == str(cluster) or where == f"{cluster} (deleted)"
