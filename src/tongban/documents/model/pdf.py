"""PDF files: whether they open, how long they are, and whether they do more than show pages."""

import logging
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.errors import DependencyError
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    StreamObject,
)

from tongban.documents.model import problems
from tongban.foundation.errors import Problem

PAGES_MAX = 1_000
# Walking so many takes about 3 s of CPU. A book of a thousand pages has a tenth of them, beside the
# tree that describes its structure to readers aloud, in which nothing can act: it is left out.
OBJECTS_MAX = 50_000
STATED_MAX = 200_000
_DESCRIPTION = "/StructTreeRoot"

# What is wrong with a stranger's file is told to the stranger, not to the log.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

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
_COMPOUND = (IndirectObject, DictionaryObject, ArrayObject)
_Thing = DictionaryObject | ArrayObject | NameObject


def _spelt(*names: str) -> re.Pattern[bytes]:
    """Return a pattern for names, each character as itself or as an escape (ISO 32000-1, 7.3.5)."""
    spelt = ("".join(f"(?:{letter}|#(?i:{ord(letter):02x}))" for letter in name) for name in names)
    return re.compile(rf"/(?:{'|'.join(spelt)})s?[\s/<(\[>]".encode())


# Readers mend broken files each in its own way, so what stands open is looked for in the bytes too.
_OPEN = _spelt("JavaScript", "Launch", "EmbeddedFile", "RichMedia")


def check(name: str, content: bytes) -> Problem | None:
    """Return what is wrong with a PDF. Every object that can be reached is looked at."""
    if content.count(b" obj") > STATED_MAX:
        return problems.too_complex(name)
    if found := _open(content):
        return problems.active_pdf(name, found=found)
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
        if active := next((part for part in _names(thing) if part in _ACTIVE), None):
            return problems.active_pdf(name, found=_ACTIVE[active])
        pages += isinstance(thing, dict) and thing.get("/Type") == "/Page"
        if pages > PAGES_MAX:
            return problems.too_many_pages(name, pages=len(reader.pages), limit=PAGES_MAX)
    for number in {stream for stream, _ in reader.xref_objStm.values()}:
        packed = reader.get_object(number)
        if isinstance(packed, StreamObject) and (found := _open(packed.get_data())):
            return problems.active_pdf(name, found=found)
    return None if pages else problems.damaged(name)


def _open(content: bytes) -> str | None:
    found = _OPEN.search(content)
    if found is None:
        return None
    plain = re.sub(rb"#(..)", lambda code: bytes.fromhex(code[1].decode()), found[0])
    return plain[:-1].decode().strip("/").removesuffix("s")


def _names(thing: _Thing) -> Iterator[str]:
    """Yield the names that stand in a thing itself, as keys or as values."""
    if isinstance(thing, NameObject):
        yield thing
        return
    if isinstance(thing, DictionaryObject):
        yield from thing
    yield from (part for part in _parts(thing) if isinstance(part, NameObject))


def _reachable(reader: PdfReader) -> Iterator[_Thing]:
    """Yield every dictionary, array and shared name from the root on, without recursion."""
    waiting: list[Any] = [reader.trailer["/Root"]]
    seen: set[tuple[int, int]] = set()
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, IndirectObject):
            if (thing.idnum, thing.generation) in seen:
                continue
            seen.add((thing.idnum, thing.generation))
            thing = thing.get_object()
        if isinstance(thing, NameObject):
            yield thing
        elif isinstance(thing, DictionaryObject | ArrayObject):
            yield thing
            waiting.extend(part for part in _parts(thing) if isinstance(part, _COMPOUND))


def _parts(thing: DictionaryObject | ArrayObject) -> Iterator[Any]:
    if isinstance(thing, DictionaryObject):
        return (thing.raw_get(key) for key in thing if key != _DESCRIPTION)
    return iter(thing)
