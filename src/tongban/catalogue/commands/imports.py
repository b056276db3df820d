"""Taking over services from a file: every record is imported or rejected, with its reason."""

from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from contextvars import copy_context
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

import msgspec

from tongban.catalogue import store
from tongban.catalogue.adapters.entries import Entry, guide_lines, mapped_rows
from tongban.catalogue.adapters.mapping import Mapping
from tongban.catalogue.commands.sitting import Part, Sitting
from tongban.catalogue.events import ItemsImported
from tongban.catalogue.model.imported import Counts
from tongban.foundation.work import Work

PERMIT = "catalogue.import"
BATCH = 2000
BATCH_BYTES = 8_000_000

OpenWork = Callable[[], AbstractContextManager[Work]]
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class ImportReport:
    """What became of the records of a file: ``read = accepted + unchanged + rejected``.

    ``accepted`` are services that are new or changed. ``rejects_file`` has one JSON line for each
    rejected one, with line, field, rule, reason and the beginning of the record. ``doubts`` counts
    by rule what was taken over although it looks wrong; ``doubts_file`` lists it. ``number`` is
    that of the import, by which it can be undone.
    """

    rejects_file: str
    doubts_file: str
    read: int = 0
    accepted: int = 0
    unchanged: int = 0
    rejected: int = 0
    doubts: Counter[str] = field(default_factory=Counter)
    number: int = 0

    def count(self, counts: Counts) -> None:
        self.read, self.accepted = counts.read, counts.accepted
        self.unchanged, self.rejected = counts.unchanged, counts.rejected
        self.doubts = counts.doubts

    def as_json(self) -> str:
        """Return the last line of every import, as one JSON object."""
        told = {
            "read": self.read,
            "accepted": self.accepted,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
            "rejects_file": self.rejects_file,
        }
        return msgspec.json.encode(told).decode()


def import_guides(
    open_work: OpenWork,
    *,
    file: Path,
    rejects: Path,
    progress: Progress | None = None,
    writers: int = 1,
) -> ImportReport:
    """Import service guides, one JSON object a line. The same file again changes nothing.

    See ``import_items``, of which this is the case of one format.
    """
    source = _Source(guide_lines(file), file)
    return _import(open_work, source, rejects=rejects, progress=progress, writers=writers)


def import_items(
    open_work: OpenWork,
    *,
    file: Path,
    mapping: Mapping,
    rejects: Path,
    progress: Progress | None = None,
    writers: int = 1,
) -> ImportReport:
    """Import the services of a table, as a mapping reads it. The same file again changes nothing.

    Regions and departments are created as needed. Every batch commits on its own, so what was
    imported stays when a later part of the file cannot be read or the machine dies; run again.

    :param open_work: opens one transaction, which commits when it is left without an error. It is
        called by other threads, by as many at a time as there are writers.
    :param rejects: where the rejected lines are written; overwritten.
    :param progress: called after each batch with the bytes read and the bytes in all.
    :param writers: how many batches may be written at a time, each in a transaction of its own.
    :raises UnreadableFile: if nothing of the file can be read; nothing was imported then.
    :raises BadMapping: if the mapping names a column that the table lacks.
    :raises Forbidden: unless the actor may import into the catalogue.
    """
    source = _Source(mapped_rows(file, mapping), file)
    return _import(open_work, source, rejects=rejects, progress=progress, writers=writers)


@dataclass(frozen=True, slots=True)
class _Source:
    entries: Iterator[Entry]
    file: Path


def _import(
    open_work: OpenWork,
    source: _Source,
    *,
    rejects: Path,
    progress: Progress | None,
    writers: int,
) -> ImportReport:
    size = source.file.stat().st_size
    rejects.parent.mkdir(parents=True, exist_ok=True)
    doubted = rejects.with_name(f"{rejects.stem}.doubts{rejects.suffix}")
    writing = _Writing(open_work, source.file, ImportReport(str(rejects), str(doubted)))
    with rejects.open("wb") as rejected, doubted.open("wb") as doubtful:
        for part in _overlapped(writing, batches(source.entries), writers=writers):
            rejected.writelines(part.rejected)
            doubtful.writelines(part.doubtful)
            if progress:
                progress(part.end, size)
    writing.finish()
    return writing.report


