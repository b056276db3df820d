"""The index of this process: made once, then kept current by a thread of its own.

Answers are always given from a whole index: the next one is made beside it, then takes its place.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tongban.catalogue.finding import asking
from tongban.foundation.db import Db
from tongban.foundation.work import Work

# Arrays and word tables are loaded with the first index, not with the program.
if TYPE_CHECKING:
    from tongban.catalogue.finding.loading import Loaded
    from tongban.catalogue.finding.vectors import Vectors
    from tongban.catalogue.model.index.meaning import Floats

log = logging.getLogger("tongban.search")

SECONDS = 1.0
# Whoever has not looked for so long may have missed changes that are no longer kept.
STALE_SECONDS = 12 * 3600
WRITE_SECONDS = 20.0
KEEP_SECONDS = 600.0

Open = Callable[[], AbstractContextManager[Db]]
OpenWork = Callable[[], AbstractContextManager[Work]]


class Model(Protocol):
    """What turns a text into numbers of length one, which point alike for texts of like meaning."""

    @property
    def version(self) -> str:
        """What the numbers of a text depend on."""
        ...

    def question(self, text: str) -> "Floats": ...

    def name(self, text: str) -> "Floats": ...


_current: "Loaded | None" = None


def current() -> "Loaded | None":
    """Return the index of this process, or None while there is none."""
    return _current


@contextmanager
def using(loaded: "Loaded") -> Iterator[None]:
    """Answer from a given index meanwhile: one command, one test."""
    global _current
    before, _current = _current, loaded
    try:
        yield
    finally:
        _current = before


@contextmanager
def index_of(db: Db, *, folder: Path | None = None, model: Model | None = None) -> Iterator[None]:
    """Answer from an index made now, unless this process has one: for a single command.

    :param model: what is asked beside the words. What it must know of the names is waited for,
        because whoever gives a command wants just this answer.
    """
    if _current is not None:
        yield
        return
    from tongban.catalogue.finding.loading import load

    loaded = load(db, folder=folder, counted=False)
    if model is not None:
        from tongban.catalogue.finding.vectors import Vectors

        vectors = Vectors(model, folder)
        vectors.over(loaded.index)
        vectors.complete()
        loaded = replace(loaded, nearness=vectors.over(loaded.index))
    with using(loaded):
        yield


def keep_current(
    open_db: Open,
    *,
    folder: Path | None = None,
    open_work: OpenWork | None = None,
    model: Model | None = None,
) -> Callable[[], None]:
    """Begin to load the index and to follow publications. Return what ends it.

    :param open_db: opens one read-only transaction, in which everything is seen as of one moment.
    :param folder: where documents are kept taken apart from one process to the next.
    :param open_work: opens one transaction that commits; what people asked is written down in it.
    :param model: what is asked beside the words, once it has been through the names.
    """
    ended = threading.Event()
    vectors = None
    if model is not None:
        from tongban.catalogue.finding.vectors import Vectors

        vectors = Vectors(model, folder)
    begun = [
        threading.Thread(
            target=_follow, args=(open_db, ended, folder, open_work, vectors), daemon=True
        )
    ]
    if vectors:
        begun.append(threading.Thread(target=vectors.follow, args=(ended,), daemon=True))
    for thread in begun:
        thread.start()

    def end() -> None:
        ended.set()
        for thread in begun:
            thread.join(timeout=5)

    return end


def _follow(
    open_db: Open,
    ended: threading.Event,
    folder: Path | None,
    open_work: OpenWork | None,
    vectors: "Vectors | None",
) -> None:
    global _current
    from tongban.catalogue.finding.loading import follow, keep, load, with_counts

    mine: Loaded | None = None
    looked = wrote = kept = time.monotonic()
    while not ended.is_set():
        try:
            stale = time.monotonic() - looked > STALE_SECONDS
            with open_db() as db:
                if mine is None or stale:
                    mine = load(db, folder=folder, counted=False)
                elif mine.tally is None:
                    mine = with_counts(db, mine)
                else:
                    mine = follow(db, mine)
                if time.monotonic() - kept > KEEP_SECONDS:
                    kept = time.monotonic()
                    keep(db, mine, folder)
            looked = time.monotonic()
            _current = replace(mine, nearness=vectors.over(mine.index)) if vectors else mine
        except Exception as error:  # PostgreSQL answers meanwhile, so nobody is turned away.
            log.warning("search index not current", extra={"error": str(error)})
        if open_work and time.monotonic() - wrote > WRITE_SECONDS:
            wrote = time.monotonic()
            _write_down(open_work)
        ended.wait(SECONDS)
    if open_work:
        _write_down(open_work)
    _current = None


def _write_down(open_work: OpenWork) -> None:
    try:
        with open_work() as work:
            asking.write_down(work)
    except Exception as error:  # What is lost are counts.
        log.warning("questions not counted", extra={"error": str(error)})
