"""What is wrong with a file is told alike at both entrances, and costs nothing that is right."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from catalogue_guides import as_line, guide, told
from catalogue_tables import Tables
from openpyxl.workbook import Workbook

from tongban import catalogue
from tongban.foundation import jobs
from tongban.foundation.errors import Invalid
from tongban.foundation.messages import translate
from tongban.foundation.work import Work
from tongban.main import imports, wiring

HEADINGS = ("事项编码", "事项名称", "实施主体", "区划代码", "基本编码", "法定时限")
GOOD = ("A-1", "好事", "甲局", "990100", "000123020000", "20")


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a file: why nothing of it could be read, or what of it was rejected."""

    reason: str = ""
    reason_en: str = ""
    accepted: int = 0
    rejected: tuple[tuple[int, str, str], ...] = ()


@pytest.fixture
def tables(work: Work, tmp_path: Path) -> Tables:
    wiring.connect()
    return Tables(work, tmp_path)


def by_command(tables: Tables, name: str, content: bytes, mapping: str) -> Told:
    """As ``tongban import items`` does it."""
    file = tables.folder / name
    file.write_bytes(content)
    try:
        given = catalogue.read_mapping(mapping) if mapping else imports.mapping(file, None, None)
        rejects = tables.folder / "rejects.jsonl"
        if given is None:
            report = catalogue.import_guides(tables.open, file=file, rejects=rejects)
        else:
            report = catalogue.import_items(tables.open, file=file, mapping=given, rejects=rejects)
    except Invalid as refused:
        [problem] = refused.problems
        return Told(str(problem), translate(problem.message, "en", **problem.details))
    return Told(accepted=report.accepted, rejected=_short(told(report.rejects_file)))


def by_upload(tables: Tables, name: str, content: bytes, mapping: str) -> Told:
    """As the console does it, where the worker checks first what a second person confirms."""
    work = tables.work
    try:
        number = catalogue.upload_items(work, file=name, content=content, mapping=mapping)
    except Invalid as refused:
        [problem] = refused.problems
        return Told(str(problem), translate(problem.message, "en", **problem.details))
    _work_off(work)
    found = catalogue.one_import(work, number=number)
    if found.state == "failed":
        return Told(found.said("zh-CN"), found.said("en"))
    foreseen = _short(catalogue.import_rejects(work, number=number))
    catalogue.confirm_upload(work, number=number)
    _work_off(work)
    done = catalogue.one_import(work, number=number)
    rejected = _short(catalogue.import_rejects(work, number=number))
    assert (done.state, rejected) == ("done", foreseen)
    return Told(accepted=done.accepted, rejected=rejected)


def _work_off(work: Work) -> None:
    while taken := jobs.take(work):
        jobs.perform(work, taken)


def _short(rejected: list[dict[str, Any]]) -> tuple[tuple[int, str, str], ...]:
    for one in rejected:
        assert one["reason_en"]
        assert one["reason_en"] != one["reason"]
    return tuple((one["line"], one.get("column", one["field"]), one["rule"]) for one in rejected)


