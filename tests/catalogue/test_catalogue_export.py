"""What is exported comes back: into an empty installation, and out of it again the same."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import openpyxl
import pytest
from catalogue_guides import Importing, guide, told
from catalogue_tables import Tables

from conftest import SHARED
from tongban import catalogue
from tongban.catalogue import Item
from tongban.foundation.work import Work


class _Undone(Exception):
    pass


@contextmanager
def empty_afterwards(work: Work) -> Iterator[None]:
    """What is done inside is undone, so that the catalogue is empty again."""
    try:
        with work.savepoint():
            yield
            raise _Undone
    except _Undone:
        pass


def items(work: Work) -> list[Item]:
    return catalogue.present_after(work, code="", limit=5000)


def exported(work: Work) -> list[str]:
    return list(catalogue.as_jsonl(items(work)))


def there_and_back(importing: Importing, work: Work, file: Path) -> list[str]:
    with empty_afterwards(work):
        importing.take(file)
        first = exported(work)
    assert exported(work) == []
    again = importing.file(*(line.encode() for line in first))
    report = importing.take(again)
    assert (report.accepted, report.rejected) == (len(first), 0), told(report.rejects_file)[:3]
    assert exported(work) == first
    return first


def test_an_export_comes_back_into_an_empty_catalogue(work: Work, tmp_path: Path) -> None:
    importing = Importing(work, tmp_path)
    file = tmp_path / "given.jsonl"
    lines = [
        guide(source_item_id="1", day_unit="自然日", region_code="990100"),
        guide(source_item_id="2", name="另一件", code="X-9", fees={"charged": True}),
        guide(source_item_id="3", name="第三件", extra={"颜色": "红"}, on_site_visits=...),
    ]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    assert len(there_and_back(importing, work, file)) == 3


@pytest.mark.skipif(not SHARED.exists(), reason="the shared data is not here")
def test_real_guides_come_back_whole(work: Work, tmp_path: Path) -> None:
    real = (SHARED / "data" / "guides_guangxi.jsonl").read_text(encoding="utf-8").splitlines()
    file = tmp_path / "real.jsonl"
    file.write_text("\n".join(real[::8]), encoding="utf-8")
    assert len(there_and_back(Importing(work, tmp_path), work, file)) > 50


def test_a_workbook_comes_back_and_holds_no_formula(work: Work, tmp_path: Path) -> None:
    importing, tables = Importing(work, tmp_path), Tables(work, tmp_path)
    file, again = tmp_path / "items.xlsx", tmp_path / "again.xlsx"
    with empty_afterwards(work):
        importing(
            guide(source_item_id="1", name="=1+1", region_code="990100"),
            guide(source_item_id="2", name="长", conditions="字" * 40_000, region_code="990100"),
        )
        assert catalogue.write_workbook(items(work), file) == 1
    [sheet] = openpyxl.load_workbook(file).worksheets
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}

    suggested = catalogue.suggested_mapping(catalogue.headings(file))
    report = tables.take_file(file, suggested)
    assert (report.accepted, report.rejected) == (2, 0)
    assert catalogue.write_workbook(items(work), again) == 0
    assert cells(again) == cells(file)


def cells(file: Path) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(file).worksheets[0].iter_rows(values_only=True))


def test_an_item_may_follow_the_one_it_inherits_from_in_one_file(
    work: Work, tmp_path: Path
) -> None:
    importing = Importing(work, tmp_path)
    report = importing(
        guide(source_item_id="1", item_code="UP"),
        guide(source_item_id="2", item_code="LOW", inherits="UP"),
    )
    assert (report.accepted, report.rejected) == (2, 0), told(report.rejects_file)
    assert catalogue.item(work, code="LOW").inherits == "UP"


def test_items_that_would_inherit_from_each_other_are_told(work: Work, tmp_path: Path) -> None:
    importing = Importing(work, tmp_path)
    for code, above in (("A", ...), ("B", "A"), ("C", "B")):
        importing(guide(source_item_id=code, item_code=code, inherits=above))

    report = importing(
        guide(source_item_id="A", item_code="A", inherits="C"),
        guide(source_item_id="D", item_code="D", inherits="D"),
    )

    first, second = told(report.rejects_file)
    assert (first["line"], first["field"]) == (1, "inherits")
    assert "不能互相继承" in first["reason"]
    assert "inherit from each other" in first["reason_en"]
    assert (second["line"], second["field"]) == (2, "inherits")
    assert catalogue.item(work, code="A").inherits == ""


def test_one_service_under_two_codes_is_told_with_both_places(work: Work, tmp_path: Path) -> None:
    importing = Importing(work, tmp_path)
    report = importing(
        guide(source_item_id="1", item_code="A"),
        guide(source_item_id="2", item_code="B", name="另一件"),
        guide(source_item_id="3", item_code="C"),
        guide(source_item_id="4", item_code="D", department="云江市教育局"),
    )
    assert (report.accepted, report.rejected) == (4, 0)
    [doubt] = [one for one in told(report.doubts_file) if one["rule"] == "same_service"]
    assert (doubt["line"], doubt["field"]) == (3, "name")
    assert "第 1 行（A）" in doubt["reason"]
    assert "line 1 (A)" in doubt["reason_en"]
