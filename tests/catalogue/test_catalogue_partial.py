"""A table says what its columns say: what it does not say of a service stays as it is."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from catalogue_tables import Tables

from given import Given
from tongban import catalogue
from tongban.catalogue import (
    Basis,
    Channels,
    Choice,
    Code,
    Faq,
    Fee,
    Item,
    Limit,
    Material,
    Question,
    Result,
    Step,
)
from tongban.foundation.work import Work

RICH = {
    "name": "旅馆业特种行业许可",
    "statutory": Limit(20),
    "summary": "开旅馆以前办。",
    "conditions": "1. 有固定场所。\n2. 消防合格。\n",
    "codes": (Code("partner", "X-9"),),
    "materials": (
        Material("form", "申请表", fill_notice="本人签名"),
        Material("plan", "平面图、方位图", has_sample=True),
        Material("lease", "租赁合同"),
    ),
    "questions": (
        Question("q", "房屋是谁的？", (Choice("own", "自有"), Choice("rent", "租赁", ("lease",)))),
    ),
    "steps": (Step("受理", standard="材料齐全"), Step("审查", post="科长")),
    "legal_basis": (Basis("旅馆业治安管理办法", "第四条", "开办旅馆……"),),
    "results": (Result("特种行业许可证", "证照", "长期"),),
    "charged": True,
    "fees": (Fee("工本费", "10元/本", 1000, "财综〔2012〕1号"),),
    "faq": (Faq("多久？", "五天。"),),
    "channels": Channels(
        forms=("窗口办理",), hours="周一", consult="0999-1", website="https://a.b"
    ),
    "online_apply": True,
    "themes": ("开办企业", "社会保障（社会保险、社会救助）"),
    "life_events": ("开旅馆",),
    "power": "Q-1",
    "prominence": 30,
}


class Desk:
    """A clerk who takes the table of a service out, changes a cell, and gives it back."""

    def __init__(self, tables: Tables, given: Given) -> None:
        self.tables = tables
        self.before: Item = given.item(code="AL-1", **RICH)

    def back(self, change: Callable[[dict[str, str]], object] = lambda _: None) -> Item:
        """Import the changed table; return the item as it is then."""
        [heading, cells] = csv.reader(io.StringIO("".join(catalogue.as_csv([self.before]))))
        row = dict(zip(heading, cells, strict=True))
        change(row)
        out = io.StringIO()
        csv.writer(out).writerows([row.keys(), row.values()])
        self.taken(out.getvalue())
        return self.now

    def taken(self, text: str) -> catalogue.ImportReport:
        file = self.tables.folder / "items.csv"
        file.write_text(text, encoding="utf-8")
        self.report = self.tables.take_file(file, catalogue.suggested_mapping(headings(file)))
        assert not self.report.rejected, Path(self.report.rejects_file).read_text()
        return self.report

    @property
    def now(self) -> Item:
        return self.tables.item("AL-1")


def headings(file: Path) -> tuple[str, ...]:
    return catalogue.headings(file)


@pytest.fixture
def desk(work: Work, given: Given, tmp_path: Path) -> Desk:
    return Desk(Tables(work, tmp_path), given)


def test_a_table_that_comes_back_as_it_was_changes_nothing(desk: Desk) -> None:
    assert desk.back() == desk.before
    assert desk.report.unchanged == 1


def test_one_cell_changes_one_thing(desk: Desk) -> None:
    after = desk.back(lambda row: row.update({"办理时间": "工作日", "承诺时限": "3个工作日"}))
    channels = replace(desk.before.channels, hours="工作日")
    assert (after.version, after.promised) == (2, Limit(3))
    assert replace(after, version=1, promised=desk.before.promised) == replace(
        desk.before, channels=channels
    )


def test_what_is_named_already_keeps_its_details(desk: Desk) -> None:
    after = desk.back(lambda row: row.update({"申请材料": "平面图、方位图\n申请表\n消防证明"}))
    plan, form, new = after.materials
    assert (plan, form) == (desk.before.materials[1], desk.before.materials[0])
    assert new.name == "消防证明"
    # Nobody is asked for what is gone from the list.
    assert [choice.materials for choice in after.questions[0].choices] == [(), ()]
    assert after.steps == desk.before.steps


def test_a_name_with_a_mark_that_parts_names_stays_whole(desk: Desk) -> None:
    after = desk.back(
        lambda row: row.update({"主题": "住房、社会保障（社会保险、社会救助）", "承诺时限": "3"})
    )
    assert after.themes == ("住房", "社会保障（社会保险、社会救助）")


def test_a_cell_that_nobody_understands_says_nothing(desk: Desk) -> None:
    after = desk.back(lambda row: row.update({"法定时限": "三天左右", "事项类型": "行政许课"}))
    assert (after.statutory, after.kind) == (desk.before.statutory, desk.before.kind)
    assert {"not_a_number", "unknown_value"} <= set(desk.report.doubts)


def test_an_emptied_cell_says_that_there_is_nothing(desk: Desk) -> None:
    after = desk.back(lambda row: row.update({"受理条件": "", "主题": ""}))
    assert (after.conditions, after.themes, after.summary) == ("", (), desk.before.summary)


def test_a_foreign_table_of_three_columns_leaves_the_rest_alone(desk: Desk) -> None:
    heading = "事项编码,事项名称,实施主体,区划代码,咨询电话,颜色\n"
    item = desk.before
    desk.taken(f"{heading}AL-1,{item.name},{item.department_name},{item.region},0999-2,红\n")
    channels = replace(item.channels, consult="0999-2")
    assert replace(desk.now, version=1) == replace(item, channels=channels, extra={"颜色": "红"})


def test_words_of_the_department_do_not_move_into_the_guide(desk: Desk, work: Work) -> None:
    source = catalogue.WordSource.DEPARTMENT
    catalogue.add_word(work, item_code="AL-1", word="开宾馆", source=source)
    after = desk.back(lambda row: row.update({"日常用语": "开宾馆、开旅店"}))
    assert after.everyday_words == ("开旅店",)


def test_what_was_cancelled_comes_back_as_the_table_says(desk: Desk, work: Work) -> None:
    cancelled = catalogue.publish(
        work, item=replace(desk.before, status=catalogue.Status.CANCELLED)
    )
    after = desk.back()
    assert cancelled.status is not after.status is catalogue.Status.PUBLISHED
