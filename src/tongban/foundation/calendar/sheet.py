"""The form in which a notice is typed in: a CSV file with the columns date, kind and name.

It names the days that depart from the weekly rule, one to a line, such as

    date,kind,name
    2027-02-05,节假日,春节
    2027-02-20,调休上班,春节
"""

import csv
from datetime import date
from io import StringIO
from pathlib import Path

from tongban.foundation.calendar.model import KIND_NAMES, NAME_MAX, Day, Kind
from tongban.foundation.errors import Invalid, Problem

COLUMNS = ("date", "kind", "name")
SIZE_MAX = 1_000_000
# What people call a kind, beside its name in Chinese and its code.
ALSO = {"补班": Kind.MAKE_UP, "放假": Kind.HOLIDAY, "法定节假日": Kind.HOLIDAY}
KINDS = {kind.value: kind for kind in Kind} | {KIND_NAMES[kind]: kind for kind in Kind} | ALSO


def read_csv(source: Path | bytes) -> list[Day]:
    """Return the days in a file or in its content.

    The encoding is UTF-8 or that of Chinese spreadsheets (GB 18030).

    :raises Invalid: naming every wrong line and field.
    """
    rows = csv.reader(StringIO(_text(source)), strict=True)
    problems: list[Problem] = []
    days: list[Day] = []
    try:
        head = [cell.strip().lower() for cell in next(rows, [])]
        if head != list(COLUMNS):
            raise Invalid(Problem("1", "第 1 行应为表头 date,kind,name"))
        for cells in rows:
            if any(cell.strip() for cell in cells):
                found = _day([cell.strip() for cell in cells], rows.line_num)
                if isinstance(found, Day):
                    days.append(found)
                else:
                    problems.extend(found)
    except csv.Error:
        problems.append(
            Problem(str(rows.line_num), "第 {line} 行的引号不配对", {"line": rows.line_num})
        )
    if problems:
        raise Invalid(*problems)
    return days


def _text(source: Path | bytes) -> str:
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size > SIZE_MAX:
        raise Invalid(Problem("file", "文件过大，一年的日历不会超过 1 MB"))
    content = source if isinstance(source, bytes) else source.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(Problem("file", "文件不是文本，请另存为 UTF-8 编码的 CSV"))


def _day(cells: list[str], line: int) -> Day | list[Problem]:
    if len(cells) != len(COLUMNS):
        return [
            Problem(
                str(line),
                "第 {line} 行应有 3 列（日期、类型、名称），实际 {count} 列",
                {"line": line, "count": len(cells)},
            )
        ]
    problems = []
    try:
        day = date.fromisoformat(cells[0].replace("/", "-"))
    except ValueError:
        problems.append(
            Problem(
                f"{line}.date",
                "第 {line} 行 date：“{text}”应为 2027-02-06 这样的日期",
                {"line": line, "text": cells[0][:40]},
            )
        )
    kind = KINDS.get(cells[1])
    if kind is None:
        problems.append(
            Problem(
                f"{line}.kind",
                "第 {line} 行 kind：“{text}”不是日期类型，可填 {kinds}",
                {"line": line, "text": cells[1][:40], "kinds": "、".join(KIND_NAMES.values())},
            )
        )
    if len(cells[2]) > NAME_MAX:
        problems.append(
            Problem(
                f"{line}.name",
                "第 {line} 行 name：名称不能超过 {most} 个字",
                {"line": line, "most": NAME_MAX},
            )
        )
    return problems if problems or kind is None else Day(day, kind, cells[2])
