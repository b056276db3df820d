"""Files of the national exchange: a batch as one file for each table, refused rows as one file."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from tongban.catalogue.adapters.lines import UnreadableFile
from tongban.catalogue.adapters.written import harmless
from tongban.catalogue.model.national import OutRow, SentBack
from tongban.foundation.errors import Problem

_MARKS = ("row_guid", "cd_operation", "cd_batch", "cd_time", "data_source")
_LOCAL = ZoneInfo("Asia/Shanghai")


def exchanged(row: OutRow, *, batch: str) -> dict[str, str]:
    """Return a row with its marks: row_guid, cd_operation, cd_batch, cd_time, data_source."""
    at = row.cd_time.astimezone(_LOCAL).strftime("%Y-%m-%d %H:%M:%S")
    marks = (row.row_guid, row.cd_operation, batch, at, row.data_source)
    return dict(zip(_MARKS, marks, strict=True)) | row.fields


def exchange_csv(rows: Iterable[dict[str, str]], *, columns: Iterable[str]) -> Iterator[str]:
    """Write rows of one table as CSV, line by line, the marks first."""
    names = (*_MARKS, *(name for name in columns if name not in _MARKS))
    for cells in (names, *([harmless(row.get(name, "")) for name in names] for row in rows)):
        line = io.StringIO()
        csv.writer(line).writerow(cells)
        yield line.getvalue()


def read_refusals(text: str) -> list[SentBack]:
    """Read refused rows from CSV with headings, or from JSON lines: row_guid, field, reason.

    :raises UnreadableFile: if it is neither, or row_guid and reason are not among the columns.
    """
    records: list[dict[str, Any]]
    try:
        if text.lstrip().startswith(("{", "[")):
            decoder = msgspec.json.Decoder(list[dict[str, Any]])
            whole = text.strip()
            if whole.startswith("["):
                records = decoder.decode(whole)
            else:
                lines = (line for line in whole.splitlines() if line.strip())
                records = [msgspec.json.decode(line, type=dict[str, Any]) for line in lines]
        else:
            records = list(csv.DictReader(io.StringIO(text), restval=""))
    except (msgspec.DecodeError, csv.Error) as error:
        wrong: dict[str, object] = {"error": error}
        raise UnreadableFile(Problem("file", "退回文件无法读取：{error}", wrong)) from None
    if not all("row_guid" in one and "reason" in one for one in records):
        raise UnreadableFile(Problem("file", "退回文件应有 row_guid、reason 两栏，可以有 field"))
    return [
        SentBack(*(str(one.get(name) or "").strip() for name in ("row_guid", "reason", "field")))
        for one in records
    ]
