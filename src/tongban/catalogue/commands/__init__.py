"""The acts that change the catalogue."""

from tongban.catalogue.commands.fitting import misfits
from tongban.catalogue.commands.imports import ImportReport, import_guides, import_items
from tongban.catalogue.commands.lint import LintReport, lint_catalogue
from tongban.catalogue.commands.preview import Foreseen, Preview, preview_items
from tongban.catalogue.commands.publish import publish, publish_all, publish_entries
from tongban.catalogue.commands.undo import NotToBeUndone, UndoReport, undo_import
from tongban.catalogue.commands.uploads import NotWaiting, confirm_upload, upload_items

__all__ = [
    "Foreseen",
    "ImportReport",
    "LintReport",
    "NotToBeUndone",
    "NotWaiting",
    "Preview",
    "UndoReport",
    "confirm_upload",
    "import_guides",
    "import_items",
    "lint_catalogue",
    "misfits",
    "preview_items",
    "publish",
    "publish_all",
    "publish_entries",
    "undo_import",
    "upload_items",
]
