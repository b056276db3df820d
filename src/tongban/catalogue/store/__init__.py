"""How the catalogue is kept. Used by the commands of this module and by nobody else."""

from tongban.catalogue.store.drafts import (
    add_comment,
    add_draft,
    finish,
    hold_item,
    lock_draft,
    move,
    plan,
    plan_withdrawal,
    raise_notices,
    save_draft,
    save_review,
    settle_notices,
    withdrawn,
)
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
    "add_comment",
    "add_draft",
    "begin_import",
    "fail_import",
    "finish",
    "finish_import",
    "handling_among",
    "hold_hierarchy",
    "hold_item",
    "keep_preview",
    "lock_draft",
    "mains_among",
    "move",
    "move_import",
    "note_confirmed",
    "note_import",
    "note_undone",
    "plan",
    "plan_withdrawal",
    "raise_notices",
    "save",
    "save_draft",
    "save_entries",
    "save_review",
    "settle_notices",
    "withdrawn",
]
