"""What an import would change, found out by doing it and taking it back."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from tongban.catalogue.adapters.entries import Entry
from tongban.catalogue.commands.imports import batches
from tongban.catalogue.commands.sitting import Sitting
from tongban.catalogue.model import Item
from tongban.catalogue.model.compare import changes
from tongban.catalogue.model.imported import Counts
from tongban.catalogue.model.inherit import differences
from tongban.catalogue.queries import item as version_of
from tongban.foundation.work import Work

# So many services are shown, and of each so many changes.
SHOWN, TOLD = 200, 5


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One service that an import would make (no ``fields``) or change.

    ``changes`` are the first of its changes in plain words, ``(message, its details)``, and
    ``further`` is how many there are besides.
    """

    code: str
    name: str
    department_name: str
    fields: tuple[str, ...] = ()
    changes: tuple[tuple[str, dict[str, object]], ...] = ()
    further: int = 0


@dataclass(slots=True)
class Preview:
    """What an import would do. Of new, changed and rejected the first ``SHOWN`` are listed."""

    counts: Counts = field(default_factory=Counts)
    new: int = 0
    changed: int = 0
    added: list[Foreseen] = field(default_factory=list)
    altered: list[Foreseen] = field(default_factory=list)
    rejects: list[dict[str, Any]] = field(default_factory=list)


KeepRejects = Callable[[list[bytes]], None]


class _Enough(Exception):
    """What was tried out is taken back."""


def preview_items(
    work: Work, *, source: Iterator[Entry], keep: KeepRejects | None = None
) -> Preview:
    """Return what importing these records would change. Nothing is changed.

    :param keep: is given the rejected lines of each batch, one object of JSON each.
    :raises Forbidden: unless the actor may import into the catalogue.
    """
    work.actor.must("catalogue.import")
    preview = Preview()
    sitting = Sitting()
    preview.counts = sitting.counts
    try:
        with work.savepoint():
            for batch in batches(source):
                part, published = sitting.take(work, batch)
                for item in published:
                    _foresee(work, preview, item)
                room = SHOWN - len(preview.rejects)
                preview.rejects += [msgspec.json.decode(one) for one in part.rejected[:room]]
                if keep:
                    keep(part.rejected)
            raise _Enough
    except _Enough:
        return preview


def _foresee(work: Work, preview: Preview, item: Item) -> None:
    if item.version == 1:
        preview.new += 1
        if len(preview.added) < SHOWN:
            preview.added.append(Foreseen(item.code, item.name, item.department_name))
        return
    preview.changed += 1
    if len(preview.altered) < SHOWN:
        before = version_of(work, code=item.code, version=item.version - 1)
        fields = tuple(one.field for one in differences(before, item))
        said = [(one.message, dict(one.details)) for one in changes(before, item)]
        preview.altered.append(
            Foreseen(
                item.code,
                item.name,
                item.department_name,
                fields,
                tuple(said[:TOLD]),
                len(said[TOLD:]),
            )
        )
