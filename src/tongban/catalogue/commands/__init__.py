"""The acts that change the catalogue."""

from tongban.catalogue.commands.draft import (
    CodeTaken,
    NotYours,
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
from tongban.catalogue.commands.entries import (
    EntryTaken,
    begin_entry,
    review_entry,
    save_entry,
    submit_entry,
    withdraw_entry,
)
from tongban.catalogue.commands.fitting import misfits, misfits_alone
from tongban.catalogue.commands.imports import ImportReport, import_guides, import_items
from tongban.catalogue.commands.lint import LintReport, lint_catalogue
from tongban.catalogue.commands.preview import Foreseen, Preview, preview_items
from tongban.catalogue.commands.publish import publish, publish_all, publish_entries
from tongban.catalogue.commands.sets import (
    Planned,
    SetSettled,
    assign_items,
    begin_set,
    foresee_set,
    review_set,
    undo_set,
)
from tongban.catalogue.commands.undo import NotToBeUndone, UndoReport, undo_import
from tongban.catalogue.commands.uploads import NotWaiting, confirm_upload, upload_items
from tongban.catalogue.commands.words import (
    NoSuchWord,
    add_word,
    adopt_miss,
    remove_word,
)
from tongban.catalogue.commands.zones import (
    ZoneTaken,
    remove_zone,
    save_zone,
)

__all__ = [
    "CodeTaken",
    "EntryTaken",
    "Foreseen",
    "ImportReport",
    "LintReport",
    "NoSuchWord",
    "NotToBeUndone",
    "NotWaiting",
    "NotYours",
    "Planned",
    "Preview",
    "SetSettled",
    "UndoReport",
    "ZoneTaken",
    "add_word",
    "adopt_miss",
    "assign_items",
    "begin_draft",
    "begin_entry",
    "begin_item",
    "begin_set",
    "comment_draft",
    "confirm_upload",
    "foresee_set",
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
    "remove_word",
    "remove_zone",
    "review_draft",
    "review_entry",
    "review_set",
    "save_draft",
    "save_entry",
    "save_zone",
    "settle_notices",
    "submit_draft",
    "submit_entry",
    "undo_import",
    "undo_set",
    "upload_items",
    "withdraw_draft",
    "withdraw_entry",
    "withdraw_item",
]
