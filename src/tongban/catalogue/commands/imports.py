"""Taking over services from a file: every record is imported or rejected, with its reason."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from contextvars import copy_context
from dataclasses import dataclass, field
from pathlib import Path

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
    open_work: OpenWork, *, file: Path, rejects: Path, progress: Progress | None = None
) -> ImportReport:
    """Import service guides, one JSON object a line. The same file again changes nothing.

    See ``import_items``, of which this is the case of one format.
    """
    return _import(open_work, guide_lines(file), file=file, rejects=rejects, progress=progress)


def import_items(
    open_work: OpenWork,
    *,
    file: Path,
    mapping: Mapping,
    rejects: Path,
    progress: Progress | None = None,
) -> ImportReport:
    """Import the services of a table, as a mapping reads it. The same file again changes nothing.

    Regions and departments are created as needed. Every batch commits on its own, so what was
    imported stays when a later part of the file cannot be read or the machine dies; run again.

    :param open_work: opens one transaction, which commits when it is left without an error. It is
        called by another thread, one transaction after the other.
    :param rejects: where the rejected lines are written; overwritten.
    :param progress: called after each batch with the bytes read and the bytes in all.
    :raises UnreadableFile: if nothing of the file can be read; nothing was imported then.
    :raises BadMapping: if the mapping names a column that the table lacks.
    :raises Forbidden: unless the actor may import into the catalogue.
    """
    source = mapped_rows(file, mapping)
    return _import(open_work, source, file=file, rejects=rejects, progress=progress)


def _import(
    open_work: OpenWork,
    source: Iterator[Entry],
    *,
    file: Path,
    rejects: Path,
    progress: Progress | None,
) -> ImportReport:
    size = file.stat().st_size
    rejects.parent.mkdir(parents=True, exist_ok=True)
    doubted = rejects.with_name(f"{rejects.stem}.doubts{rejects.suffix}")
    report = ImportReport(str(rejects), str(doubted))
    sitting = Sitting()

    def write(part: Part, *coming: Part | None) -> None:
        """Write one part, and find the places of coming ones, in one transaction."""
        with open_work() as work:
            if part.ready:
                sitting.settle(work, part)
                sitting.prepare(part)
            published = sitting.write(work, part)
            # The same file again changes nothing, and leaves no trace of an import either.
            if published and not report.number:
                report.number = store.begin_import(work, file=file.name, form=file.suffix)
            if report.number:
                store.note_import(
                    work,
                    number=report.number,
                    published=published,
                    rejected=part.rejected,
                    counts=sitting.counts,
                )
            for one in filter(None, coming):
                sitting.settle(work, one)

    with rejects.open("wb") as rejected, doubted.open("wb") as doubtful:
        for part in _overlapped(sitting, batches(source), write=write):
            rejected.writelines(part.rejected)
            doubtful.writelines(part.doubtful)
            if progress:
                progress(part.end, size)
    report.count(sitting.counts)
    if report.number:
        with open_work() as work:
            finish(work, number=report.number, file=file.name, counts=sitting.counts)
    return report


def _overlapped(
    sitting: Sitting, source: Iterator[list[Entry]], *, write: Callable[..., None]
) -> Iterator[Part]:
    """Take a file over part by part; yield each part once it is written.

    While the database writes one part, the next is prepared and a later one is read, so that both
    sides are busy. Four parts are in memory at a time. All that asks the database is done by one
    other thread, one thing after the other.

    :param write: writes a part, and finds the places of the parts that come next.
    """
    parts = map(sitting.read, source)
    broken: list[Exception] = []

    def following() -> Part | None:
        """Read the next part; what was read before an error is still taken over."""
        try:
            return None if broken else next(parts, None)
        except Exception as error:
            broken.append(error)
            return None

    with ThreadPoolExecutor(1, "import") as beside:

        def begin(*on: Part | None) -> Future[None]:
            return beside.submit(copy_context().run, write, *on)

        first, part, ahead, later = following(), following(), following(), following()
        if first:
            begin(first, part, ahead).result()
            yield first
        if part:
            sitting.prepare(part)
        while part:
            writing = begin(part, later)
            try:
                if ahead:
                    sitting.prepare(ahead)
                last = following()
            finally:
                writing.result()
            yield part
            part, ahead, later = ahead, later, last
    if broken:
        raise broken[0]


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
