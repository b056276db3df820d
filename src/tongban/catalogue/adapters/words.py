"""Everyday words as a table: service, word, where it comes from, whose it is, who added it."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from tongban.catalogue.adapters.written import harmless
from tongban.catalogue.model.words import EverydayWord
from tongban.foundation.errors import Invalid, Problem

WORD_HEADINGS = ("事项编码", "事项名称", "日常用语", "来源", "所属部门", "添加人", "添加时间")
ROWS_MAX = 1000


@dataclass(frozen=True, slots=True)
class WordRow:
    """A line of such a table: only code, word and source are read back."""

    line: int
    item_code: str
    word: str
    source: str


def words_csv(words: Iterable[EverydayWord]) -> str:
    """Write words as a table with headings."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(WORD_HEADINGS)
    for one in words:
        cells = (
            one.item_code, one.item_name, one.word, one.source.label, one.department_name,
            one.added_name, one.added_at.isoformat(timespec="minutes"),
        )  # fmt: skip
        table.writerow([harmless(cell) for cell in cells])
    return out.getvalue()


def read_words(content: bytes) -> list[WordRow]:
    """Read such a table, in UTF-8 or GBK.

    :raises Invalid: if it is no text, lacks a column, or has too many lines.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError:
            raise Invalid(Problem("file", "文件不是文本表格，请另存为 CSV 再上传")) from None
    try:
        rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff").replace("\0", ""))))
    except csv.Error:
        raise Invalid(Problem("file", "文件不是文本表格，请另存为 CSV 再上传")) from None
    headings = [cell.strip() for cell in rows[0]] if rows else []
    for wanted in ("事项编码", "日常用语"):
        if wanted not in headings:
            raise Invalid(Problem("file", "表格缺少“{column}”这一列", {"column": wanted}))
    if len(rows) > ROWS_MAX + 1:
        raise Invalid(Problem("file", "一次最多 {limit} 行", {"limit": ROWS_MAX}))
    return [
        WordRow(line, *(_cell(headings, row, name) for name in ("事项编码", "日常用语", "来源")))
        for line, row in enumerate(rows[1:], 2)
        if any(cell.strip() for cell in row)
    ]


def _cell(headings: list[str], row: list[str], name: str) -> str:
    at = headings.index(name) if name in headings else len(row)
    return row[at].strip().removeprefix("'") if at < len(row) else ""
