"""Taking over service guides from a file: every line is imported or rejected, with its reason."""

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import msgspec

from tongban import identity
from tongban.catalogue.adapters.entries import Entry, guide_lines, mapped_rows
from tongban.catalogue.adapters.guide import Guide
from tongban.catalogue.adapters.mapping import Mapping
from tongban.catalogue.adapters.translation import code_of, item_of, told_apart
from tongban.catalogue.commands.fitting import misfits
from tongban.catalogue.commands.publish import take_over
from tongban.catalogue.model import Item
from tongban.catalogue.model.flaw import Flaw
from tongban.foundation.errors import Problem, Refusal
from tongban.foundation.messages import translate
from tongban.foundation.work import Work

BATCH = 500
BATCH_BYTES = 8_000_000

OpenWork = Callable[[], AbstractContextManager[Work]]
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class ImportReport:
    """What became of the lines of a file: ``read = accepted + unchanged + rejected``.

    ``accepted`` are services that are new or changed. ``rejects_file`` has one JSON line for each
    rejected one, with line, field, rule, reason and the beginning of the record. ``doubts`` counts
    by rule what was taken over although it looks wrong; ``doubts_file`` lists it.
    """

    rejects_file: str
    doubts_file: str
    read: int = 0
    accepted: int = 0
    unchanged: int = 0
    rejected: int = 0
    doubts: Counter[str] = dataclasses.field(default_factory=Counter)

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

    :param open_work: opens one transaction, which commits when it is left without an error.
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
    with rejects.open("wb") as rejected, doubted.open("wb") as doubtful:
        sitting = _Sitting(open_work, report, rejected, doubtful)
        for batch in _batches(source):
            sitting.take(batch)
            if progress:
                progress(batch[-1].end, size)
    return report


class _Sitting:
    """One import: what it has seen, and where it writes what it finds."""

    def __init__(
        self, open_work: OpenWork, report: ImportReport, rejected: BinaryIO, doubtful: BinaryIO
    ) -> None:
        self._open_work = open_work
        self._report = report
        self._rejected = rejected
        self._doubtful = doubtful
        self._names: dict[str, dict[str, int]] = {}
        self._regions: dict[tuple[str, str], identity.Region] = {}
        self._departments: dict[tuple[str, str], str] = {}

    def take(self, batch: list[Entry]) -> None:
        ready = [(entry, guide) for entry in batch if (guide := self._read(entry))]
        with self._open_work() as work:
            work.actor.must("catalogue.import")
            placed = [(one[0], item) for one in ready if (item := self._place(work, *one))]
            items = self._fitting(work, placed)
            published = take_over(work, items=items)
        self._report.accepted += len(published)
        self._report.unchanged += len(items) - len(published)
        self._rejected.flush()
        self._doubtful.flush()

    def _read(self, entry: Entry) -> Guide | None:
        self._report.read += 1
        guide = entry.guide
        if guide is None:
            self._reject(entry, *entry.flaws)
            return None
        names = self._names.setdefault(code_of(guide), {})
        told = list(entry.flaws)
        if names and guide.item_code and not guide.source_item_id and guide.name not in names:
            told.append(Flaw("item_code", "shared_code", {"line": next(iter(names.values()))}))
            guide = told_apart(guide)
        elif names:
            field = "source_item_id" if guide.source_item_id else "name"
            self._reject(entry, Flaw(field, "duplicate", {"line": next(iter(names.values()))}))
            return None
        names[guide.name] = entry.number
        for flaw in told:
            self._report.doubts[flaw.rule] += 1
            self._doubtful.write(_told(entry, flaw))
        return guide

    def _place(self, work: Work, entry: Entry, guide: Guide) -> Item | None:
        """Return the guide as an item of its region and department, which may be new."""
        field = "region"
        try:
            region = self._region(work, guide)
            field = "department"
            department = self._department(work, guide, region.code)
            work.actor.must("catalogue.import", department=department, region=region.code)
        except Refusal as refusal:
            english = translate(refusal.message, "en", **refusal.details)
            reasons: dict[str, object] = {"reason": str(refusal), "reason_en": english}
            self._reject(entry, Flaw(field, "refused", reasons))
            return None
        if guide.region_code:
            guide = dataclasses.replace(guide, region=region.full_name)
        return item_of(guide, department=department, region=region.code)

    def _fitting(self, work: Work, placed: list[tuple[Entry, Item]]) -> list[Item]:
        """Return the items that fit into the catalogue; the others are rejected in words."""
        wrong = misfits(work, items=[item for _, item in placed])
        for entry, item in placed:
            if item.code in wrong:
                self._reject(entry, *(_as_flaw(problem) for problem in wrong[item.code]))
        return [item for _, item in placed if item.code not in wrong]

    def _region(self, work: Work, guide: Guide) -> identity.Region:
        named = (guide.region, guide.region_code or "")
        if named not in self._regions:
            name = "" if guide.region == guide.region_code else guide.region
            self._regions[named] = identity.ensure_region(
                work, name=name, code=guide.region_code or ""
            )
        return self._regions[named]

    def _department(self, work: Work, guide: Guide, region: str) -> str:
        named = (guide.department, region)
        if named not in self._departments:
            made = identity.ensure_department(
                work,
                name=guide.department,
                region=region,
                credit_code=guide.department_credit_code or "",
            )
            self._departments[named] = made.code
        return self._departments[named]

    def _reject(self, entry: Entry, *found: Flaw) -> None:
        self._report.rejected += 1
        self._rejected.write(_told(entry, *found))


def _as_flaw(problem: Problem) -> Flaw:
    english = translate(problem.message, "en", **problem.details)
    return Flaw(problem.field, "refused", {"reason": str(problem), "reason_en": english})


def _batches(source: Iterator[Entry]) -> Iterator[list[Entry]]:
    batch: list[Entry] = []
    size = 0
    for entry in source:
        batch.append(entry)
        size += entry.size
        if len(batch) >= BATCH or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _told(entry: Entry, *found: Flaw) -> bytes:
    """Return what was found in a line as one line of JSON, in Chinese and in English."""
    first, *others = [
        {
            "field": flaw.field,
            "rule": flaw.rule,
            "reason": str(flaw.problem),
            "reason_en": _in_english(flaw),
        }
        for flaw in found
    ]
    told: dict[str, object] = {"line": entry.number, **first}
    if others:
        told["others"] = others
    told["record"] = entry.shown
    return msgspec.json.encode(told) + b"\n"


def _in_english(flaw: Flaw) -> str:
    details = {
        name: translate(value, "en") if isinstance(value, str) else value
        for name, value in flaw.problem.details.items()
    }
    # What another module refuses has its own translation, made from its own details.
    details["reason"] = details.get("reason_en")
    return translate(flaw.problem.message, "en", **details)
