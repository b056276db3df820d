"""Tables that somebody else wrote as text (CSV, tab-separated), row by row, however broken.

The encoding and the separator are found out by looking: UTF-8, GB 18030 or UTF-16; tab, comma,
semicolon or bar. A row that cannot be read costs itself and nothing else: after a quotation mark
that is never closed, reading goes on with the next line.
"""

import codecs
import csv
import io
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tongban.catalogue.adapters.lines import UnreadableFile, kind_of, open_to_read
from tongban.catalogue.model.flaw import Flaw
from tongban.foundation.errors import Problem

ROW_LIMIT = 1_000_000  # Characters. The longest real row has 12,000.
SEPARATORS = "\t,;|"
HEADING_LINES = 50
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``number`` is the line it begins on, counted from 1.

    ``cells`` are as many as there are headings, unless ``flaw`` tells why it cannot be read.
    ``end`` is how far the file has been read, in bytes.
    """

    number: int
    cells: tuple[str, ...]
    end: int
    flaw: Flaw | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its headings. ``rows`` can be gone through once. ``sheet``: of a workbook."""

    headings: tuple[str, ...]
    rows: Iterator[Row]
    sheet: str = ""


def read_text_table(
    file: Path, *, separator: str = "", encoding: str = "", heading_line: int = 1
) -> Table:
    """Return a table of text. What is not told is found out.

    :param heading_line: the line that holds the headings; what stands above it is passed over.
    :raises UnreadableFile: if there is no such file, or it holds no table of text.
    """
    stream = open_to_read(file)
    kind = kind_of(stream)
    if kind not in ("", "UTF-16"):
        stream.close()
        raise _unreadable("{file} 是 {kind} 格式，请另存为 CSV 或 Excel（xlsx）", file, kind=kind)
    if not encoding or codecs.lookup(encoding).name == "utf-16":
        encoding = _utf_16(stream) if kind or encoding else _encoding(stream)
    lines = _Lines(stream, encoding)
    lines.pass_over(heading_line - 1)
    first = lines.peek()
    separator = separator or max(SEPARATORS, key=first.count)
    if separator not in first:
        stream.close()
        raise _unreadable("文件 {file} 的表头中没有分隔符，不是表格", file)
    headings = headings_of(_heading(lines, separator), file)
    return Table(headings, _rows(lines, separator, width=len(headings)))


def _heading(lines: "_Lines", separator: str) -> list[str]:
    """Read the headings, of which each may have several lines between quotation marks."""
    try:
        cells = next(csv.reader(lines, delimiter=separator, strict=True))
    except (csv.Error, _TooLong):
        return _without_quotes(lines, separator)
    return cells if len(lines.taken) <= HEADING_LINES else _without_quotes(lines, separator)


def headings_of(cells: Sequence[str], file: Path) -> tuple[str, ...]:
    """Return the headings of a table, in order.

    :raises UnreadableFile: if one stands there twice, or is no text.
    """
    headings = tuple(" ".join(cell.removeprefix("\ufeff").split()) for cell in cells)
    named = [heading for heading in headings if heading]
    if not all(heading.isprintable() for heading in headings):
        raise _unreadable("文件 {file} 的表头中有控制字符，不是表格", file)
    if twice := next((heading for heading in named if named.count(heading) > 1), None):
        raise _unreadable("文件 {file} 的表头“{heading}”出现两次", file, heading=twice)
    return headings


class _TooLong(Exception):
    """A physical line is longer than any row."""


