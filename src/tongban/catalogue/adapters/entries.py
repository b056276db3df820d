"""What a file of services holds, record by record, whatever its format.

Every format is read into the exchange shape, so that the same checks and the same report hold for
all of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tongban.catalogue.adapters.checks import doubts, flaws
from tongban.catalogue.adapters.lines import LIMIT, kind_of, lines, open_to_read
from tongban.catalogue.adapters.mapped import Reader
from tongban.catalogue.adapters.mapping import Mapping, read_mapping, shipped
from tongban.catalogue.adapters.offer import Offer, offer_of
from tongban.catalogue.adapters.package import is_encrypted, unreadable
from tongban.catalogue.adapters.reading import BadGuide, read_guide, read_json
from tongban.catalogue.adapters.suggestion import suggested
from tongban.catalogue.adapters.tables import Table, read_text_table
from tongban.catalogue.adapters.translation import text_of
from tongban.catalogue.adapters.workbook import read_workbook
from tongban.catalogue.model import Item
from tongban.catalogue.model.flaw import Flaw

SHOWN = 200
_HEAD = 1000


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of a file. Without an ``offer``, ``flaws`` tell why it cannot be taken over; with
    one, what is doubtful about it.

    :ivar number: the line on which it stands; ``end`` how far the file has been read, in bytes.
    :ivar size: roughly how much memory it takes, in bytes.
    :ivar cells: what stands in the record, or its beginning.
    :ivar text: what it says of the service wherever it is offered. Records that say the same
        share it.
    :ivar sheet: the sheet of a workbook.
    :ivar targets: of a table, what its columns become: of all else it says nothing.
    """

    number: int
    end: int
    size: int
    cells: Sequence[str]
    offer: Offer | None
    flaws: tuple[Flaw, ...] = ()
    text: Item | None = None
    sheet: str = ""
    targets: frozenset[str] = frozenset()

    @property
    def shown(self) -> str:
        """The beginning of the record, to be recognised by."""
        return "\t".join(self.cells)[:SHOWN]


def guide_lines(file: Path) -> Iterator[Entry]:
    """Return the guides of a file with one JSON object a line.

    :raises UnreadableFile: if nothing of the file can be read.
    """
    read = lines(file)

    def entries() -> Iterator[Entry]:
        for line in read:
            shown = line.text[: SHOWN * 4].decode("utf-8", "replace")[:SHOWN]
            place = (line.number, line.end, len(line.text), (shown,))
            try:
                if line.too_long:
                    raise BadGuide(Flaw("", "line_too_long", {"limit": LIMIT // 1_000_000}))
                guide = read_guide(read_json(line.text))
                if found := flaws(guide):
                    raise BadGuide(*found)
                yield Entry(*place, offer_of(guide), tuple(doubts(guide)), text_of(guide))
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
    targets = frozenset((*mapping.fields, *(f"codes.{scheme}" for scheme in mapping.codes)))

    def entries() -> Iterator[Entry]:
        for row in table.rows:
            place = (row.number, row.end, sum(map(len, row.cells)), row.cells)
            if row.flaw:
                yield Entry(*place, None, (row.flaw,), sheet=table.sheet)
                continue
            try:
                read = reader(row)
                yield Entry(*place, read.offer, read.doubts, read.text, table.sheet, targets)
            except BadGuide as bad:
                yield Entry(*place, None, bad.flaws, sheet=table.sheet)

    return entries()


def records(file: Path, *, mapping: str = "") -> Iterator[Entry]:
    """Return the records of a file of any known format.

    :param mapping: a mapping in TOML; empty: a known list, or what the headings are called.
    :raises UnreadableFile: if nothing of the file can be read.
    :raises BadMapping: if the mapping is none, or names a column that the table lacks.
    """
    if holds_guides(file):
        return guide_lines(file)
    if mapping.strip():
        return mapped_rows(file, read_mapping(mapping))
    return mapped_rows(file, suggested_for(file))


def holds_guides(file: Path) -> bool:
    """Tell whether a file holds one JSON object a line, whatever it is called.

    :raises UnreadableFile: if there is no such file, it is empty, or one single list of JSON.
    """
    with open_to_read(file) as stream:
        head = stream.read(_HEAD).removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"")
    start = b"".join(head.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").split())
    if start.startswith((b"[{", b"[]")):
        raise unreadable("{file} 是一个 JSON 数组，请改为每行一个 JSON 对象（JSONL）", file)
    return start.startswith(b"{")


def suggested_for(file: Path) -> Mapping:
    """Return the mapping of a known list, or what the headings of a table are called.

    :raises UnreadableFile: if nothing of the file can be read, or no heading names a service.
    """
    known = headings(file)
    if {"task_code", "impl_org_uscc"} <= set(known):
        return shipped("guangdong-csv")
    if found := suggested(known):
        return found
    told = "、".join(filter(None, known))[:SHOWN]
    raise unreadable(
        "文件 {file} 的表头中没有认得的“事项名称”一列（有：{known}）；"
        "请修改表头，或给出映射文件说明事项名称在哪一列",
        file,
        known=told,
    )


def headings(file: Path) -> tuple[str, ...]:
    """Return the headings of a table.

    :raises UnreadableFile: if nothing of the file can be read.
    """
    return _table(file, Mapping({})).headings


def _table(file: Path, mapping: Mapping) -> Table:
    shape = mapping.table
    with open_to_read(file) as stream:
        packed = kind_of(stream).startswith("ZIP")
    if is_encrypted(file):
        raise unreadable("文件 {file} 设有打开密码，请去掉密码后再导入", file)
    if packed:
        return read_workbook(file, sheet=shape.sheet, heading_line=shape.heading_line)
    return read_text_table(
        file,
        separator=shape.separator,
        encoding=shape.encoding,
        heading_line=shape.heading_line,
    )
