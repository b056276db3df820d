"""How the catalogue is kept. Used by the commands of this module and by nobody else."""

from tongban.catalogue.store.entries import (
    handling_among,
    hold_hierarchy,
    mains_among,
    save_entries,
)
from tongban.catalogue.store.imports import (
    begin_import,
    fail_import,
    finish_import,
    keep_preview,
    move_import,
    note_confirmed,
    note_import,
    note_undone,
)
from tongban.catalogue.store.items import PublishedMeanwhile, save

__all__ = [
    "PublishedMeanwhile",
    "begin_import",
    "fail_import",
    "finish_import",
    "handling_among",
    "hold_hierarchy",
    "keep_preview",
    "mains_among",
    "move_import",
    "note_confirmed",
    "note_import",
    "note_undone",
    "save",
    "save_entries",
]
