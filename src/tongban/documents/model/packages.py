"""Zip containers (DOCX, XLSX, OFD): how far they unpack, and what they carry besides text."""

import re
import zipfile
import zlib
from io import BytesIO

from lxml import etree

from tongban.documents.model import problems
from tongban.foundation.errors import Problem

ENTRIES_MAX = 5_000
UNPACKED_MAX = 150 * 2**20
LISTING_MAX = 5 * 2**20
# Office files seldom reach 50; a bomb needs 1,000. Small files may be as regular as they like.
RATIO_MAX, RATIO_FREE = 200, 10 * 2**20

_PIECE = 2**18

DOCX, XLSX, OFD = "docx", "xlsx", "ofd"

_MAIN_PARTS = {
    b"wordprocessingml.document.main+xml": DOCX,
    b"spreadsheetml.sheet.main+xml": XLSX,
}
_PROGRAM = re.compile(
    r"\.(exe|dll|com|bat|cmd|scr|pif|msi|jar|js|jse|vbs|vbe|wsf|hta|ps1|sh|lnk|apk|ocx|sys)$",
    re.IGNORECASE,
)
_OBJECT = re.compile(r"(oleobject[^/]*\.bin|^(word|xl)/activex/.*)$", re.IGNORECASE)
_PACKED = re.compile(r"\.(docx|xlsx|pptx|docm|xlsm|pptm|zip)$", re.IGNORECASE)
# Relationships that a program follows when the file is opened, not when a person clicks.
_FOLLOWED = re.compile(r"/(attachedTemplate|oleObject|frame|subDocument|externalLinkPath)$")
# What the libraries raise about a broken file; a way of packing that zipfile does not know is a
# NotImplementedError to it.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    etree.XMLSyntaxError,
)


class _Refused(Exception):
    def __init__(self, problem: Problem) -> None:
        self.problem = problem


def kind_of(content: bytes) -> str | None:
    """Return which of the known containers a zip file is, or None."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist()[: ENTRIES_MAX + 1])
            if "OFD.xml" in names:
                return OFD
            if "[Content_Types].xml" in names:
                listing = archive.getinfo("[Content_Types].xml")
                return _office_kind(_unpack(archive, listing, "", most=LISTING_MAX))
    except (*_DAMAGED, _Refused):
        return None
    return None


def check(name: str, content: bytes) -> Problem | None:
    """Return what is wrong with a container. Every part is unpacked once, within the limits."""
    try:
        _check_archive(name, content, depth=0)
    except _Refused as refused:
        return refused.problem
    except _DAMAGED:
        return problems.damaged(name)
    return None


def _office_kind(content_types: bytes) -> str | None:
    # A file with macros names its main part otherwise; it is told apart, to be refused by name.
    if b"macroEnabled.main+xml" in content_types:
        return DOCX if b"ms-word" in content_types else XLSX
    return next((kind for part, kind in _MAIN_PARTS.items() if part in content_types), None)


def _check_archive(name: str, content: bytes, *, depth: int) -> None:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        entries = archive.infolist()
        _check_sizes(name, entries, len(content))
        for entry in entries:
            _check_entry(name, entry)
        for entry in entries:
            _check_part(name, archive, entry, depth=depth)


def _check_sizes(name: str, entries: list[zipfile.ZipInfo], packed: int) -> None:
    if len(entries) > ENTRIES_MAX:
        raise _Refused(problems.too_many_entries(name, count=len(entries), limit=ENTRIES_MAX))
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > UNPACKED_MAX or unpacked > max(RATIO_FREE, packed * RATIO_MAX):
        raise _Refused(problems.too_much_unpacked(name, limit=UNPACKED_MAX))


def _check_entry(name: str, entry: zipfile.ZipInfo) -> None:
    path = entry.filename.replace("\\", "/")
    if entry.flag_bits & 1:
        raise _Refused(problems.locked(name))
    if path.startswith("/") or ".." in path.split("/") or ":" in path:
        raise _Refused(problems.damaged(name))
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _Refused(problems.damaged(name))
    base = path.rpartition("/")[2]
    if base.lower().startswith("vbaproject"):
        raise _Refused(problems.macros(name))
    if _PROGRAM.search(base) or _OBJECT.search(path):
        raise _Refused(problems.embedded(name, found=base[:40]))


def _check_part(name: str, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, *, depth: int) -> None:
    path = entry.filename
    base = path.rpartition("/")[2][:40]
    if path == "[Content_Types].xml" or path.endswith(".rels"):
        content = _unpack(archive, entry, name, most=LISTING_MAX)
        if b"macroEnabled" in content:
            raise _Refused(problems.macros(name))
        if path.endswith(".rels"):
            _check_relationships(name, content)
        return
    start = _drain(archive, entry, name)
    if _PACKED.search(path) or start.startswith(b"PK\x03\x04"):
        # A chart in a text document carries its table along; what is in there counts as well.
        if depth:
            raise _Refused(problems.embedded(name, found=base))
        _check_archive(name, _unpack(archive, entry, name, most=UNPACKED_MAX), depth=depth + 1)
    elif start.startswith(b"MZ"):
        raise _Refused(problems.embedded(name, found=base))


def _check_relationships(name: str, content: bytes) -> None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    for relationship in etree.fromstring(content, parser).iter("{*}Relationship"):
        followed = _FOLLOWED.search(relationship.get("Type", ""))
        if followed and relationship.get("TargetMode") == "External":
            raise _Refused(problems.fetches(name, found=followed[1]))


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, *, most: int) -> bytes:
    if entry.file_size > most:
        raise _Refused(problems.too_much_unpacked(name, limit=most))
    return archive.read(entry)


def _drain(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> bytes:
    """Unpack one part piece by piece, which proves its checksum, and return how it starts."""
    start, unpacked = b"", 0
    with archive.open(entry) as part:
        while piece := part.read(_PIECE):
            start = start or piece[:8]
            unpacked += len(piece)
    if unpacked != entry.file_size:
        raise _Refused(problems.damaged(name))
    return start
