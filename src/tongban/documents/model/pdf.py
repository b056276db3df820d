"""PDF files: whether they open, how long they are, and whether they do more than show pages."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.errors import DependencyError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject

from tongban.documents.model import problems
from tongban.foundation.errors import Problem

PAGES_MAX = 1_000
OBJECTS_MAX = 100_000

# What a PDF may carry that acts, fetches, sends or hides something (ISO 32000-1, 12.6, 7.11.4,
# 12.7.8; RichMedia from Adobe's extension level 3). Keys and values are looked at alike.
_ACTIVE = {
    "/JavaScript": "JavaScript",
    "/JS": "JavaScript",
    "/Launch": "Launch",
    "/EmbeddedFile": "EmbeddedFile",
    "/EmbeddedFiles": "EmbeddedFile",
    "/FileAttachment": "EmbeddedFile",
    "/GoToE": "EmbeddedFile",
    "/RichMedia": "RichMedia",
    "/RichMediaExecute": "RichMedia",
    "/SubmitForm": "SubmitForm",
    "/ImportData": "ImportData",
    "/XFA": "XFA",
}
# Readers mend broken files each in its own way, so what lies open is looked for in the bytes too.
_OPEN = re.compile(rb"/(JavaScript|Launch|EmbeddedFile|RichMedia)s?[\s/<(\[>]")


def check(name: str, content: bytes) -> Problem | None:
    """Return what is wrong with a PDF. Every object that can be reached is looked at."""
    if found := _OPEN.search(content):
        return problems.active_pdf(name, found=found[1].decode())
    try:
        reader = PdfReader(BytesIO(content), strict=False)
        # Many official papers only forbid changing them: they open with the empty password.
        if reader.is_encrypted and not reader.decrypt(""):
            return problems.locked(name)
        return _check_objects(name, reader)
    except DependencyError:
        return problems.locked(name)
    except Exception:  # A parser of hostile input may fail in any way; the file is refused.
        return problems.damaged(name)


def _check_objects(name: str, reader: PdfReader) -> Problem | None:
    pages = 0
    for count, thing in enumerate(_reachable(reader)):
        if count >= OBJECTS_MAX:
            return problems.too_complex(name)
        if isinstance(thing, NameObject) and thing in _ACTIVE:
            return problems.active_pdf(name, found=_ACTIVE[thing])
        if isinstance(thing, DictionaryObject):
            if active := _ACTIVE.keys() & thing.keys():
                return problems.active_pdf(name, found=_ACTIVE[min(active)])
            pages += thing.get("/Type") == "/Page"
            if pages > PAGES_MAX:
                return problems.too_many_pages(name, pages=len(reader.pages), limit=PAGES_MAX)
    return None if pages else problems.damaged(name)


def _reachable(reader: PdfReader) -> Iterator[Any]:
    """Yield every object from the root on, each once, without recursion."""
    waiting: list[Any] = [reader.trailer["/Root"]]
    seen: set[tuple[int, int]] = set()
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, IndirectObject):
            if (thing.idnum, thing.generation) in seen:
                continue
            seen.add((thing.idnum, thing.generation))
            thing = thing.get_object()
        yield thing
        if isinstance(thing, DictionaryObject):
            waiting.extend(thing.raw_get(key) for key in thing)
        elif isinstance(thing, ArrayObject):
            waiting.extend(thing)
