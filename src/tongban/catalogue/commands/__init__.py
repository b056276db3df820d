"""The acts that change the catalogue."""

from tongban.catalogue.commands.fitting import misfits
from tongban.catalogue.commands.imports import ImportReport, import_guides, import_items
from tongban.catalogue.commands.publish import publish, publish_all, publish_entries

__all__ = [
    "ImportReport",
    "import_guides",
    "import_items",
    "misfits",
    "publish",
    "publish_all",
    "publish_entries",
]
