"""Reads what PostgreSQL said during one start: before its log was open, and in its log."""

import os
from pathlib import Path

from tongban.main.postgres.place import Place

# Enough for the reasons of one failed start, little enough for a person to read.
MOST = 16_384


class Journal:
    """Remembers how far the logs went before a start, so that no older trouble is reported."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._sizes = {file.name: file.lstat().st_size for file in place.log.iterdir()}

    def since(self) -> str:
        said = []
        for file in sorted(self._place.log.iterdir()):
            before = self._sizes.get(file.name, 0)
            # A log of last week is begun anew.
            said.append(read(file, after=before if before <= file.lstat().st_size else 0))
        return "".join([*said, read(self._place.start_log)])


def read(path: Path, *, after: int = 0) -> str:
    """Return the text of a file, which the account may have put there: no links, no pipes."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return ""
    with os.fdopen(descriptor, "rb") as file:
        file.seek(after)
        return file.read(MOST).decode(errors="replace")
