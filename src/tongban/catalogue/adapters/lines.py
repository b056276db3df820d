"""Lines of a file that somebody else wrote, however long or broken, one at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tongban.foundation.errors import Invalid, Problem

LIMIT = 5_000_000  # The longest real guide has 40 kB; more than this is no guide.
_CHUNK = 1 << 20
_HEAD = 1000
_BOM = b"\xef\xbb\xbf"
_KNOWN = {
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
    b"PK\x03\x04": "ZIP / Excel",
    b"\xd0\xcf\x11\xe0": "Office 97",
    b"\x1f\x8b": "GZIP",
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"<!DOCTYPE": "HTML",
    b"<html": "HTML",
    b"<?xml": "XML",
}


class UnreadableFile(Invalid):
    """Nothing of the file can be read, so nothing was imported."""


@dataclass(frozen=True, slots=True)
class Line:
    """``text`` is without the line's end; a line over the limit has only its beginning.

    ``end`` is the position in the file after the line, in bytes.
    """

    number: int
    text: bytes
    end: int
    too_long: bool = False


def open_to_read(file: Path) -> BinaryIO:
    """Open a file of somebody else's.

    :raises UnreadableFile: if there is no such file, or it is empty.
    """
    try:
        stream = file.open("rb")
        head = stream.read(_HEAD)
    except OSError as error:
        raise _cannot_open(file, error) from None
    if not head.strip():
        stream.close()
        raise _empty(file)
    stream.seek(0)
    return stream


def kind_of(stream: BinaryIO) -> str:
    """Return what a file is by its first bytes, or an empty text where that says nothing."""
    head = stream.read(_HEAD)
    stream.seek(0)
    kind = next((kind for start, kind in _KNOWN.items() if head.startswith(start)), "")
    # Much of UTF-16 is zeros, as its punctuation is; UTF-8 text has a zero nowhere.
    return kind or ("UTF-16" if head.count(0) > len(head) // 10 else "")


def lines(file: Path, *, limit: int = LIMIT) -> Iterator[Line]:
    """Return the lines that are not blank. Holds one line of at most ``limit`` bytes at a time.

    :raises UnreadableFile: if there is no such file, or it holds something else than lines of text.
    """
    stream = open_to_read(file)
    if kind := kind_of(stream):
        stream.close()
        raise UnreadableFile(
            Problem(
                "file",
                "{file} 是 {kind} 格式，请另存为 UTF-8 编码的 JSONL（每行一个 JSON 对象）",
                {"file": file.name, "kind": kind},
            )
        )
    return _split(file, stream, limit)


def _split(file: Path, stream: BinaryIO, limit: int) -> Iterator[Line]:
    number = end = 0
    blank = True
    with stream:
        while text := stream.readline(limit + 1):
            number += 1
            end += len(text)
            too_long = len(text.rstrip(b"\r\n")) > limit
            if too_long:
                end += _skip_line(stream, text)
            if number == 1:
                text = text.removeprefix(_BOM)
            if too_long:
                yield Line(number, text[:1000], end, too_long=True)
            elif text.strip():
                yield Line(number, text.rstrip(b"\r\n"), end)
            blank = blank and not text.strip()
    if blank:
        raise _empty(file)


def _skip_line(stream: BinaryIO, text: bytes) -> int:
    """Read to the end of the line without keeping it; return how many bytes that were."""
    skipped = 0
    while not text.endswith(b"\n") and (text := stream.readline(_CHUNK)):
        skipped += len(text)
    return skipped


def _empty(file: Path) -> UnreadableFile:
    return UnreadableFile(Problem("file", "文件 {file} 是空的", {"file": file.name}))


def _cannot_open(file: Path, error: OSError) -> UnreadableFile:
    path = str(file)
    if isinstance(error, FileNotFoundError):
        return UnreadableFile(Problem("file", "没有文件 {file}，请核对路径", {"file": path}))
    if isinstance(error, IsADirectoryError):
        message = Problem("file", "{file} 是文件夹，请指定其中的一个文件", {"file": path})
        return UnreadableFile(message)
    details: dict[str, object] = {"file": path, "error": error.strerror or str(error)}
    return UnreadableFile(Problem("file", "无法读取文件 {file}：{error}", details))
