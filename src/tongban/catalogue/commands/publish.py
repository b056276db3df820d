"""Publishing at once what was decided elsewhere: imports, the demonstration city, the system.

Officials change items by drafts (``commands.draft``), which other people review and publish.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tongban.catalogue import store
from tongban.catalogue.commands.fitting import misfits
from tongban.catalogue.events import EntryPublished, ItemPublished
from tongban.catalogue.model import Entry, Item
from tongban.catalogue.model.entry import list_of
from tongban.catalogue.queries import item as present
from tongban.foundation.errors import Invalid
from tongban.foundation.work import Work

TAKE_OVER = "catalogue.import"


def publish(work: Work, *, item: Item) -> Item:
    """Publish an item and return it as it now holds, with its version and date of effect.

    The same content again changes nothing. ``version`` and ``effective_from`` of the argument do
    not count: the version is the next one, and it takes effect today.

    :raises Forbidden: unless the actor may take over items of that department.
    :raises Invalid: if it alters what is set above it, or its main item cannot have it.
    """
    work.actor.must(TAKE_OVER, department=item.department, region=item.region)
    published = publish_all(work, items=[item])
    return published[0] if published else present(work, code=item.code)


def publish_all(work: Work, *, items: Sequence[Item]) -> list[Item]:
    """Publish items of different codes at once. Return those of which a new version was made.

    :raises Forbidden: unless the actor may take over items of each of their departments.
    :raises Invalid: if one alters what is set above it, or its main item cannot have it.
    """
    for item in items:
        work.actor.must(TAKE_OVER, department=item.department, region=item.region)
    if wrong := misfits(work, items=items):
        raise Invalid(*(problem for problems in wrong.values() for problem in problems))
    return take_over(work, items=items)


def take_over(
    work: Work,
    *,
    items: Sequence[Item],
    notes: Mapping[str, str] | None = None,
    written: Mapping[str, store.Written] | None = None,
) -> list[Item]:
    """Write and record new versions. Permits everyone: the acts that call it have asked.

    :param notes: what changed, in plain words, by the code of the item.
    :param written: items that inherit nothing, as they are to be kept, where that is known.
    """
    pinned, above = _pinned(work, items)
    published = store.save(work, pinned, above=above, notes=notes, known=written)
    work.record_all(
        [
            ItemPublished(
                code=item.code,
                item_version=item.version,
                name=item.name,
                kind=item.kind,
                department=item.department,
                region=item.region,
                status=item.status,
            )
            for item in published
        ]
    )
    return published


def _pinned(work: Work, items: Sequence[Item]) -> tuple[list[Item], dict[str, Item]]:
    """Pin what items inherit to a version of the item above; return these by their codes."""
    above: dict[str, Item] = {}
    known: dict[tuple[str, int], Item] = {}
    pinned = []
    for item in items:
        if not item.inherits:
            pinned.append(replace(item, inherits_version=0) if item.inherits_version else item)
            continue
        key = (item.inherits, item.inherits_version)
        if key not in known:
            known[key] = present(work, code=item.inherits, version=item.inherits_version or None)
        above[item.code] = known[key]
        pinned.append(replace(item, inherits_version=known[key].version))
    return pinned, above


def publish_entries(work: Work, *, entries: Sequence[Entry], note: str = "") -> list[Entry]:
    """Publish entries of the lists. Return those of which a new version was made.

    :param note: what changed, in plain words.
    :raises Forbidden: unless the actor may take over entries of each of their departments.
    :raises Circular: if an entry of the directory would stand below itself.
    """
    for entry in entries:
        work.actor.must(TAKE_OVER, department=entry.department, region=entry.region)
    return take_over_entries(work, entries=entries, note=note)


def take_over_entries(work: Work, *, entries: Sequence[Entry], note: str = "") -> list[Entry]:
    """Write and record new versions. Permits everyone: the acts that call it have asked.

    :raises Circular: if an entry of the directory would stand below itself.
    """
    published = store.save_entries(work, entries, note=note)
    for entry in published:
        work.record(
            EntryPublished(
                list=list_of(entry),
                code=entry.code,
                entry_version=entry.version,
                name=entry.name,
                department=entry.department,
                region=entry.region,
                status=entry.status,
            )
        )
    return published