def workbook(fill: Callable[[Workbook], None]) -> bytes:
    book = openpyxl.Workbook()
    fill(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sheet(*rows: tuple[object, ...], title: str = "事项") -> Callable[[Workbook], None]:
    def fill(book: Workbook) -> None:
        page = book.active
        page.title = title
        for row in (HEADINGS, *rows):
            page.append(list(row))

    return fill


def csv_of(*rows: tuple[str, ...], encoding: str = "utf-8") -> bytes:
    return "".join(",".join(row) + "\n" for row in (HEADINGS, *rows)).encode(encoding)


def hidden(book: Workbook) -> None:
    book.active.append(["内部计算"])
    book.active.sheet_state = "hidden"
    page = book.create_sheet("事项")
    for row in (HEADINGS, GOOD):
        page.append(list(row))


def two_lists(book: Workbook) -> None:
    sheet(GOOD)(book)
    page = book.create_sheet("第二批")
    for row in (HEADINGS, GOOD):
        page.append(list(row))


def stray_cell(book: Workbook) -> None:
    sheet(GOOD)(book)
    book.active["XFD1048576"] = " "


def bare(book: Workbook) -> None:
    book.active.title = "空表"


ENCRYPTED = b"\xd0\xcf\x11\xe0" + bytes(2000) + "EncryptedPackage".encode("utf-16-le") + bytes(900)
GUIDE = as_line(guide())
UNREADABLE = {
    "a password": ("a.xlsx", ENCRYPTED, "设有打开密码", "password"),
    "an old workbook": ("a.xls", b"\xd0\xcf\x11\xe0" + bytes(2000), "Office 97", "Office 97"),
    "an empty sheet": ("a.xlsx", workbook(bare), "工作表“空表”第 1 行没有表头", "Sheet “空表”"),
    "a stray cell": ("a.xlsx", workbook(stray_cell), "延伸到 XFD1048576", "XFD1048576"),
    "two lists": ("a.xlsx", workbook(two_lists), "事项、第二批", "事项、第二批"),
    "an empty file": ("a.csv", b"", "是空的", "empty"),
    "only line ends": ("a.jsonl", b"\n\n", "是空的", "empty"),
    "an array": ("a.json", b"[" + GUIDE.strip() + b"]", "JSON 数组", "JSON array"),
    "no name": ("a.csv", "颜色,大小\n红,1\n".encode(), "（有：颜色、大小）", "颜色、大小"),
    "JSON in UTF-16": ("a.jsonl", GUIDE.decode().encode("utf-16"), "UTF-16", "UTF-16"),
    "one long line": ("a.csv", b"x" * 2_000_000, "没有分隔符", "separator"),
    "not text": ("a.csv", bytes(range(1, 256)) * 20, "控制字符", "control"),
}
NAME = '[fields]\nname = "事项名称"\ndepartment = "实施主体"\nregion_code = "区划代码"\n'
MAPPINGS = {
    "encoding": ('[table]\nencoding = "klingon"', "不认识编码“klingon”", "klingon"),
    "separator": ('[table]\nseparator = "ab"', "只能是一个字符", "one character"),
    "heading": ("[table]\nheading_line = 1000000000", "1 到 1000", "1 and 1000"),
    "part": ('summary = { column = "事项名称", part = { by = "", number = 1 } }', "part", "part"),
    "take": ('summary = { column = "事项名称", take = [3, 2] }', "take", "take"),
}
TAKEN: dict[str, tuple[str, bytes, int, tuple[tuple[int, str, str], ...]]] = {
    "a hidden sheet": ("a.xlsx", workbook(hidden), 1, ()),
    "a code as a number": (
        "a.xlsx",
        workbook(sheet(GOOD, (11440000006939799, *GOOD[1:]), ("B", "乙", *GOOD[2:]))),
        2,
        ((3, "事项编码", "code_as_number"),),
    ),
    "a code out of a number": (
        "a.csv",
        csv_of(GOOD, ("1.1344E+30", *GOOD[1:]), (*GOOD[:4], "1.2302E+11", "5")),
        1,
        ((3, "事项编码", "code_as_number"), (4, "基本编码", "code_as_number")),
    ),
    "one service twice": ("a.csv", csv_of(GOOD, GOOD), 1, ((3, "name", "duplicate"),)),
    "nothing named": (
        "a.csv",
        csv_of(
            GOOD, ("B", "", *GOOD[2:]), ("C", "丙", "", *GOOD[3:]), ("D", "丁", "甲局", "", "", "")
        ),
        1,
        ((3, "事项名称", "missing"), (4, "实施主体", "missing"), (5, "区划代码", "missing")),
    ),
    "too many cells": ("a.csv", csv_of(GOOD, (*GOOD, "多")), 1, ((3, "", "columns"),)),
    "GB 18030": ("a.csv", csv_of(GOOD, encoding="gb18030"), 1, ()),
    "a byte order mark": ("a.csv", csv_of(GOOD, encoding="utf-8-sig"), 1, ()),
    "UTF-16": ("a.csv", csv_of(GOOD, encoding="utf-16"), 1, ()),
    "UTF-16 without a mark": ("a.csv", csv_of(GOOD, encoding="utf-16-le"), 1, ()),
    "UTF-16, other end first": ("a.csv", csv_of(GOOD, encoding="utf-16-be"), 1, ()),
    "headings of two lines": (
        "a.csv",
        csv_of(GOOD).replace("事项名称".encode(), '"事项名称\n（必填）"'.encode()),
        1,
        (),
    ),
    "a stray quotation mark": ("a.csv", csv_of(GOOD, ("B", '"乙', *GOOD[2:])), 2, ()),
    "a row of a megabyte": (
        "a.csv",
        csv_of(GOOD, ("B", "x" * 1_100_000, *GOOD[2:]), ("C", "丙", *GOOD[2:])),
        2,
        ((3, "", "line_too_long"),),
    ),
    "guides": ("a.jsonl", GUIDE + b"{\n", 1, ((2, "", "json"),)),
    "guides in GBK": ("a.json", GUIDE + GUIDE.decode().encode("gbk"), 1, ((2, "", "encoding"),)),
}
Entrance = Callable[[Tables, str, bytes, str], Told]
both = pytest.mark.parametrize("entrance", [by_command, by_upload])


@both
@pytest.mark.parametrize("kind", UNREADABLE)
def test_a_file_that_cannot_be_read_is_told_and_nothing_is_taken(
    tables: Tables, entrance: Entrance, kind: str
) -> None:
    name, content, reason, english = UNREADABLE[kind]
    found = entrance(tables, name, content, "")
    assert reason in found.reason
    assert english in found.reason_en
    assert found.reason_en != found.reason
    assert catalogue.browse(tables.work).rows == []


@both
@pytest.mark.parametrize("kind", MAPPINGS)
def test_a_mapping_that_cannot_be_followed_is_told(
    tables: Tables, entrance: Entrance, kind: str
) -> None:
    more, reason, english = MAPPINGS[kind]
    found = entrance(tables, "a.csv", csv_of(GOOD), NAME + more)
    assert reason in found.reason
    assert english in found.reason_en


@both
@pytest.mark.parametrize("kind", TAKEN)
def test_what_is_right_comes_in_and_what_is_wrong_is_told_by_its_heading(
    tables: Tables, entrance: Entrance, kind: str
) -> None:
    name, content, accepted, rejected = TAKEN[kind]
    found = entrance(tables, name, content, "")
    assert found == Told(accepted=accepted, rejected=rejected)


def test_what_looks_wrong_in_a_number_is_kept_and_told(tables: Tables) -> None:
    rows = ("A", "甲", "甲局", "990100", "123020000", "2024-05-10"), (
        "B", "乙", "甲局", "990100", "00012302000", "5-10个工作日",
    )  # fmt: skip
    report = tables.take(csv_of(*rows), _suggested())
    assert report.accepted == 2
    assert (report.doubts["zeros_lost"], report.doubts["not_a_number"]) == (2, 2)
    assert [tables.item(code).statutory for code in "AB"] == [None, None]
    assert tables.item("B").extra == {"法定时限": "5-10个工作日"}


def _suggested() -> str:
    return catalogue.suggested_mapping(HEADINGS)
