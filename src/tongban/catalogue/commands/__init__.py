"""The acts that change the catalogue."""

from tongban.catalogue.commands.draft import (
    CodeTaken,
    begin_draft,
    begin_item,
    comment_draft,
    publish_draft,
    rebase_draft,
    review_draft,
    save_draft,
    settle_notices,
    submit_draft,
    withdraw_draft,
    withdraw_item,
)
from tongban.catalogue.commands.fitting import misfits, misfits_alone
from tongban.catalogue.commands.imports import ImportReport, import_guides, import_items
from tongban.catalogue.commands.lint import LintReport, lint_catalogue
from tongban.catalogue.commands.preview import Foreseen, Preview, preview_items
from tongban.catalogue.commands.publish import publish, publish_all, publish_entries
from tongban.catalogue.commands.undo import NotToBeUndone, UndoReport, undo_import
from tongban.catalogue.commands.uploads import NotWaiting, confirm_upload, upload_items

__all__ = [
    "CodeTaken",
    "Foreseen",
    "ImportReport",
    "LintReport",
    "NotToBeUndone",
    "NotWaiting",
    "Preview",
    "UndoReport",
    "begin_draft",
    "begin_item",
    "comment_draft",
    "confirm_upload",
    "import_guides",
    "import_items",
    "lint_catalogue",
    "misfits",
    "misfits_alone",
    "preview_items",
    "publish",
    "publish_all",
    "publish_draft",
    "publish_entries",
    "rebase_draft",
    "review_draft",
    "save_draft",
    "settle_notices",
    "submit_draft",
    "undo_import",
    "upload_items",
    "withdraw_draft",
    "withdraw_item",
]
