"""A mapping says what the columns of somebody else's table mean; nothing else is read out."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from catalogue_guides import told
from catalogue_tables import Tables

from conftest import beside
from tongban import catalogue, identity
from tongban.catalogue import Audience, Code, Handling, Limit, Unit
from tongban.foundation.work import Work

FOREIGN = """
ignore = ["序号"]

[table]
heading_line = 2

[fields]
source = { value = "某省事项清单" }
item_code = "实施编码"
name = "事项名称"
parent_name = { column = "主项名称", blank = ["未分类"] }
type = { column = "事项类型", values = { "其他权力" = "其他行政权力" } }
department = "实施主体"
region = "区划"
service_object = "服务对象"
statutory_days = "法定时限"
promised_days = "承诺时限"
materials = "材料"
"fees.charged" = "收费"
"channels.consult" = "电话"

[codes]
local_basic_code = { column = "实施编码", part = { by = "-", number = 1 } }
local_implementation_code = "实施编码"
"""
COLUMNS = (
    "序号", "事项名称", "主项名称", "实施编码", "实施主体", "区划", "事项类型", "服务对象",
    "法定时限", "承诺时限", "材料", "收费", "电话", "备注",
)  # fmt: skip


@pytest.fixture
def tables(work: Work, tmp_path: Path) -> Tables:
    return Tables(work, tmp_path)


def foreign(*rows: dict[str, str]) -> str:
    plain = dict.fromkeys(COLUMNS, "") | {
        "序号": "1",
        "事项名称": "采集计划备案",
        "主项名称": "未分类",
        "实施编码": "511A0138000000-511602000000-000-11511602008600000X-1-00",
        "实施主体": "广安区林业局",
        "区划": "511602000000",
        "事项类型": "1",
        "服务对象": "自然人；企业法人",
        "法定时限": "20",
        "承诺时限": "5个工作日",
    }
    lines = ["\t".join(COLUMNS), *("\t".join((plain | row).values()) for row in rows)]
    return "某省政务服务事项清单\n" + "\n".join(lines) + "\n"


def test_a_foreign_list_comes_in_as_its_mapping_says(tables: Tables) -> None:
    report = tables.take(
        foreign({"材料": "申请书；身份证；", "收费": "否", "备注": "试行"}), FOREIGN
    )

    code = "511A0138000000-511602000000-000-11511602008600000X-1-00"
    item = tables.item(code)
    assert (report.accepted, report.rejected) == (1, 0)
    assert (item.name, item.parent_name, item.department_name) == (
        "采集计划备案",
        "",
        "广安区林业局",
    )
    assert (item.kind, item.kind_name, item.audience) == ("01", "行政许可", Audience.BOTH)
    assert (item.statutory, item.promised) == (Limit(20), Limit(5, Unit.WORKDAY))
    assert [material.name for material in item.materials] == ["申请书", "身份证"]
    assert item.codes == (
        Code("local_basic_code", "511A0138000000"),
        Code("local_implementation_code", code),
    )
    assert item.region == "511602"
    assert item.extra == {"备注": "试行"}
    assert item.source.name == "某省事项清单"


def test_the_same_list_again_changes_nothing(tables: Tables) -> None:
    tables.take(foreign({}), FOREIGN)
    report = tables.take(foreign({}), FOREIGN)
    assert (report.accepted, report.unchanged) == (0, 1)


def test_what_no_code_list_knows_is_kept_and_told(tables: Tables) -> None:
    report = tables.take(
        foreign({"服务对象": "火星人", "事项类型": "21", "法定时限": "依法", "收费": "看情况"}),
        FOREIGN,
    )

    [line] = catalogue.browse(tables.work).rows
    item = tables.item(line.code)
    assert (report.accepted, item.audience, item.kind, item.statutory) == (
        1,
        Audience.BOTH,
        "",
        None,
    )
    assert item.extra == {
        "服务对象": "火星人",
        "事项类型": "21",
        "法定时限": "依法",
        "收费": "看情况",
    }
    assert report.doubts["unknown_value"] == 3
    assert report.doubts["not_a_number"] == 1


def test_done_at_once_is_a_kind_of_handling(tables: Tables) -> None:
    report = tables.take(foreign({"承诺时限": "即办"}), FOREIGN)

    [line] = catalogue.browse(tables.work).rows
    assert tables.item(line.code).promised == Limit(1)
    assert line.handling is Handling.INSTANT
    assert report.doubts["instant_limit"] == 1


def test_one_code_with_two_names_is_two_services(tables: Tables) -> None:
    rows = ({}, {"事项名称": "另一个名称"}, {"事项名称": "另一个名称"})

    report = tables.take(foreign(*rows), FOREIGN)
    again = tables.take(foreign(*rows), FOREIGN)

    assert (report.accepted, report.rejected, report.doubts["shared_code"]) == (2, 1, 1)
    assert (again.accepted, again.unchanged) == (0, 2)
    [rejected] = told(report.rejects_file)
    assert (rejected["line"], rejected["rule"]) == (5, "duplicate")


def test_a_place_is_known_by_its_code_or_by_its_name(tables: Tables) -> None:
    identity.add_region(tables.work, region=identity.Region("510000", "四川省", 1))
    tables.take(foreign({}, {"区划": "试验省云江市", "实施编码": "X-1"}), FOREIGN)

    lines = {line.region: line.region_name for line in catalogue.browse(tables.work).rows}
    assert lines.pop("511602") == "四川省511602"  # Until the divisions are imported.
    assert list(lines.values()) == ["试验省云江市"]
    assert identity.region(tables.work, code="511602").parent == "510000"


@pytest.mark.parametrize(
    ("mapping", "reason"),
    [
        ("[fields", "不是有效的 TOML"),
        ("[fields]\ndepartment = '部门'", "必须说明事项名称"),
        ("[fields]\nname = '名称'\ncolour = '颜色'", "没有名为“colour”的字段"),
        ("[fields]\nname = '名称'\n[codes]\n'A B' = '编码'", "编码类别"),
        ("[fields]\nname = {column = 5}", "映射文件有误"),
        ("fields = 5", "映射文件有误"),
        ("[fields]\nname = '名称'\n[more]", "不认识的内容：more"),
        ("[fields]\nname = '事项'", "表中没有“事项”这一列；有：编码"),
    ],
)
def test_a_wrong_mapping_is_told_before_anything_is_read(
    tables: Tables, mapping: str, reason: str
) -> None:
    with pytest.raises(catalogue.BadMapping, match=reason):
        tables.take("编码,名称,部门,区划\n1,甲,乙局,510000\n", mapping)


def test_rows_without_name_department_or_place_are_rejected(tables: Tables) -> None:
    report = tables.take(
        "编码,名称,部门,区划\n1,,乙局,510000\n2,甲,,510000\n3,甲,乙局,\n4,甲,乙局,51\n5,甲,乙局,980001\n"
    )

    found = [(one["line"], one["field"], one["rule"]) for one in told(report.rejects_file)]
    assert found == [
        (2, "name", "missing"), (3, "department", "missing"), (4, "region", "missing"),
        (5, "region", "refused"), (6, "region", "refused"),
    ]  # fmt: skip


def test_the_items_of_guangdong_come_in_whole_and_twice_change_nothing(tables: Tables) -> None:
    mapping = catalogue.shipped_mapping("guangdong-csv")
    listed = beside("data/items_guangdong.csv")

    def take() -> catalogue.ImportReport:
        return catalogue.import_items(
            tables.open, file=listed, mapping=mapping, rejects=tables.folder / "rejects"
        )

    first, again = take(), take()

    assert (first.read, first.accepted, first.rejected) == (2262, 2262, 0)
    assert (again.accepted, again.unchanged) == (0, 2262)
    with listed.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["task_code"]: row for row in csv.DictReader(file)}
    row = rows["11440000006939799Q244011403500203"]
    item = tables.item("11440000006939799Q244011403500203")
    assert (item.name, item.parent_name) == (row["item_name"], row["catalog_name"])
    assert (item.region, item.region_name) == ("440000", "广东省")
    assert (item.statutory, item.promised) == (Limit(20), Limit(5))
    assert "|".join(material.name for material in item.materials) == row["materials"]
    assert (item.channels.consult, item.conditions) == (
        row["consult_phone"],
        row["accept_standard"],
    )
    assert {code.scheme: code.code for code in item.codes} == {
        "handling_item_code": row["task_code"],
        "implementation_code": row["task_code"][:31],
        "local_basic_code": row["local_basic_code"],
        "national_handling_item_code": row["national_handle_code"],
    }
    kinds = {one.name: one.items for one in catalogue.counts(tables.work, by=catalogue.By.KIND)}
    assert kinds == Counter(row["item_type"] for row in rows.values())
    words = [tables.item(code).everyday_words for code in list(rows)[::50]]
    assert words == [
        tuple(filter(None, r["daily_terms"].split("|"))) for r in list(rows.values())[::50]
    ]


def test_the_example_of_the_how_to_works_as_it_is_written(tables: Tables) -> None:
    page = Path(__file__).parents[2] / "docs" / "how-to" / "import-a-foreign-list.md"
    blocks = page.read_text(encoding="utf-8").split("```")
    table, mapping = blocks[1].lstrip("\n"), blocks[3].removeprefix("toml\n")

    report = tables.take(table.encode("gb18030"), mapping)

    assert (report.read, report.accepted, report.rejected) == (2, 2, 0)
    item = tables.item("512A0099000000-511602000000-000-11511602008600001X-1-00")
    assert (item.handling, item.promised, item.audience) == (
        Handling.INSTANT, Limit(1), Audience.PERSON,
    )  # fmt: skip
    assert (item.parent_name, item.region, item.extra) == ("", "511602", {})


def test_a_mapping_is_drafted_from_the_headings(tables: Tables) -> None:
    file = tables.folder / "list.tsv"
    headings = ["itemCode", "name", "main_item", "taskType", "dept", "deptCode", "areaCode",
                "approveLimit", "commitmentLimit", "颜色"]  # fmt: skip
    row = ["511A0138000000-511602000000-000-X-1-00", "采集计划备案", "未分类", "1", "广安区林业局",
           "00860", "511602000000", "20", "5", "绿"]  # fmt: skip
    file.write_text("\t".join(headings) + "\n" + "\t".join(row) + "\n", encoding="utf-8")

    draft = catalogue.suggested_mapping(catalogue.headings(file))
    report = tables.take_file(file, draft)

    assert "颜色" in draft.splitlines()[0]
    assert (report.accepted, report.rejected) == (1, 0)
    item = tables.item(row[0])
    assert (item.name, item.kind, item.region, item.department_name) == (
        "采集计划备案", "01", "511602", "广安区林业局",
    )  # fmt: skip
    assert item.extra == {"颜色": "绿", "department_credit_code": "00860"}
