"""What partners write for coded values comes in by their own crosswalk, one partner, one table."""

import json
from pathlib import Path
from typing import Any

import pytest
from catalogue_tables import Tables

from conftest import beside
from tongban import catalogue
from tongban.catalogue import AGENCY_NATURES, KINDS, LEVELS, POWER_SOURCES, SCOPES, SUBJECTS
from tongban.catalogue.model.crosswalk import partner_table
from tongban.foundation.work import Work

# Every list of the catalogue that somebody has seen in use: ours, and whose it is. Where a partner
# has no table, it writes our codes.
IMPORTED = {
    "task_type.0": ("kind", "gbt39046"),
    "task_type.1": ("kind", "chongqing"),
    "task_type.2": ("kind", "guangxi"),
    "task_type.3": ("kind", "beijing"),
    "task_type.4": ("kind", "guangdong"),
    "server_type.0": ("subject", "gbt39046"),
    "server_type.1": ("subject", "national"),
    "handle_type.0": ("form", "gbt39046"),
    "handle_type.1": ("form", "national"),
    "project_type.0": ("handling", "gbt39046"),
    "project_type.1": ("handling", "shandong"),
    "time_unit.0": ("unit", "national"),
    "time_unit.1": ("unit", "zhejiang"),
    "time_unit.2": ("unit", "national"),
    "handle_area.0": ("scope", "national"),
    "online_depth.1": ("online_depth", "guangdong"),
    "material_type.0": ("material_category", "national"),
    "material_type.1": ("material_kind", "national"),
    "material_format.0": ("material_form", "national"),
    "material_format.1": ("material_form", "guangxi"),
    "source_type.0": ("material_source", "national"),
    "source_type.1": ("material_source", "beijing"),
    "source_type.2": ("material_source", "zhejiang"),
    "is_need.0": ("need", "national"),
    "is_need.1": ("need", "guangxi"),
    "is_need.2": ("need", "inverted"),
    "result_type.0": ("result_kind", "national"),
    "result_type.1": ("result_kind", "guangdong"),
    "task_state.0": ("status", "national"),
    "task_state.1": ("status", "zhejiang"),
    "special_type.0": ("special", "gbt39046"),
    "special_type.1": ("special", "supervision"),
}
OURS = {"kind": KINDS, "subject": SUBJECTS}
# What is not taken over by code, and why.
LEFT = {
    "task_type.0": {"00": "heads the powers, and is no kind of its own"},
    "server_type.2": "one integrator's 7 for our 9; said by `values`",
    "handle_type.2": "a word without a code, kept as it is",
    "project_type.2": "the field of a rating interface, not of a service",
    "handle_area.1": "words, by the crosswalk of words",
    "handle_area.2": "words, with counts",
    "online_depth.0": "seven things that can be online, not four levels",
    "online_depth.2": "stars of one integrator, not the four levels",
    "material_format.2": "mixes form, kind and who supplies it",
    "result_type.2": "knows that there is no result, which is no kind of result",
    "result_type.3": "words for how a case ended",
    "task_state.2": "states of a draft of theirs, not of a service",
}
CATALOGUE = {name.split(".")[0] for name in (*IMPORTED, *LEFT)}
# Lists that are compared below, texts with us, or those of cases and ratings.
ELSEWHERE = {
    "use_level", "dept_type", "power_source", "theme_natural", "theme_legal", "condition_type",
    "flow_step", "reception_place", "yes_no", "get_type", "done_result", "event_name",
    "case_status", "apply_channel", "satisfaction", "eval_channel", "eval_detail_offline",
    "eval_rules", "cert_type",
}  # fmt: skip
# The same codes with the same words as ours.
SAME = {"power_source": POWER_SOURCES, "dept_type": AGENCY_NATURES, "handle_area": SCOPES}


@pytest.fixture
def tables(work: Work, tmp_path: Path) -> Tables:
    return Tables(work, tmp_path)


def codes() -> dict[str, Any]:
    file = beside("data/code_crosswalk.json")
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))["codes"]
    return found


