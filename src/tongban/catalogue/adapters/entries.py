"""What a file of services holds, record by record, whatever its format.

Every format is read into the exchange shape, so that the same checks and the same report hold for
all of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tongban.catalogue.adapters.checks import doubts, flaws
from tongban.catalogue.adapters.guide import Guide
from tongban.catalogue.adapters.lines import LIMIT, kind_of, lines, open_to_read
from tongban.catalogue.adapters.mapped import Reader
from tongban.catalogue.adapters.mapping import Mapping, read_mapping, shipped
from tongban.catalogue.adapters.reading import BadGuide, read_guide, read_json
from tongban.catalogue.adapters.suggestion import suggestion
from tongban.catalogue.adapters.tables import Table, read_text_table
from tongban.catalogue.adapters.workbook import read_workbook
from tongban.catalogue.model import Item
from tongban.catalogue.model.flaw import Flaw

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of a file. Without a ``guide``, ``flaws`` tell why it cannot be taken over; with
    one, what is doubtful about it.

    :ivar number: the line on which it stands; ``end`` how far the file has been read, in bytes.
    :ivar size: roughly how much memory it takes, in bytes.
    :ivar text: what the guide says, translated already, where records share it.
    """

    number: int
    end: int
    size: int
    shown: str
    guide: Guide | None
    flaws: tuple[Flaw, ...] = ()
    text: Item | None = None


def guide_lines(file: Path) -> Iterator[Entry]:
    """Return the guides of a file with one JSON object a line.

    :raises UnreadableFile: if nothing of the file can be read.
    """
    read = lines(file)

    def entries() -> Iterator[Entry]:
        for line in read:
            shown = line.text[: SHOWN * 4].decode("utf-8", "replace")[:SHOWN]
            place = (line.number, line.end, len(line.text), shown)
            try:
                if line.too_long:
                    raise BadGuide(Flaw("", "line_too_long", {"limit": LIMIT // 1_000_000}))
                guide = read_guide(read_json(line.text))
                yield Entry(*place, *_checked(guide))
            except BadGuide as bad:
                yield Entry(*place, None, bad.flaws)

    return entries()


def mapped_rows(file: Path, mapping: Mapping) -> Iterator[Entry]:
    """Return the services of a table, as a mapping reads them.

    :raises UnreadableFile: if nothing of the file can be read.
    :raises BadMapping: if the mapping names a column that the table lacks.
    """
    table = _table(file, mapping)
    reader = Reader(mapping, table.headings)

    def entries() -> Iterator[Entry]:
        for row in table.rows:
            shown = "\t".join(row.cells)[:SHOWN]
            place = (row.number, row.end, sum(map(len, row.cells)), shown)
            if row.flaw:
                yield Entry(*place, None, (row.flaw,))
                continue
            try:
                read = reader(row)
                yield Entry(*place, read.guide, read.doubts, read.item)
            except BadGuide as bad:
                yield Entry(*place, None, bad.flaws)

    return entries()


def records(file: Path, *, mapping: str = "") -> Iterator[Entry]:
    """Return the records of a file of any known format.

    :param mapping: a mapping in TOML; empty: a known list, or what the headings are called.
    :raises UnreadableFile: if nothing of the file can be read.
    :raises BadMapping: if the mapping is none, or names a column that the table lacks.
    """
    with open_to_read(file) as stream:
        if stream.read(4).lstrip(b"\xef\xbb\xbf \r\n").startswith(b"{"):
            return guide_lines(file)
    if mapping.strip():
        return mapped_rows(file, read_mapping(mapping))
    known = headings(file)
    if {"task_code", "impl_org_uscc"} <= set(known):
        return mapped_rows(file, shipped("guangdong-csv"))
    return mapped_rows(file, read_mapping(suggestion(known)))


def headings(file: Path) -> tuple[str, ...]:
    """Return the headings of a table.

    :raises UnreadableFile: if nothing of the file can be read.
    """
    return _table(file, Mapping({})).headings


def _table(file: Path, mapping: Mapping) -> Table:
    shape = mapping.table
    with open_to_read(file) as stream:
        packed = kind_of(stream).startswith("ZIP")
    if packed:
        return read_workbook(file, sheet=shape.sheet, heading_line=shape.heading_line)
    return read_text_table(
        file,
        separator=shape.separator,
        encoding=shape.encoding,
        heading_line=shape.heading_line,
    )


def _checked(guide: Guide) -> tuple[Guide, tuple[Flaw, ...]]:
    if found := flaws(guide):
        raise BadGuide(*found)
    return guide, tuple(doubts(guide))
