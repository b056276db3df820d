"""The acts that change the catalogue."""

from tongban.catalogue.commands.fitting import misfits
from tongban.catalogue.commands.imports import ImportReport, import_guides, import_items
from tongban.catalogue.commands.lint import LintReport, lint_catalogue
from tongban.catalogue.commands.publish import publish, publish_all, publish_entries

__all__ = [
    "ImportReport",
    "LintReport",
    "import_guides",
    "import_items",
    "lint_catalogue",
    "misfits",
    "publish",
    "publish_all",
    "publish_entries",
]