def seen(key: str) -> list[dict[str, str]]:
    return [one["values"] for one in codes()[key]["lists"]]


@pytest.mark.parametrize("name", IMPORTED)
def test_every_code_that_was_seen_means_something_here(name: str) -> None:
    key, number = name.split(".")
    listed, partner = IMPORTED[name]
    table = partner_table(listed, partner=partner) or OURS[listed]
    known = {code.split(" ")[0] for code in seen(key)[int(number)]}
    assert known - set(table) == set(LEFT.get(name, ()))


def test_no_list_that_was_seen_is_forgotten() -> None:
    found = codes()
    assert set(found) - ELSEWHERE == CATALOGUE
    lists = {f"{key}.{i}" for key in CATALOGUE for i in range(len(found[key]["lists"]))}
    assert lists == {*IMPORTED, *LEFT}


def _folded(name: str) -> str:
    return name.replace("(", "（").replace(")", "）")


@pytest.mark.parametrize("key", SAME)
def test_lists_that_are_ours_say_the_same(key: str) -> None:
    assert {code: _folded(name) for code, name in seen(key)[0].items()} == SAME[key]


def test_levels_are_ours_but_for_the_one_that_means_several() -> None:
    standard = seen("use_level")[0]
    assert standard.pop("7") == "分级管理"  # An item names its levels one by one.
    assert set(standard) == set(LEVELS)


PARTNERS = """
[fields]
item_code = "编码"
name = "名称"
department = "部门"
region_code = "区划"
type = { column = "类型", partner = "guangdong" }
service_object = { column = "对象", partner = "gbt39046", values = { "7" = "其他组织" } }
handling_type = { column = "办件", partner = "zhejiang" }
promised_days = "承诺"
promised_unit = { column = "单位", partner = "zhejiang" }
cross_region_scope = { column = "通办", partner = "guangxi" }
"channels.forms" = { column = "形式", partner = "gbt39046" }
"""
HEADINGS = "编码\t名称\t部门\t区划\t类型\t对象\t办件\t承诺\t单位\t通办\t形式\n"


def test_a_list_comes_in_by_the_crosswalks_that_its_mapping_names(tables: Tables) -> None:
    row = "A\t甲事\t甲局\t990100\t21\t1,5,7\t2\t3\tN\t全自治区\t1;3\n"
    report = tables.take(HEADINGS + row, PARTNERS)
    item = tables.item("A")
    assert (report.accepted, report.doubts["unknown_value"]) == (1, 0)
    assert (item.kind_name, item.handling) == ("公共服务", catalogue.Handling.INSTANT)
    assert item.promised == catalogue.Limit(3, catalogue.Unit.DAY)
    assert item.audience is catalogue.Audience.BOTH
    assert item.cross_region_scope == "全省"
    assert item.channels.forms == ("窗口办理", "移动端办理")


@pytest.mark.parametrize(
    "entry",
    [
        'type = { column = "类型", partner = "mars" }',
        'summary = { column = "类型", partner = "hunan" }',
    ],
)
def test_a_crosswalk_that_there_is_not_is_told(tables: Tables, entry: str) -> None:
    with pytest.raises(catalogue.BadMapping, match="上的代码对照"):
        tables.take(HEADINGS, '[fields]\nname = "名称"\n' + entry)


BUSINESS = """
[fields]
source = { value = "湖南基本目录编码" }
source_item_id = "service_id"
name = "title(业务办理项)"
department = { value = "试验省有关部门" }
region = { value = "试验省" }
basic_code = "basic_code"
type = "type_name"
"""


def test_the_basic_codes_of_a_province_come_in_by_a_mapping(tables: Tables) -> None:
    report = tables.take_file(beside("data/basic_codes_seen_hunan.csv"), BUSINESS)
    assert (report.read, report.accepted, report.rejected) == (31, 31, 0)
    assert report.doubts["unknown_value"] + report.doubts["code_length"] == 0
