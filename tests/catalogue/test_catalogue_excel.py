"""Excel workbooks: the template, what people do to it, and files that only look like one."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from catalogue_guides import told
from catalogue_tables import Tables
from openpyxl.worksheet.worksheet import Worksheet

from tongban import catalogue
from tongban.catalogue import Handling, Limit
from tongban.catalogue.adapters import workbook
from tongban.foundation.work import Work

ROW = {
    "事项编码": "X-1", "事项名称": "食品经营许可", "事项类型": "行政许可", "实施主体": "甲局",
    "区划代码": 990100, "服务对象": "自然人、企业法人", "办件类型": "承诺件",
    "法定时限": "20个工作日",
    "承诺时限": 5, "到现场次数": 0.0, "申请材料": "申请书\n身份证", "是否收费": "否",
}  # fmt: skip


@pytest.fixture
def tables(work: Work, tmp_path: Path) -> Tables:
    return Tables(work, tmp_path)


def filled(change: Callable[[Worksheet], None] = lambda _: None) -> bytes:
    """The template with two services in it, and whatever people do to it."""
    book = openpyxl.load_workbook(io.BytesIO(catalogue.template()))
    sheet = book.worksheets[0]
    headings = [str(cell.value) for cell in sheet[1]]
    for code in ("X-1", "X-2"):
        sheet.append([(ROW | {"事项编码": code}).get(heading) for heading in headings])
    change(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def take(tables: Tables, content: bytes) -> catalogue.ImportReport:
    file = tables.folder / "items.xlsx"
    file.write_bytes(content)
    return tables.take_file(file, catalogue.suggested_mapping(catalogue.headings(file)))


def test_the_template_offers_choices_and_notes_and_is_read_back(tables: Tables) -> None:
    book = openpyxl.load_workbook(io.BytesIO(catalogue.template()))
    assert book.sheetnames == ["事项", "填写说明"]
    offered = [str(rule.formula1) for rule in book.worksheets[0].data_validations.dataValidation]
    assert '"即办件,承诺件"' in offered
    assert book.worksheets[0]["A1"].comment

    report = take(tables, filled())

    item = tables.item("X-1")
    assert (report.read, report.accepted) == (2, 2)
    assert (item.kind, item.handling, item.visits) == ("01", Handling.COMMITTED, 0)
    assert (item.statutory, item.promised) == (Limit(20), Limit(5))
    assert [material.name for material in item.materials] == ["申请书", "身份证"]
    assert take(tables, filled()).unchanged == 2


def test_a_cell_merged_downwards_holds_for_all_its_rows(tables: Tables) -> None:
    report = take(tables, filled(lambda sheet: sheet.merge_cells("G2:G3")))
    assert report.accepted == 2
    assert tables.item("X-2").department_name == "甲局"


def test_cells_merged_sideways_are_told(tables: Tables) -> None:
    report = take(tables, filled(lambda sheet: sheet.merge_cells("B3:C3")))
    [rejected] = told(report.rejects_file)
    assert (report.accepted, rejected["line"], rejected["rule"]) == (1, 3, "merged")
    assert "B3:C3" in rejected["reason"]
    assert rejected["sheet"] == "事项"


def test_merged_headings_are_refused(tables: Tables) -> None:
    with pytest.raises(catalogue.UnreadableFile, match="工作表“事项”第 1 行（表头）有合并的单元格"):
        take(tables, filled(lambda sheet: sheet.merge_cells("B1:C1")))


def test_hidden_rows_dates_and_blank_rows_are_read_as_people_see_them(tables: Tables) -> None:
    def change(sheet: Worksheet) -> None:
        sheet.row_dimensions[2].hidden = True
        sheet["O2"] = date(2024, 6, 3)
        sheet["A9"] = " "

    report = take(tables, filled(change))
    assert (report.read, report.accepted) == (2, 2)
    assert tables.item("X-1").conditions == "2024-06-03"


@pytest.mark.parametrize("formula", ["#REF!", "=1/0"])
def test_a_formula_without_a_value_is_told_with_its_cell(tables: Tables, formula: str) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["O3"] = formula

    report = take(tables, filled(change))
    [rejected] = told(report.rejects_file)
    assert (report.accepted, rejected["line"], rejected["rule"]) == (1, 3, "formula")
    assert "“受理条件”（O3）" in rejected["reason"]
    assert "“受理条件” (O3)" in rejected["reason_en"]


def test_a_workbook_that_unpacks_without_end_is_refused(tables: Tables) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
        with package.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(301):
                part.write(b"0" * 1_000_000)
    assert len(out.getvalue()) < 1_000_000
    with pytest.raises(catalogue.UnreadableFile, match="解压后超过 300 MB"):
        take(tables, out.getvalue())


def test_what_only_looks_like_a_workbook_is_refused(
    tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("readme.txt", "hello")
    with pytest.raises(catalogue.UnreadableFile, match="不是 Excel"):
        take(tables, out.getvalue())
    with pytest.raises(catalogue.UnreadableFile, match="无法读取文件"):
        take(tables, filled()[:2000])
    monkeypatch.setattr(workbook, "ROWS_MAX", 1)
    with pytest.raises(catalogue.UnreadableFile, match="超过 1 行"):
        take(tables, filled())
