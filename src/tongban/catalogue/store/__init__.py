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
from tongban.catalogue.store.items import PublishedMeanwhile, save

__all__ = [
    "PublishedMeanwhile",
    "add_comment",
    "add_draft",
    "finish",
    "handling_among",
    "hold_hierarchy",
    "hold_item",
    "lock_draft",
    "mains_among",
    "move",
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
