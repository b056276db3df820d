"""Documents taken apart once, kept in a file, so that the next process need not do it again.

The file is a mere saving of time: whatever is wrong with it, everything is made anew.
"""

import contextlib
import hashlib
import os
import time
from functools import cache
from importlib.resources import files
from pathlib import Path

import msgspec

from tongban.catalogue.model.index.document import Document
from tongban.catalogue.model.index.spelling import Lexicon
from tongban.catalogue.model.index.taking import Read

NAME = "search-index.msgpack"
# Changes are told for a day (see ``forget_changes``); half of it is left for those who are late.
FRESH_SECONDS = 12 * 3600


class Kept(msgspec.Struct, array_like=True):
    """What is in the file.

    ``made_by`` tells the program and the word lists that made it, ``since`` the transaction before
    which everything that was published is in it, ``database`` where, ``at`` when (Unix time).
    """

    made_by: str
    read: list[Read]
    lexicon: Lexicon
    since: str
    database: str
    at: float = msgspec.field(default_factory=time.time)

    @property
    def fresh(self) -> bool:
        """Whether what was published since is still told."""
        return 0 <= time.time() - self.at < FRESH_SECONDS


@cache
def fingerprint() -> str:
    """Return a hash of everything that decides how a document is taken apart."""
    digest = hashlib.sha256()
    for folder in ("", "words"):
        place = files("tongban.catalogue.model.index") / folder
        for file in sorted(place.iterdir(), key=lambda one: one.name):
            if file.is_file():
                digest.update(file.read_bytes())
    return digest.hexdigest()


def recall(folder: Path | None) -> Kept | None:
    """Return what was kept by this version of the program, if anything."""
    if folder is None:
        return None
    try:
        kept = msgspec.msgpack.decode((folder / NAME).read_bytes(), type=Kept)
    except (OSError, msgspec.DecodeError, msgspec.ValidationError):
        return None
    return kept if kept.made_by == fingerprint() else None


def keep(folder: Path | None, kept: Kept) -> None:
    """Put a new file in the place of the old one. A full disk is no reason to fail."""
    if folder is None:
        return
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        beside = folder / f"{NAME}.{os.getpid()}"
        beside.write_bytes(msgspec.msgpack.encode(kept))
        beside.replace(folder / NAME)


def by_document(kept: Kept | None) -> dict[Document, Read]:
    return {read.document: read for read in kept.read} if kept else {}