class _Lines:
    """Gives a reader of rows one physical line after the other, and takes lines back."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        # What cannot be decoded is kept as surrogates, so that only its own row is lost.
        errors = "replace" if encoding.startswith("utf-16") else "surrogateescape"
        self._text = io.TextIOWrapper(stream, encoding=encoding, errors=errors, newline="")
        self._binary = stream
        self._back: deque[str] = deque()
        self.number = 0
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else self._text.readline(ROW_LIMIT + 1)
        if not line:
            raise StopIteration
        self.number += 1
        self.taken.append(line[:1000] if len(line) > ROW_LIMIT else line)
        if len(line) > ROW_LIMIT:
            while not line.endswith("\n") and (line := self._text.readline(_CHUNK)):
                pass
            raise _TooLong
        return line

    def pass_over(self, count: int) -> None:
        for _ in range(count):
            next(self, None)
        self.taken.clear()

    def peek(self) -> str:
        """Return the next lines, up to where quotation marks close, without taking them.

        Return an empty text where none can be read.
        """
        text = ""
        try:
            while len(self.taken) < HEADING_LINES and (not text or text.count('"') % 2):
                text += (line := next(self, ""))
                if not line:
                    break
        except _TooLong:
            return ""
        self.give_back(keep=0)
        return text

    def give_back(self, *, keep: int) -> None:
        """Take back all but the first lines that were given out for the present row."""
        self._back.extendleft(reversed(self.taken[keep:]))
        self.number -= len(self.taken) - keep
        del self.taken[keep:]

    @property
    def end(self) -> int:
        return self._binary.tell()


def _rows(lines: _Lines, separator: str, *, width: int) -> Iterator[Row]:
    csv.field_size_limit(ROW_LIMIT)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        lines.taken.clear()
        number = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except _TooLong:
            flaw = Flaw("", "line_too_long", {"limit": ROW_LIMIT // 1_000_000})
            yield Row(number, (lines.taken[-1],), lines.end, flaw)
            continue
        except csv.Error:
            cells = _without_quotes(lines, separator)
        if len(lines.taken) > 1 and len(cells) != width:
            # A quotation mark that nobody closed has swallowed the lines that follow.
            cells = _without_quotes(lines, separator)
        if any(cell and not cell.isspace() for cell in cells):
            yield _fitted(number, cells, width=width, end=lines.end, separator=separator)


def _without_quotes(lines: _Lines, separator: str) -> list[str]:
    """Read the first line of a row anew, its quotation marks being nothing but text."""
    lines.give_back(keep=1)
    return lines.taken[0].rstrip("\r\n").split(separator)


def _fitted(number: int, cells: list[str], *, width: int, end: int, separator: str) -> Row:
    if len(cells) > width and not any(cells[width:]):
        cells = cells[:width]
    if separator == "\t" and len(cells) < width:
        # Many programs leave out the tabs behind the last cell that is filled.
        cells = cells + [""] * (width - len(cells))
    flaw = None
    if len(cells) != width:
        flaw = Flaw("", "columns", {"found": len(cells), "expected": width})
    else:
        whole = "".join(cells)
        try:
            whole.encode()
            if "\0" in whole:
                flaw = Flaw("row", "nul")
        except UnicodeEncodeError:
            cells = [cell.encode("utf-8", "replace").decode() for cell in cells]
            flaw = Flaw("", "encoding", {"guess": "无法识别"})
    return Row(number, tuple(cells), end, flaw)


def _utf_16(stream: BinaryIO) -> str:
    """Return which byte comes first: what a mark says, or else on which side the zeros are."""
    head = stream.read(1000)
    stream.seek(0)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-16-be" if head[::2].count(0) > head[1::2].count(0) else "utf-16-le"


def _encoding(stream: BinaryIO) -> str:
    """Return the encoding in which a file can be read the furthest; UTF-8 if it is pure ASCII."""
    best = max(("utf-8", "gb18030"), key=lambda encoding: _readable(stream, encoding))
    stream.seek(0)
    return best


def _readable(stream: BinaryIO, encoding: str) -> int:
    """Return how many bytes of a file are text of this encoding, before the first that is not."""
    stream.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    done = 0
    while chunk := stream.read(_CHUNK):
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as error:
            return done + error.start
        done += len(chunk)
    return done + 1


def _unreadable(message: str, file: Path, **details: object) -> UnreadableFile:
    return UnreadableFile(Problem("file", message, {"file": file.name, **details}))
