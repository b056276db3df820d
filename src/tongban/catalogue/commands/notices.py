"""A change above reaches those below as a notice, never silently."""

from tongban.catalogue import queries, store
from tongban.catalogue.events import EntryPublished, ItemPublished
from tongban.catalogue.model import BaseItem, List
from tongban.foundation.work import Work


def after_entry(work: Work, event: EntryPublished) -> None:
    """Tell those who implement an entry of the directory. Permits everyone: it is the system's."""
    if event.list != List.DIRECTORY or event.entry_version == 1:
        return
    before, after = (
        queries.entry(work, kind=BaseItem, code=event.code, version=version)
        for version in (event.entry_version - 1, event.entry_version)
    )
    told = ("name", "legal_basis", "kind", "levels", "status", "effective_until")
    if any(getattr(before, field) != getattr(after, field) for field in told):
        store.raise_notices(
            work,
            source="directory",
            code=event.code,
            version=event.entry_version,
            name=event.name,
        )


def after_item(work: Work, event: ItemPublished) -> None:
    """Tell the items that inherit from one. Permits everyone: it is the system's."""
    if event.item_version > 1:
        store.raise_notices(
            work,
            source="item",
            code=event.code,
            version=event.item_version,
            name=event.name,
        )
