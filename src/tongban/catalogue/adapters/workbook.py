"""Tables in Excel workbooks: read with python-calamine, templates written with openpyxl.

A cell that is merged downwards holds for all its rows. Numbers and dates become the texts that
people see; the value of a formula is what was last computed. Hidden rows are read as any other;
hidden sheets only where a mapping names them.
"""

import io
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import Any

import python_calamine

from tongban.catalogue.adapters.package import ROWS_MAX, letters_of, survey, unreadable
from tongban.catalogue.adapters.tables import Row, Table, headings_of
from tongban.catalogue.adapters.written import HEADINGS, table_row
from tongban.catalogue.model import KINDS, SUBJECTS, Item
from tongban.catalogue.model.flaw import Flaw

# A number in a cell has no more than fifteen digits; what follows in a longer code is lost.
_WHOLE_MAX = 1e15
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
    """Return the table on a sheet of a workbook, the first visible one unless another is named.

    :raises UnreadableFile: if it is no workbook, one that would not fit into memory, or one in
        which several sheets hold such a table.
    """
    name, cells, merged, failed = _read(file, sheet, heading_line)
    heading = _texts(cells, heading_line)
    told = {"sheet": name, "line": heading_line}
    if not any(heading):
        raise unreadable("文件 {file} 的工作表“{sheet}”第 {line} 行没有表头", file, **told)
    across = _fill_down(cells, merged)
    if heading_line - 1 in across:
        raise unreadable(
            "文件 {file} 的工作表“{sheet}”第 {line} 行（表头）有合并的单元格；请拆分，"
            "表头在别的行时在映射文件中写明 heading_line",
            file,
            **told,
        )
    headings = headings_of(heading, file)
    return Table(headings, _rows(cells, heading_line, across, failed), name)


def _read(
    file: Path, sheet: str, heading_line: int
) -> tuple[str, list[list[Any]], Sequence[Any], set[tuple[int, int]]]:
    """Return the name of the sheet to be read, its cells, merged ranges and failed cells."""
    seen = survey(file)
    try:
        with python_calamine.CalamineWorkbook.from_path(str(file)) as book:
            name, *others = _sheets(book, file, sheet)
            if name not in seen:
                raise unreadable("文件 {file} 的工作表“{sheet}”读不出来", file, sheet=name)
            if seen[name].rows > ROWS_MAX:
                raise unreadable("文件 {file} 超过 {max} 行，请分成几份导入", file, max=ROWS_MAX)
            found = book.get_sheet_by_name(name)
            cells = found.to_python(skip_empty_area=False)
            heading = _texts(cells, heading_line)
            alike = [
                other
                for other in others
                if other in seen
                and seen[other].rows > heading_line
                and any(heading)
                and heading == _heading_of(book, other, heading_line)
            ]
            if alike:
                raise unreadable(
                    "文件 {file} 有几张同样的工作表（{sheets}），请分别存成文件，"
                    "或在映射文件中写明 sheet",
                    file,
                    sheets="、".join([name, *alike]),
                )
            return name, cells, found.merged_cell_ranges or [], seen[name].failed
    except (python_calamine.CalamineError, OSError, IndexError) as error:
        raise unreadable("无法读取文件 {file}：{error}", file, error=error) from None


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


def _sheets(book: python_calamine.CalamineWorkbook, file: Path, sheet: str) -> list[str]:
    """Return the sheet to be read and those beside it that people see."""
    if sheet:
        if sheet not in book.sheet_names:
            raise unreadable("文件 {file} 中没有工作表“{sheet}”", file, sheet=sheet)
        return [sheet]
    visible = [
        one.name
        for one in book.sheets_metadata
        if one.visible is python_calamine.SheetVisibleEnum.Visible
        and one.typ is python_calamine.SheetTypeEnum.WorkSheet
    ]
    if not visible:
        raise unreadable("文件 {file} 中没有可见的工作表", file)
    return visible


def _heading_of(book: python_calamine.CalamineWorkbook, sheet: str, line: int) -> list[str]:
    found = book.get_sheet_by_name(sheet)
    return _texts(found.to_python(skip_empty_area=False, nrows=line), line)


def _texts(cells: list[list[Any]], line: int) -> list[str]:
    return [_text(cell) for cell in cells[line - 1]] if len(cells) >= line else []


def _fill_down(cells: list[list[Any]], merged: Sequence[Any]) -> dict[int, str]:
    """Let a cell merged downwards hold for its rows.

    Return by row what is merged sideways, as people write such places: B3:C3.
    """
    across: dict[int, str] = {}
    for (top, left), (bottom, right) in merged:
        if right > left:
            place = f"{letters_of(left)}{top + 1}:{letters_of(right)}{bottom + 1}"
            across |= dict.fromkeys(range(top, min(bottom + 1, len(cells))), place)
        elif top < len(cells):
            for row in range(top + 1, min(bottom + 1, len(cells))):
                cells[row][left] = cells[top][left]
    return across


def _rows(
    cells: list[list[Any]],
    heading_line: int,
    across: dict[int, str],
    failed: Collection[tuple[int, int]],
) -> Iterator[Row]:
    empty = dict(sorted(failed, reverse=True))
    headings = _texts(cells, heading_line)
    for at in range(heading_line, len(cells)):
        texts = tuple([_text(cell) for cell in cells[at]])
        flaw = None
        if at in empty:
            column = empty[at]
            heading = headings[column] if column < len(headings) else ""
            flaw = Flaw(heading, "formula", {"value": f"{letters_of(column)}{at + 1}"})
        elif not any(text and not text.isspace() for text in texts):
            continue
        elif at in across:
            flaw = Flaw("", "merged", {"cells": across[at]})
        elif wrong := next((i for i, text in enumerate(texts) if _WRONG.fullmatch(text)), -1) + 1:
            flaw = Flaw(headings[wrong - 1], "formula", {"value": texts[wrong - 1]})
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
        case int() | float() if abs(cell) >= _WHOLE_MAX:
            return f"{cell:.5E}"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime():
            return cell.date().isoformat() if cell.time().isoformat() == "00:00:00" else str(cell)
        case date():
            return cell.isoformat()
    return str(cell)
