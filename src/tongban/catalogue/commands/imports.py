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
from tongban.catalogue.adapters.checks import doubts, flaws
from tongban.catalogue.adapters.guide import Guide
from tongban.catalogue.adapters.lines import LIMIT, Line, lines
from tongban.catalogue.adapters.reading import BadGuide, read_guide, read_json
from tongban.catalogue.adapters.translation import code_of, item_of
from tongban.catalogue.commands.fitting import misfits
from tongban.catalogue.commands.publish import take_over
from tongban.catalogue.model import Item
from tongban.catalogue.model.flaw import Flaw
from tongban.foundation.errors import Problem, Refusal
from tongban.foundation.messages import translate
from tongban.foundation.work import Work

BATCH = 200
BATCH_BYTES = 8_000_000
SHOWN = 200

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


@dataclass(frozen=True, slots=True)
class _Ready:
    """A line that holds a guide without a flaw."""

    line: Line
    guide: Guide


def import_guides(
    open_work: OpenWork, *, file: Path, rejects: Path, progress: Progress | None = None
) -> ImportReport:
    """Import service guides, one JSON object a line. The same file again changes nothing.

    Regions and departments are created as needed. Every batch commits on its own, so what was
    imported stays when a later part of the file cannot be read or the machine dies; run again.

    :param open_work: opens one transaction, which commits when it is left without an error.
    :param rejects: where the rejected lines are written; overwritten.
    :param progress: called after each batch with the bytes read and the bytes in all.
    :raises UnreadableFile: if nothing of the file can be read; nothing was imported then.
    :raises Forbidden: unless the actor may import into the catalogue.
    """
    source = lines(file)
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
        self._lines: dict[str, int] = {}
        self._regions: dict[str, str] = {}
        self._departments: dict[tuple[str, str], str] = {}

    def take(self, batch: list[Line]) -> None:
        ready = [one for line in batch if (one := self._read(line))]
        with self._open_work() as work:
            work.actor.must("catalogue.import")
            placed = [(one, item) for one in ready if (item := self._place(work, one))]
            items = self._fitting(work, placed)
            published = take_over(work, items=items)
        self._report.accepted += len(published)
        self._report.unchanged += len(items) - len(published)
        self._rejected.flush()
        self._doubtful.flush()

    def _read(self, line: Line) -> _Ready | None:
        self._report.read += 1
        try:
            if line.too_long:
                raise BadGuide(Flaw("", "line_too_long", {"limit": LIMIT // 1_000_000}))
            guide = read_guide(read_json(line.text))
            if found := flaws(guide):
                raise BadGuide(*found)
            code = code_of(guide)
            if first := self._lines.get(code):
                field = "source_item_id" if guide.source_item_id else "name"
                raise BadGuide(Flaw(field, "duplicate", {"line": first}))
        except BadGuide as bad:
            self._reject(line, *bad.flaws)
            return None
        self._lines[code] = line.number
        for flaw in doubts(guide):
            self._report.doubts[flaw.rule] += 1
            self._doubtful.write(_told(line, flaw))
        return _Ready(line, guide)

    def _place(self, work: Work, one: _Ready) -> Item | None:
        """Return the guide as an item of its region and department, which may be new."""
        guide = one.guide
        field = "region"
        try:
            region = self._regions.get(guide.region)
            if region is None:
                region = identity.ensure_region(work, name=guide.region).code
                self._regions[guide.region] = region
            field = "department"
            department = self._departments.get((guide.department, region))
            if department is None:
                made = identity.ensure_department(work, name=guide.department, region=region)
                department = self._departments[guide.department, region] = made.code
            work.actor.must("catalogue.import", department=department, region=region)
        except Refusal as refusal:
            english = translate(refusal.message, "en", **refusal.details)
            reasons: dict[str, object] = {"reason": str(refusal), "reason_en": english}
            self._reject(one.line, Flaw(field, "refused", reasons))
            return None
        return item_of(guide, department=department, region=region)

    def _fitting(self, work: Work, placed: list[tuple[_Ready, Item]]) -> list[Item]:
        """Return the items that fit into the catalogue; the others are rejected in words."""
        wrong = misfits(work, items=[item for _, item in placed])
        for one, item in placed:
            if item.code in wrong:
                self._reject(one.line, *(_as_flaw(problem) for problem in wrong[item.code]))
        return [item for _, item in placed if item.code not in wrong]

    def _reject(self, line: Line, *found: Flaw) -> None:
        self._report.rejected += 1
        self._rejected.write(_told(line, *found))


def _as_flaw(problem: Problem) -> Flaw:
    english = translate(problem.message, "en", **problem.details)
    return Flaw(problem.field, "refused", {"reason": str(problem), "reason_en": english})


def _batches(source: Iterator[Line]) -> Iterator[list[Line]]:
    batch: list[Line] = []
    size = 0
    for line in source:
        batch.append(line)
        size += len(line.text)
        if len(batch) >= BATCH or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _told(line: Line, *found: Flaw) -> bytes:
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
    told: dict[str, object] = {"line": line.number, **first}
    if others:
        told["others"] = others
    told["record"] = line.text[: SHOWN * 4].decode("utf-8", "replace")[:SHOWN]
    return msgspec.json.encode(told) + b"\n"


def _in_english(flaw: Flaw) -> str:
    details = {
        name: translate(value, "en") if isinstance(value, str) else value
        for name, value in flaw.problem.details.items()
    }
    # What another module refuses has its own translation, made from its own details.
    details["reason"] = details.get("reason_en")
    return translate(flaw.problem.message, "en", **details)
