"""The acts that change the catalogue."""

from tongban.catalogue.commands.imports import ImportReport, import_guides, import_items
from tongban.catalogue.commands.publish import publish, publish_all

__all__ = ["ImportReport", "import_guides", "import_items", "publish", "publish_all"]
