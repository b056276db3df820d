"""What a model knows of the names of services: worked out once for each name, kept in a file.

Nobody waits for it. Until it has been through nearly all names the table of ``meaning`` answers
alone; what it does not know, or fails to say, the table says.
"""

import contextlib
import fcntl
import logging
import os
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import numpy as np

from tongban.catalogue.finding.live import Model
from tongban.catalogue.model.index.index import Index
from tongban.catalogue.model.index.meaning import Floats, Nearness
from tongban.catalogue.model.index.text import is_han

log = logging.getLogger("tongban.search")

NAME, LOCK = "search-vectors.msgpack", "search-vectors.lock"
# Each service takes four kilobytes in memory: of so many they take as much as the model itself.
MOST = 20_000
# The model is asked once it knows this share of the services.
READY = 0.9
# Texts that say different things are still this near to the model; and what each step beyond it is
# worth. Tried out on the tuning halves; of ``FAR`` as many services stand out as with the table.
FAR, STEEP = 0.84, 15.0
AT_ONCE = 16
SECONDS, AFTER_FAILURE_SECONDS = 1.0, 60.0
NICE = 10


class Kept(msgspec.Struct, array_like=True):
    """What is in the file: for each name its numbers, as two bytes each."""

    made_by: str
    names: dict[str, bytes]


class ByModel:
    """Nearness by a model; of names that it does not know, and when it fails, by the table."""

    def __init__(self, model: Model, index: Index, known: Mapping[str, bytes]) -> None:
        names = [each.document.name for each in index.read]
        self._model, self._table = model, index.meanings
        self._places = np.array([i for i, name in enumerate(names) if name in known], np.int64)
        whole = b"".join(known[names[place]] for place in self._places)
        self._names = np.frombuffer(whole, np.float16).astype(np.float32)
        self._names = self._names.reshape(len(self._places), -1)

    def near(self, asked: str) -> Floats:
        near = self._table.near(asked)
        # Of letters, which are mostly initials, a model would only guess.
        if not any(map(is_han, asked)):
            return near
        try:
            alike = self._names @ self._model.question(asked)
        except Exception as error:  # Whoever asks gets the answer of the table.
            log.warning("model failed", extra={"error": str(error)})
            return near
        near[self._places] = np.clip((alike - np.float32(FAR)) * np.float32(STEEP), 0, None)
        return near


class Vectors:
    """The numbers of all names that are searched for. Those still missing are made apart."""

    def __init__(self, model: Model, folder: Path | None) -> None:
        self._model, self._folder = model, folder
        self._index: Index | None = None
        # Never changed: what is added makes a new one, so that no thread sees half of it.
        self._known: Mapping[str, bytes] = self._recalled()
        self._made: tuple[Index, Mapping[str, bytes], Nearness] | None = None

    def over(self, index: Index) -> Nearness | None:
        """Return what the model knows of an index, if that is enough; never waits for the model.

        From now on the names of this index are those to be known.
        """
        if index is not self._index and len(index.read) > MOST:
            log.warning("too many services for a model", extra={"services": len(index.read)})
        self._index, known = index, self._known
        if self._made is None or self._made[0] is not index or self._made[1] is not known:
            held = sum(each.document.name in known for each in index.read)
            if not held or held < READY * len(index.read):
                return None
            self._made = index, known, ByModel(self._model, index, known)
        return self._made[2]

    def missing(self) -> list[str]:
        """Return the names that are still to be worked out; none where there are too many."""
        if self._index is None or len(self._index.read) > MOST:
            return []
        names = dict.fromkeys(each.document.name for each in self._index.read)
        return [name for name in names if name not in self._known]

    def complete(self, ended: threading.Event | None = None) -> None:
        """Work out whatever is missing, some names at a time; processes take turns."""
        if (missing := len(self.missing())) > AT_ONCE:
            log.warning("the model goes through %d names, once", missing)
        while self.missing() and not (ended and ended.is_set()):
            with self._alone():
                # What another process has made meanwhile need not be made again.
                self._known = {**self._known, **self._recalled()}
                made = {name: self._numbers(name) for name in self.missing()[:AT_ONCE]}
                self._known = {**self._known, **made}
                self._keep()

    def follow(self, ended: threading.Event) -> None:
        """Work out what is published, until told to end: a thread that gives way to all others."""
        if sys.platform == "linux":
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
        wait = SECONDS
        while not ended.wait(wait):
            try:
                self.complete(ended)
                wait = SECONDS
            except Exception as error:  # The table answers.
                log.warning("names not known to the model", extra={"error": str(error)})
                wait = AFTER_FAILURE_SECONDS

    def _numbers(self, name: str) -> bytes:
        return self._model.name(name).astype(np.float16).tobytes()

    def _recalled(self) -> dict[str, bytes]:
        if self._folder is None:
            return {}
        try:
            kept = msgspec.msgpack.decode((self._folder / NAME).read_bytes(), type=Kept)
        except (OSError, msgspec.DecodeError, msgspec.ValidationError):
            return {}
        return kept.names if kept.made_by == self._model.version else {}

    def _keep(self) -> None:
        """Keep what is known of the names there are now. A full disk is no reason to fail."""
        if self._folder is None or self._index is None:
            return
        names = {each.document.name for each in self._index.read}
        self._known = {name: row for name, row in self._known.items() if name in names}
        with contextlib.suppress(OSError):
            beside = self._folder / f"{NAME}.{os.getpid()}"
            beside.write_bytes(msgspec.msgpack.encode(Kept(self._model.version, dict(self._known))))
            beside.replace(self._folder / NAME)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other processes from working out the same, where a file can be written at all."""
        with contextlib.ExitStack() as held:
            if self._folder is not None:
                with contextlib.suppress(OSError):
                    self._folder.mkdir(parents=True, exist_ok=True)
                    file = held.enter_context((self._folder / LOCK).open("wb"))
                    fcntl.flock(file, fcntl.LOCK_EX)
            yield
