"""Tables in Excel workbooks: read with python-calamine, templates written with openpyxl.

A cell that is merged downwards holds for all its rows. Numbers and dates become the texts that
people see; the value of a formula is what was last computed. Hidden rows are read as any other.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import Any

import python_calamine

from tongban.catalogue.adapters.lines import UnreadableFile
from tongban.catalogue.adapters.tables import Row, Table, headings_of
from tongban.catalogue.adapters.written import HEADINGS, table_row
from tongban.catalogue.model import KINDS, SUBJECTS, Item
from tongban.catalogue.model.flaw import Flaw
from tongban.foundation.errors import Problem

UNPACKED_MAX = 300_000_000
PARTS_MAX = 2_000
ROWS_MAX = 200_000
_CELL_MAX = 32_767
_NOT_IN_CELLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_WRONG = re.compile(r"#(REF|VALUE|NAME|DIV/0|N/A|NUM|NULL)[!?]?", re.IGNORECASE)
SHEET = "事项"
# The columns of the template: heading, width, what to write there, what may be chosen.
_COLUMNS: tuple[tuple[str, int, str, tuple[str, ...]], ...] = (
    ("事项编码", 34, "本级使用的编码，只能由字母、数字、横线组成", ()),
    ("事项名称", 40, "必填", ()),
    ("主项名称", 30, "有子项时填写主项的名称", ()),
    ("日常用语", 30, "群众的说法，多个用顿号分开", ()),
    ("基本编码", 16, "国家基本目录的 12 位编码", ()),
    ("事项类型", 14, "", tuple(name for code, name in KINDS.items() if code != "16")),
    ("实施主体", 28, "必填，部门全称", ()),
    ("统一社会信用代码", 22, "18 位", ()),
    ("区划代码", 12, "必填，6 位", ()),
    ("服务对象", 24, "多个用顿号分开：" + "、".join(SUBJECTS.values()), ()),
    ("办件类型", 12, "", ("即办件", "承诺件")),
    ("法定时限", 14, "如：20个工作日", ()),
    ("承诺时限", 14, "如：5个工作日；当场办结的写“即办”", ()),
    ("到现场次数", 12, "数字", ()),
    ("受理条件", 50, "", ()),
    ("申请材料", 50, "每种材料一行（按 Alt+Enter 换行）", ()),
    ("办理流程", 30, "每个环节一行", ()),
    ("设定依据", 40, "每条一行", ()),
    ("是否收费", 10, "", ("是", "否")),
    ("办理地点", 40, "写到窗口或门牌号", ()),
    ("办理时间", 24, "说明是工作日还是全天", ()),
    ("咨询电话", 18, "带区号", ()),
    ("投诉电话", 18, "带区号，与咨询电话不同", ()),
    ("主题", 20, "多个用顿号分开", ()),
)  # fmt: skip


def read_workbook(file: Path, *, sheet: str = "", heading_line: int = 1) -> Table:
    """Return the table on a sheet of a workbook, the first sheet unless another is named.

    :raises UnreadableFile: if it is no workbook, or one that would not fit into memory.
    """
    _check_package(file)
    try:
        with python_calamine.CalamineWorkbook.from_path(str(file)) as book:
            names = book.sheet_names
            if sheet and sheet not in names:
                raise _unreadable("文件 {file} 中没有工作表“{sheet}”", file, sheet=sheet)
            found = book.get_sheet_by_name(sheet or names[0])
            cells = found.to_python(skip_empty_area=False, nrows=ROWS_MAX + 1)
            merged = found.merged_cell_ranges or []
    except (python_calamine.CalamineError, OSError, IndexError) as error:
        raise _unreadable("无法读取文件 {file}：{error}", file, error=error) from None
    if len(cells) > ROWS_MAX:
        raise _unreadable("文件 {file} 超过 {max} 行，请分成几份导入", file, max=ROWS_MAX)
    if len(cells) < heading_line or not any(cells[heading_line - 1]):
        raise _unreadable("文件 {file} 的第 {line} 行没有表头", file, line=heading_line)
    across = _fill_down(cells, merged)
    if heading_line - 1 in across:
        raise _unreadable("文件 {file} 的表头中有合并的单元格，请拆分后再导入", file)
    headings = headings_of([_text(cell) for cell in cells[heading_line - 1]], file)
    return Table(headings, _rows(cells, heading_line, across))


def template() -> bytes:
    """Return an empty workbook for services: headings with notes, and lists to choose from."""
    # It takes a third of a second to load, at every start of every part, and is seldom needed.
    from openpyxl import Workbook
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = SHEET
    for i, (heading, width, note, choices) in enumerate(_COLUMNS, 1):
        letter = get_column_letter(i)
        cell = sheet.cell(1, i, heading)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DCE6F1")
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        sheet.column_dimensions[letter].width = width
        if note:
            cell.comment = Comment(note, "通办")
        if choices:
            allowed = DataValidation(type="list", formula1=f'"{",".join(choices)}"')
            allowed.error = f"请从列表中选择：{'、'.join(choices)}"
            sheet.add_data_validation(allowed)
            allowed.add(f"{letter}2:{letter}5000")
    sheet.freeze_panes = "C2"
    notes = book.create_sheet("填写说明")
    notes.column_dimensions["A"].width, notes.column_dimensions["B"].width = 22, 70
    for heading, _, note, choices in _COLUMNS:
        notes.append([heading, note or "从列表中选择：" + "、".join(choices)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def write_workbook(items: Iterable[Item], file: Path) -> int:
    """Write items as a table into a workbook, row by row; return how many cells had to be cut.

    A cell of a workbook holds 32,767 characters. What begins like a formula is written as text.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(SHEET)
    sheet.freeze_panes = "C2"
    cut = 0
    for row in chain([HEADINGS], map(table_row, items)):
        cells = []
        for said in row:
            text = _NOT_IN_CELLS.sub("", said)
            cut += len(text) > _CELL_MAX
            cell = WriteOnlyCell(sheet, text[:_CELL_MAX])
            cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    book.save(file)
    return cut


