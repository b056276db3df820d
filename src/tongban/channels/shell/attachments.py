"""Files handed in with a form. Those that are fine are kept while the rest is put right."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request

from tongban import documents
from tongban.channels.shell.forms import form, uploads
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.work import Work

# Hidden fields that name the files which an earlier try has brought, and the fields for new ones.
KEPT, FIELD = "kept.", "material."
UUID_TEXT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class HandedIn:
    """The ids of the files by the key of their material, and what is wrong with the others."""

    files: dict[str, tuple[str, ...]]
    problems: list[Problem]


def handed_in(request: Request, work: Work, *, holder: str) -> HandedIn:
    """Take in the files of a form for somebody, beside those that it names as taken in before.

    The transaction must be committed for them to be there when the form comes again.
    """
    found: dict[str, tuple[str, ...]] = {}
    problems: list[Problem] = []
    for field, value in form(request).multi_items():
        if field.startswith(KEPT) and isinstance(value, str) and UUID_TEXT.fullmatch(value):
            key = field.removeprefix(KEPT)
            found[key] = (*found.get(key, ()), value)
    for upload in uploads(request):
        try:
            with work.savepoint():
                stored = documents.store(
                    work, name=upload.name, content=upload.content, holder=holder
                )
        except Invalid as refused:
            problems += [Problem(upload.field, p.message, p.details) for p in refused.problems]
        else:
            key = upload.field.removeprefix(FIELD)
            found[key] = (*found.get(key, ()), str(stored.id))
    return HandedIn(found, problems)


def by_id(work: Work, files: Mapping[str, Sequence[str]]) -> dict[str, documents.File]:
    """Return the files that may be read, by their ids as a page names them."""
    ids = [UUID(file) for each in files.values() for file in each]
    return {str(file.id): file for file in documents.files(work, ids=ids)} if ids else {}
