"""What a workbook holds, looked over before it is read: its size, and cells that say nothing.

A workbook is a package of compressed files. The library that reads it lays a sheet out as a full
rectangle, so one stray space in the last corner would take hundreds of gigabytes; and it reads a
formula that failed, or that no program has computed yet, as an empty cell.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from tongban.catalogue.adapters.lines import UnreadableFile, open_to_read
from tongban.foundation.errors import Problem

UNPACKED_MAX = 300_000_000
PARTS_MAX = 2_000
ROWS_MAX = 200_000
CELLS_MAX = 10_000_000
_DIRECTORY_MAX = 10_000_000
_CHUNK = 1 << 20
_REST_MAX = 8 * _CHUNK
_OFFICE_97 = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_PLACE = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\sr=["']([A-Z]{1,3})(\d{1,7})["']""")
_FAILED = re.compile(
    rb"""<(?:\w+:)?c\b(?=[^>]*?\sr=["']([A-Z]{1,3})(\d{1,7})["'])[^>]*?\st=["']e["']"""
)
_NOT_COMPUTED = re.compile(
    rb"""<(?:\w+:)?c\b[^>]*?\sr=["']([A-Z]{1,3})(\d{1,7})["'][^>]*>\s*"""
    rb"<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)


@dataclass(slots=True)
class Survey:
    """What was seen on a sheet: its size, and in which cells a formula has no value.

    ``failed`` holds places from zero, as (row, column).
    """

    rows: int = 0
    columns: int = 0
    failed: set[tuple[int, int]] = field(default_factory=set)


def survey(file: Path) -> dict[str, Survey]:
    """Return by the name of each sheet of a workbook what is on it.

    :raises UnreadableFile: if it is no workbook, or one that would not fit into memory.
    """
    try:
        with zipfile.ZipFile(file) as package:
            _check(file, package)
            return {name: _look_over(file, package, at) for name, at in _sheets(package)}
    except zipfile.BadZipFile:
        raise unreadable(
            "无法读取文件 {file}：工作簿不完整或已损坏，请重新保存或重新下载后再试", file
        ) from None
    # Parts under a password, in an unknown compression, or that are no XML after all.
    except (RuntimeError, NotImplementedError, KeyError, OSError, ElementTree.ParseError) as error:
        raise unreadable("无法读取文件 {file}：{error}", file, error=error) from None


def is_encrypted(file: Path) -> bool:
    """Tell whether a file is a workbook that opens with a password only."""
    with open_to_read(file) as stream:
        if stream.read(len(_OFFICE_97)) != _OFFICE_97:
            return False
        before = b""
        while chunk := stream.read(_CHUNK):
            if _ENCRYPTED in before + chunk:
                return True
            before = chunk[-len(_ENCRYPTED) :]
    return False


def unreadable(message: str, file: Path, **details: object) -> UnreadableFile:
    """Return in words why nothing of a file can be read."""
    return UnreadableFile(Problem("file", message, {"file": file.name, **details}))


def letters_of(column: int) -> str:
    """Return what people call a column that is counted from zero.

    >>> letters_of(0), letters_of(26)
    ('A', 'AA')
    """
    letters = ""
    while column >= 0:
        column, rest = divmod(column, 26)
        letters = chr(65 + rest) + letters
        column -= 1
    return letters


def _check(file: Path, package: zipfile.ZipFile) -> None:
    parts = package.infolist()
    if len(parts) > PARTS_MAX or sum(part.file_size for part in parts) > UNPACKED_MAX:
        details = {"max": UNPACKED_MAX // 1_000_000}
        raise unreadable("文件 {file} 解压后超过 {max} MB，不能导入", file, **details)
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise unreadable("文件 {file} 不是 Excel（xlsx）工作簿", file)


def _sheets(package: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield each sheet's name, and the part of the package in which it is."""
    targets = {
        one.get("Id"): one.get("Target", "")
        for one in _directory(package, "xl/_rels/workbook.xml.rels")
    }
    parts = set(package.namelist())
    for one in _directory(package, "xl/workbook.xml").iter():
        if one.tag.rpartition("}")[2] != "sheet":
            continue
        link = next((value for key, value in one.items() if key.endswith("}id")), "")
        target = targets.get(link, "")
        at = target.removeprefix("/")
        at = at if at.startswith("xl/") else f"xl/{at}"
        if at in parts:
            yield one.get("name", ""), at


def _directory(package: zipfile.ZipFile, part: str) -> ElementTree.Element:
    with package.open(part) as stream:
        return ElementTree.fromstring(stream.read(_DIRECTORY_MAX))


def _look_over(file: Path, package: zipfile.ZipFile, part: str) -> Survey:
    found = Survey()
    with package.open(part) as stream:
        rest = b""
        while chunk := stream.read(_CHUNK):
            text = rest + chunk
            end = _end_of_cell(text)
            _note(file, found, text[:end])
            rest = text[end:][-_REST_MAX:]
        _note(file, found, rest)
    if found.rows * found.columns > CELLS_MAX:
        corner = f"{letters_of(found.columns - 1)}{found.rows}"
        raise unreadable(
            "文件 {file} 的表格一直延伸到 {corner}，太大了；请删除多余的行和列后再导入",
            file,
            corner=corner,
        )
    return found


def _end_of_cell(text: bytes) -> int:
    """Return where the last cell that is whole ends, or else the last element."""
    last = max(text.rfind(b"</c>"), text.rfind(b":c>"))
    return (text.find(b">", last) if last >= 0 else text.rfind(b">")) + 1


def _note(file: Path, found: Survey, text: bytes) -> None:
    places = _PLACE.findall(text)
    if len(places) != len(_CELL.findall(text)):
        raise unreadable("文件 {file} 的单元格没有写明位置，请用 Excel 或 WPS 另存后再导入", file)
    if places:
        found.rows = max(found.rows, *(int(row) for _, row in places))
        found.columns = max(found.columns, *(_column(one) + 1 for one in {c for c, _ in places}))
    for pattern in (_FAILED, _NOT_COMPUTED):
        found.failed |= {(int(row) - 1, _column(name)) for name, row in pattern.findall(text)}


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
