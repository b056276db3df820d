"""How the catalogue is kept. Used by the commands of this module and by nobody else."""

from tongban.catalogue.store.entries import (
    handling_among,
    hold_hierarchy,
    mains_among,
    save_entries,
)
from tongban.catalogue.store.items import PublishedMeanwhile, save

__all__ = [
    "PublishedMeanwhile",
    "handling_among",
    "hold_hierarchy",
    "mains_among",
    "save",
    "save_entries",
]