def _check_package(file: Path) -> None:
    """Refuse what is no package, and what unpacks to more than any list of services."""
    try:
        with zipfile.ZipFile(file) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise _unreadable("无法读取文件 {file}：{error}", file, error=error) from None
    if len(parts) > PARTS_MAX or sum(part.file_size for part in parts) > UNPACKED_MAX:
        details = {"max": UNPACKED_MAX // 1_000_000}
        raise _unreadable("文件 {file} 解压后超过 {max} MB，不能导入", file, **details)
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise _unreadable("文件 {file} 不是 Excel（xlsx）工作簿", file)


def _fill_down(cells: list[list[Any]], merged: Sequence[Any]) -> set[int]:
    """Let a cell merged downwards hold for its rows; return rows with cells merged sideways."""
    across: set[int] = set()
    for (top, left), (bottom, right) in merged:
        if right > left:
            across.update(range(top, bottom + 1))
        elif top < len(cells):
            for row in range(top + 1, min(bottom + 1, len(cells))):
                cells[row][left] = cells[top][left]
    return across


def _rows(cells: list[list[Any]], heading_line: int, across: set[int]) -> Iterator[Row]:
    for at in range(heading_line, len(cells)):
        texts = tuple(_text(cell) for cell in cells[at])
        if not any(text and not text.isspace() for text in texts):
            continue
        flaw = None
        if at in across:
            flaw = Flaw("", "merged")
        elif wrong := next((text for text in texts if _WRONG.fullmatch(text)), ""):
            flaw = Flaw("", "formula", {"value": wrong})
        elif any("\0" in text for text in texts):
            flaw = Flaw("row", "nul")
        yield Row(at + 1, texts, at + 1, flaw)


def _text(cell: Any) -> str:
    """Return what a cell says, as people see it."""
    match cell:
        case None:
            return ""
        case bool():
            return "是" if cell else "否"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime():
            return cell.date().isoformat() if cell.time().isoformat() == "00:00:00" else str(cell)
        case date():
            return cell.isoformat()
    return str(cell)


def _unreadable(message: str, file: Path, **details: object) -> UnreadableFile:
    return UnreadableFile(Problem("file", message, {"file": file.name, **details}))
