"""Questions about the catalogue. Nothing here changes anything."""

from tongban.catalogue.queries.browse import (
    By,
    Count,
    Filter,
    ItemLine,
    browse,
    counts,
    item_lines,
    popular,
)
from tongban.catalogue.queries.entries import (
    EntryFilter,
    EntryVersion,
    entries,
    entries_named,
    entry,
    entry_counts,
    entry_versions,
)
from tongban.catalogue.queries.items import (
    HandlingItem,
    Version,
    handling_items,
    item,
    item_above,
    versions,
)
from tongban.catalogue.queries.search import Found, search

__all__ = [
    "By",
    "Count",
    "EntryFilter",
    "EntryVersion",
    "Filter",
    "Found",
    "HandlingItem",
    "ItemLine",
    "Version",
    "browse",
    "counts",
    "entries",
    "entries_named",
    "entry",
    "entry_counts",
    "entry_versions",
    "handling_items",
    "item",
    "item_above",
    "item_lines",
    "popular",
    "search",
    "versions",
]
