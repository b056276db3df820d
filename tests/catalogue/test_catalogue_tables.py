"""Tables of others: whatever their encoding and separator, a broken row costs only itself."""

import csv
import io
from pathlib import Path

import pytest
from catalogue_guides import told
from catalogue_tables import Tables
from hypothesis import given as for_all
from hypothesis import strategies as st

from tongban import catalogue
from tongban.catalogue.adapters.tables import Row, read_text_table
from tongban.foundation.work import Work

HEADING = "编码,名称,备注"


@pytest.fixture
def tables(work: Work, tmp_path: Path) -> Tables:
    return Tables(work, tmp_path)


def rows_of(file: Path) -> list[Row]:
    return list(read_text_table(file).rows)


def cells_of(folder: Path, content: bytes) -> list[tuple[str, ...]]:
    file = folder / "table.txt"
    file.write_bytes(content)
    return [row.cells for row in rows_of(file) if row.flaw is None]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
def test_encoding_and_separator_are_found_out(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    text = f"{HEADING}\nA1,食品经营许可,无\nA2,营业执照注销,㐂\n" if encoding != "gbk" else HEADING
    text += "\nA3,甲,乙\n"

    found = cells_of(tmp_path, text.replace(",", separator).encode(encoding))

    assert found[-1] == ("A3", "甲", "乙")
    if encoding != "gbk":
        assert found[0] == ("A1", "食品经营许可", "无")


@for_all(
    st.lists(
        st.tuples(
            *[st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=9)] * 3
        ),
        max_size=5,
    )
)
def test_what_was_written_as_csv_is_read_back(rows: list[tuple[str, str, str]]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([("编码", "名称", "备注"), *rows])
    file = Path("/tmp") / f"tongban-csv-{id(rows)}.csv"
    file.write_text(out.getvalue(), encoding="utf-8", newline="")
    try:
        read = [row.cells for row in rows_of(file)]
    finally:
        file.unlink()
    assert read == [row for row in rows if any(not cell.isspace() for cell in row)]


def test_a_cell_may_hold_lines_and_separators(tmp_path: Path) -> None:
    found = cells_of(tmp_path, f'{HEADING}\r\nA1,"甲,乙","第一行\n第二行"\r\nA2,丙,丁\r\n'.encode())
    assert found == [("A1", "甲,乙", "第一行\n第二行"), ("A2", "丙", "丁")]


def test_quotation_marks_inside_a_text_are_text(tmp_path: Path) -> None:
    content = '编码\t名称\nA1\t"一照一码"登记\nA2\t登记"一照一码"\nA3\t"未闭合\nA4\t正常\n'
    assert cells_of(tmp_path, content.encode()) == [
        ("A1", '"一照一码"登记'),
        ("A2", '登记"一照一码"'),
        ("A3", '"未闭合'),
        ("A4", "正常"),
    ]


def test_a_mark_that_is_never_closed_costs_only_its_own_row(tmp_path: Path) -> None:
    lines = [HEADING, 'A1,"甲,乙', *(f"B{i},名称{i},无" for i in range(20))]
    file = tmp_path / "table.csv"
    file.write_text("\n".join(lines), encoding="utf-8")

    read = rows_of(file)

    # The row of the stray mark happens to have three cells if the mark is text.
    assert [row.cells[0] for row in read] == ["A1", *(f"B{i}" for i in range(20))]
    assert [row.number for row in read] == list(range(2, 23))


def test_rows_with_too_few_or_too_many_cells_are_told(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text(f"{HEADING}\nA1,甲\nA2,甲,乙,丙\nA3,甲,乙,\nA4,甲,乙\n,,\n", encoding="utf-8")

    read = rows_of(file)

    assert [(row.number, row.flaw and row.flaw.rule) for row in read] == [
        (2, "columns"), (3, "columns"), (4, None), (5, None),
    ]  # fmt: skip


def test_a_byte_that_is_no_text_costs_only_its_own_row(tables: Tables) -> None:
    good = [f"A{i}\t名称{i}\t甲局\t510000\n".encode() for i in range(3)]
    content = (
        "编码\t名称\t部门\t区划\n".encode()
        + good[0]
        + b"A9\t\xff\xfe\t\xe7\t1\n"
        + b"".join(good[1:])
    )

    report = tables.take(content)

    assert (report.read, report.accepted, report.rejected) == (4, 3, 1)
    [rejected] = told(report.rejects_file)
    assert (rejected["line"], rejected["rule"]) == (3, "encoding")


def test_a_row_of_fifty_megabytes_is_skipped(tables: Tables, tmp_path: Path) -> None:
    file = tmp_path / "long.tsv"
    with file.open("wb") as out:
        out.write("编码\t名称\t部门\t区划\nA1\t甲事\t甲局\t510000\nA2\t".encode())
        for _ in range(50):
            out.write(b"x" * 1_000_000)
        out.write("\t甲局\t510000\nA3\t乙事\t甲局\t510000\n".encode())

    report = tables.take_file(file)

    assert (report.read, report.accepted, report.rejected) == (3, 2, 1)
    [rejected] = told(report.rejects_file)
    assert (rejected["line"], rejected["rule"]) == (3, "line_too_long")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "是空的"),
        (b" \n ", "是空的"),
        (b"PK\x03\x04\x14\x00", "无法读取文件"),
        (b"%PDF-1.7", "PDF"),
        (b"<!DOCTYPE html><html>", "HTML"),
        ("只有一列\n甲\n".encode(), "没有分隔符"),
        ("名称,名称\n甲,乙\n".encode(), "“名称”出现两次"),
        (b"x" * 2_000_000, "没有分隔符"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_what_to_do(
    tables: Tables, content: bytes, reason: str
) -> None:
    with pytest.raises(catalogue.UnreadableFile, match=reason):
        tables.take(content)
