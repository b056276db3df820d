"""Rows of a table that say the same of services of different places."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tongban import catalogue
from tongban.catalogue.adapters.entries import Entry, mapped_rows
from tongban.catalogue.adapters.offer import placed
from tongban.catalogue.adapters.reading import read_guide
from tongban.catalogue.adapters.translation import item_of
from tongban.catalogue.model.altering import altered
from tongban.catalogue.model.content import bare, content_hash, encode, said
from tongban.catalogue.store import written

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
    assert one.offer
    assert other.offer
    assert one.text
    assert (other.offer.code, other.offer.department, other.offer.region) == ("B-1", "乙局", "乙县")
    assert one.offer.extra == {"备注": "窗口一"}
    assert other.offer.extra == {}
    assert "no_telephone" not in {flaw.rule for flaw in one.flaws}
    assert "no_telephone" in {flaw.rule for flaw in other.flaws}


def test_an_item_is_the_same_whether_its_text_was_shared_or_not(tmp_path: Path) -> None:
    for entry, code, telephone, remark in zip(
        entries(
            tmp_path,
            f"A-1,补办,甲局,甲县,{SAME},0770-2811111,窗口一",
            f"B-1,补办,甲局,甲县,{SAME},,",
            "C-1,补办,甲局,甲县,,五天左右,,",
        ),
        ("A-1", "B-1", "C-1"),
        ("0770-2811111", "", ""),
        ({"备注": "窗口一"}, {}, {"承诺": "五天左右"}),
        strict=True,
    ):
        record: dict[str, object] = {"name": "补办", "department": "甲局", "region": "甲县"}
        record |= {"code": code, "extra": remark}
        if code != "C-1":
            record |= {"materials": [{"name": "申请书"}, {"name": "身份证"}], "promised_days": 5}
        if telephone:
            record["channels"] = {"consult": telephone}
        alone = item_of(read_guide(record), department="D", region="R")
        assert entry.offer
        assert entry.text
        shared = placed(entry.text, entry.offer, department="D", region=("R", "甲县"))
        assert shared == alone
        assert said(shared, text=entry.text) == said(alone)
        assert content_hash(replace(shared)) == content_hash(shared)
        assert written(shared, text=entry.text) == written(alone)
        assert catalogue.Item(**{**_values(shared)}) == shared


def test_a_new_item_is_its_first_version_already(tmp_path: Path) -> None:
    [entry] = entries(tmp_path, f"A-1,补办,甲局,甲县,{SAME},,")
    assert entry.offer
    assert entry.text
    place = ("R", "甲县")
    day = date(2026, 1, 5)
    first = placed(entry.text, entry.offer, department="D", region=place, first_on=day)
    later = placed(entry.text, entry.offer, department="D", region=place)
    assert first == replace(later, version=1, effective_from=day)
    assert written(first, text=entry.text) == written(first)
    assert written(first).content == encode(first)
    assert written(first).digest == written(later).digest


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
    assert all(entry.offer is None for entry in refused)
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
