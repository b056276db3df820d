"""Undoing an import: what it made is withdrawn, what it changed gets its former text back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tongban.catalogue import store
from tongban.catalogue.commands.publish import take_over
from tongban.catalogue.events import ImportUndone
from tongban.catalogue.model import Item, Status
from tongban.catalogue.queries import item as version_of
from tongban.catalogue.queries.imports import Change, import_changes, one_import
from tongban.foundation.errors import Conflict
from tongban.foundation.work import Work

BATCH = 500


class NotToBeUndone(Conflict):
    message = "导入 {number} 现在不能撤销：只有已完成、尚未撤销的导入可以撤销"


@dataclass(slots=True)
class UndoReport:
    """``left_alone`` are services that others have changed since; they stay as they are."""

    restored: int = 0
    withdrawn: int = 0
    left_alone: int = 0


def undo_import(work: Work, *, number: int) -> UndoReport:
    """Undo an import by new versions. Nothing is deleted, and cases keep the version they pinned.

    :raises NoSuchImport: if there is none of this number.
    :raises NotToBeUndone: unless it is through and has not been undone.
    :raises Forbidden: unless the actor may import for every department concerned.
    """
    work.actor.must("catalogue.import")
    found = one_import(work, number=number)
    if not store.move_import(work, number=number, before="done", after="undone"):
        raise NotToBeUndone(number=number)
    report = UndoReport()
    after = ""
    while changes := import_changes(work, number=number, after=after, limit=BATCH):
        _undo(work, changes, number=number, report=report)
        after = changes[-1].code
    store.note_undone(work, number=number, left_alone=report.left_alone)
    work.record(
        ImportUndone(number, found.file, report.restored, report.withdrawn, report.left_alone)
    )
    return report


def _undo(work: Work, changes: Sequence[Change], *, number: int, report: UndoReport) -> None:
    items: list[Item] = []
    for change in changes:
        work.actor.must("catalogue.import", department=change.department, region=change.region)
        if change.present != change.version:
            report.left_alone += 1
        elif change.version == 1:
            made = version_of(work, code=change.code)
            items.append(replace(made, status=Status.CANCELLED))
            report.withdrawn += 1
        else:
            items.append(version_of(work, code=change.code, version=change.version - 1))
            report.restored += 1
    notes = {item.code: f"撤销第 {number} 次导入" for item in items}
    take_over(work, items=items, notes=notes)
