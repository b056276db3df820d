"""Rows of a table that say the same of services of different places."""

from dataclasses import replace
from pathlib import Path

import pytest

from tongban import catalogue
from tongban.catalogue.adapters.entries import Entry, mapped_rows
from tongban.catalogue.adapters.translation import item_of, placed
from tongban.catalogue.model.altering import altered
from tongban.catalogue.model.content import bare, content_hash, said

MAPPING = """
[fields]
code = "编码"
name = "名称"
department = "部门"
region = "区划"
materials = { column = "材料", split = "|" }
promised_days = "承诺"
"channels.consult" = "电话"
"""
HEADING = "编码,名称,部门,区划,材料,承诺,电话,备注\n"
SAME = "申请书|身份证,5"


def entries(tmp_path: Path, *rows: str) -> list[Entry]:
    file = tmp_path / "items.csv"
    file.write_text(HEADING + "".join(row + "\n" for row in rows), encoding="utf-8")
    return list(mapped_rows(file, catalogue.read_mapping(MAPPING)))


def test_each_place_keeps_its_own_code_department_telephone_and_remarks(tmp_path: Path) -> None:
    one, other = entries(
        tmp_path,
        f"A-1,补办,甲局,甲县,{SAME},0770-2811111,窗口一",
        f"B-1,补办,乙局,乙县,{SAME},,",
    )
    assert one.text is other.text
    assert one.guide
    assert other.guide
    assert one.text
    assert (other.guide.code, other.guide.department, other.guide.region) == ("B-1", "乙局", "乙县")
    assert one.guide.extra == {"备注": "窗口一"}
    assert other.guide.extra == {}
    assert "no_telephone" not in {flaw.rule for flaw in one.flaws}
    assert "no_telephone" in {flaw.rule for flaw in other.flaws}


def test_an_item_is_the_same_whether_its_text_was_shared_or_not(tmp_path: Path) -> None:
    for entry in entries(
        tmp_path,
        f"A-1,补办,甲局,甲县,{SAME},0770-2811111,窗口一",
        f"B-1,补办,乙局,乙县,{SAME},,",
        "C-1,补办,丙局,丙县,,五天左右,,",
    ):
        assert entry.guide
        assert entry.text
        alone = item_of(entry.guide, department="D", region="R")
        shared = placed(
            entry.text, entry.guide, department="D", region="R", region_name=entry.guide.region
        )
        assert shared == alone
        assert said(shared) == said(alone)
        assert content_hash(replace(shared)) == content_hash(shared)
        assert catalogue.Item(**{**_values(shared)}) == shared


def _values(item: catalogue.Item) -> dict[str, object]:
    return {name: getattr(item, name) for name in catalogue.Item.__dataclass_fields__}


def test_a_text_that_must_be_refused_is_refused_in_every_place(tmp_path: Path) -> None:
    long = "长" * 2001
    refused = entries(
        tmp_path,
        f"A-1,补办,甲局,甲县,{long},5,,",
        f"B-1,补办,乙局,乙县,{long},5,,",
        f"C-1,补办,{'局' * 201},丙县,{SAME},,",
        f"D-1,补办,,丁县,{SAME},,",
        f"E-1,,戊局,戊县,{SAME},,",
    )
    told = [[(flaw.field, flaw.rule) for flaw in entry.flaws] for entry in refused]
    assert all(entry.guide is None for entry in refused)
    assert told == [
        [("materials[0].name", "text_too_long")],
        [("materials[0].name", "text_too_long")],
        [("department", "text_too_long")],
        [("department", "missing")],
        [("name", "missing")],
    ]


@pytest.mark.parametrize("changes", [{}, {"version": 3}, {"name": "新名", "themes": ("户籍",)}])
def test_a_copy_with_changes_is_what_replace_makes(changes: dict[str, object]) -> None:
    item = catalogue.Item("c", "名", "D", "局", "R", "县")
    assert altered(item, changes) == replace(item, **changes)


def test_what_was_written_once_is_written_the_same_again() -> None:
    item = catalogue.Item("c", "名", "D", "局", "R", "县", themes=("户籍",))
    again = replace(item, code="d", themes=("户籍",))
    assert said(item) == said(item)
    assert bare(item) | {"code": "d"} == bare(again)
    assert said(replace(again, code="c")) == said(item)
