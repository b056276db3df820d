"""Which files are let in: judged by content, never by name or by what a browser says of them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from tongban.documents.model import images, names, packages, problems
from tongban.foundation.errors import Problem

SIZE_MAX = 20 * 2**20

Check = Callable[[str, bytes], Problem | None]


@dataclass(frozen=True, slots=True)
class FileType:
    """``suffixes`` are the endings of the type, the usual one first."""

    media_type: str
    suffixes: tuple[str, ...]
    check: Check


def _check_pdf(name: str, content: bytes) -> Problem | None:
    # Its library takes a tenth of a second to load, at every start of every part.
    from tongban.documents.model import pdf

    return pdf.check(name, content)


_OFFICE = "application/vnd.openxmlformats-officedocument."
PDF = FileType("application/pdf", ("pdf",), _check_pdf)
JPEG = FileType("image/jpeg", ("jpg", "jpeg"), partial(images.check, size_of=images.jpeg_size))
PNG = FileType("image/png", ("png",), partial(images.check, size_of=images.png_size))
WEBP = FileType("image/webp", ("webp",), partial(images.check, size_of=images.webp_size))
OFD = FileType("application/ofd", ("ofd",), packages.check)
DOCX = FileType(_OFFICE + "wordprocessingml.document", ("docx",), packages.check)
XLSX = FileType(_OFFICE + "spreadsheetml.sheet", ("xlsx",), packages.check)

TYPES = (PDF, JPEG, PNG, WEBP, OFD, DOCX, XLSX)
_CONTAINERS = {packages.OFD: OFD, packages.DOCX: DOCX, packages.XLSX: XLSX}
_SUFFIXES = frozenset(suffix for kind in TYPES for suffix in kind.suffixes) | {"docm", "xlsm"}

# Formats that people do send, so that they are told what theirs is rather than only what is not.
_OTHERS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "DOC/XLS/WPS"),
    (0, b"GIF8", "GIF"),
    (0, b"BM", "BMP"),
    (0, b"II*\x00", "TIFF"),
    (0, b"MM\x00*", "TIFF"),
    (4, b"ftypheic", "HEIC"),
    (4, b"ftypheix", "HEIC"),
    (4, b"ftypmif1", "HEIC"),
    (4, b"ftyp", "MP4/MOV"),
    (0, b"Rar!", "RAR"),
    (0, b"7z\xbc\xaf", "7Z"),
    (0, b"PK\x03\x04", "ZIP"),
    (0, b"PK\x05\x06", "ZIP"),
    (0, b"\x1f\x8b", "GZIP"),
    (0, b"{\\rtf", "RTF"),
    (0, b"MZ", "EXE"),
    (0, b"\x7fELF", "ELF"),
)


@dataclass(frozen=True, slots=True)
class Accepted:
    """An upload that may be stored, under its cleaned name."""

    name: str
    media_type: str


def examine(*, name: str, content: bytes) -> Accepted | Problem:
    """Judge an upload. Return how it is to be stored, or the first thing wrong with it."""
    shown = names.shown(name)
    if not content:
        return problems.empty(shown)
    if len(content) > SIZE_MAX:
        return problems.too_large(shown, size=len(content), limit=SIZE_MAX)
    kind = type_of(content)
    if kind is None:
        return _unwanted(shown, content)
    accepted = names.clean(name, suffixes=kind.suffixes, wrong=_SUFFIXES)
    return kind.check(shown, content) or Accepted(accepted, kind.media_type)


def type_of(content: bytes) -> FileType | None:
    """Return the type by the first bytes; a container is looked into."""
    if content.startswith(b"%PDF-") or content[:1024].lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(
        b"%PDF-"
    ):
        return PDF
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return WEBP
    if content.startswith(b"PK\x03\x04"):
        return _CONTAINERS.get(packages.kind_of(content) or "")
    return None


def _unwanted(name: str, content: bytes) -> Problem:
    for offset, mark, found in _OTHERS:
        if content.startswith(mark, offset):
            return problems.other_type(name, found=found)
    return problems.unknown_type(name)
