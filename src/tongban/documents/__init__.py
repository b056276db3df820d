"""Documents: the files that people hand in and the notices that departments issue.

- A file is judged by its content; what a browser or a name says of it counts for nothing.
- Bytes never change: the same bytes are kept once, encrypted, and files point to their hash.
- Whose file it is sees which officers opened it (``look_at``).
- An upload belongs to its holder; once attached to a case it stays with that case for good.
- A blank form or a sample of a guide is everybody's to read, and kept for good.
- An upload that neither a draft nor a case needs is forgotten after some days.
- What the data of a notice say is printed as text, whatever it looks like.
"""

from tongban.documents import events
from tongban.documents.adapters.fonts import FontsMissing
from tongban.documents.adapters.fonts import installed as installed_fonts
from tongban.documents.adapters.typesetting import render
from tongban.documents.commands import (
    attach,
    hold,
    issue,
    look_at,
    look_at_part,
    store,
    store_for_guide,
)
from tongban.documents.model.file import (
    File,
    FileInOtherCase,
    FileKind,
    FileRefused,
    NoSuchFile,
    download_headers,
    is_look,
)
from tongban.documents.model.notices import FORMS, Template, WrongData
from tongban.documents.model.uploads import SIZE_MAX
from tongban.documents.queries import file, files, files_of_case, guide_file, read
from tongban.documents.subscribers import schedule_forgetting

__all__ = [
    "FORMS",
    "SIZE_MAX",
    "File",
    "FileInOtherCase",
    "FileKind",
    "FileRefused",
    "FontsMissing",
    "NoSuchFile",
    "Template",
    "WrongData",
    "attach",
    "download_headers",
    "events",
    "file",
    "files",
    "files_of_case",
    "guide_file",
    "hold",
    "installed_fonts",
    "is_look",
    "issue",
    "look_at",
    "look_at_part",
    "read",
    "render",
    "schedule_forgetting",
    "store",
    "store_for_guide",
]