class _Writing:
    """One import on its way into the database: what asks it is done here, by several threads."""

    def __init__(self, open_work: OpenWork, file: Path, report: ImportReport) -> None:
        self.report = report
        self.sitting = Sitting()
        self._open = open_work
        self._file = file
        # Regions and departments that are new are made by one transaction after the other.
        self._settling = Lock()

    @property
    def begun(self) -> bool:
        """Whether something was published, so that the import has its number."""
        return bool(self.report.number)

    def settle(self, part: Part) -> None:
        with self._settling, self._open() as work:
            self.sitting.settle(work, part)

    def write(self, part: Part) -> None:
        counts, report = self.sitting.counts, self.report
        with self._open() as work:
            published = self.sitting.write(work, part)
            # The same file again changes nothing, and leaves no trace of an import either.
            if published and not report.number:
                report.number = store.begin_import(
                    work, file=self._file.name, form=self._file.suffix
                )
            if report.number:
                store.note_import(
                    work,
                    number=report.number,
                    published=published,
                    rejected=part.rejected,
                    counts=counts,
                )

    def finish(self) -> None:
        counts, report = self.sitting.counts, self.report
        report.count(counts)
        if report.number:
            with self._open() as work:
                # Of parts written at a time, the one that counted first may have committed last.
                store.note_counts(work, number=report.number, counts=counts)
                finish(work, number=report.number, file=self._file.name, counts=counts)


def _overlapped(
    writing: _Writing, source: Iterator[list[Entry]], *, writers: int
) -> Iterator[Part]:
    """Take a file over part by part; yield each part once it is written, in their order.

    While the database writes some parts, the next is prepared and a later one is read, so that both
    sides are busy. All that asks the database is done by other threads. Until the import has its
    number parts are written one by one; so are those that build upon items of earlier ones.
    """
    broken: list[Exception] = []
    behind: deque[tuple[Part, Future[None]]] = deque()

    def done() -> Part:
        part, written = behind.popleft()
        written.result()
        return part

    with ThreadPoolExecutor(writers, "import") as beside:

        def begin(what: Callable[[Part], None], part: Part) -> Future[None]:
            return beside.submit(copy_context().run, what, part)

        for part in _prepared(writing, source, begin=begin, broken=broken):
            alone = part.builds_upon_others or not writing.begun
            while len(behind) >= (1 if alone else writers):
                yield done()
            behind.append((part, begin(writing.write, part)))
            if alone:
                yield done()
        while behind:
            yield done()
    if broken:
        raise broken[0]


def _prepared(
    writing: _Writing,
    source: Iterator[list[Entry]],
    *,
    begin: Callable[[Callable[[Part], None], Part], Future[None]],
    broken: list[Exception],
) -> Iterator[Part]:
    """Yield the parts of a file ready to be written; the next is read and settled meanwhile.

    :param begin: lets another thread do something with a part.
    :param broken: is given the error for which the file cannot be read to its end. What was read
        before it is still taken over.
    """
    parts = map(writing.sitting.read, source)
    ahead: deque[tuple[Part, Future[None]]] = deque()

    def follow() -> None:
        try:
            if not broken and (part := next(parts, None)):
                ahead.append((part, begin(writing.settle, part)))
        except Exception as error:
            broken.append(error)

    follow()
    follow()
    while ahead:
        part, settled = ahead.popleft()
        settled.result()
        writing.sitting.prepare(part)
        follow()
        yield part


def finish(work: Work, *, number: int, file: str, counts: Counts) -> None:
    """Note that an import is through; a fact for the trace, unless it changed nothing.

    :raises Forbidden: unless the actor may import into the catalogue.
    """
    work.actor.must(PERMIT)
    store.finish_import(work, number=number)
    if counts.accepted:
        work.record(
            ItemsImported(
                number,
                file,
                counts.read,
                counts.accepted,
                counts.unchanged,
                counts.rejected,
            )
        )


def batches(source: Iterator[Entry]) -> Iterator[list[Entry]]:
    """Return the records of a file in parts that fit into memory and into one transaction."""
    batch: list[Entry] = []
    codes: set[str | None] = set()
    size = 0
    for entry in source:
        # What an item inherits from must stand in the catalogue before it.
        if entry.text and entry.text.inherits and entry.text.inherits in codes:
            yield batch
            batch, size = [], 0
            codes.clear()
        batch.append(entry)
        codes.add(entry.offer.item_code if entry.offer else None)
        size += entry.size
        if len(batch) >= BATCH or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
            codes.clear()
    if batch:
        yield batch
