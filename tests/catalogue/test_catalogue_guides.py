"""From guides of others to items: real ones, and what their fields mean."""

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from catalogue_guides import Importing, guide

from conftest import beside
from tongban import catalogue
from tongban.catalogue import Audience, Handling, Limit, Need, Unit
from tongban.catalogue.model.flaw import DOUBTFUL, REFUSED
from tongban.foundation import messages
from tongban.foundation.work import Work


@pytest.fixture
def importing(work: Work, tmp_path: Path) -> Importing:
    return Importing(work, tmp_path)


def item_of(**changes: Any) -> catalogue.Item:
    read = catalogue.read_guide(guide(**changes))
    return catalogue.item_of(read, department="D-1", region="990100")


def real(name: str) -> Path:
    return beside(f"data/{name}")


def records(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_all_real_guides_of_a_city_are_imported(importing: Importing, work: Work) -> None:
    file = real("guides_guangxi.jsonl")
    report = importing.take(file)

    assert (report.read, report.accepted, report.rejected) == (781, 781, 0)
    assert report.doubts["no_limit"] == 11
    assert "promised_over_statutory" not in report.doubts
    kinds = {count.code: count.items for count in catalogue.counts(work, by=catalogue.By.KIND)}
    assert kinds == {
        "20": 275, "10": 205, "01": 152, "07": 93, "16": 33, "08": 15, "09": 6, "05": 2
    }  # fmt: skip
    again = importing.take(file)
    assert (again.accepted, again.unchanged) == (0, 781)


def test_real_texts_are_kept_letter_for_letter(importing: Importing, work: Work) -> None:
    file = real("guides_guangxi.jsonl")
    importing.take(file)
    kept = {}
    after = ""
    while True:
        page = catalogue.browse(work, after=after, size=200)
        for line in page.rows:
            item = catalogue.item(work, code=line.code)
            kept[item.source.item_id] = item
        after = page.following
        if not after:
            break

    for record in records(file):
        item = kept[record["source_item_id"]]
        assert item.name == record["name"]
        assert item.conditions == (record["conditions"] or "")
        assert [m.name for m in item.materials] == [m["name"] for m in record["materials"]]
        assert [m.accept_standard for m in item.materials] == [
            m["accept_standard"] for m in record["materials"]
        ]
        assert [s.standard for s in item.steps] == [s["standard"] or "" for s in record["steps"]]
        assert item.channels.hours == (record["channels"]["time"] or "")
        assert item.department_name == record["department"]
        assert (item.promised and item.promised.amount) == record["promised_days"]
        assert len({m.key for m in item.materials}) == len(item.materials)
        assert item.form["properties"]


def test_the_longer_real_guides_are_imported(importing: Importing, work: Work) -> None:
    report = importing.take(real("guides_full.jsonl"))

    assert (report.read, report.accepted, report.rejected) == (12, 12, 0)
    [found] = catalogue.search(work, text="运输第三类易制毒化学品许可", limit=1)
    item = catalogue.item(work, code=found.line.code)
    assert item.audience is Audience.BUSINESS
    assert item.online_depth == 4
    assert [special.kind for special in item.special_procedures] == ["现场考察", "联合审查"]
    assert item.special_days == 5
    assert [faq.answer for faq in item.faq][1] == "实现全程网办，无须进行现场办理。"
    assert item.legal_basis[0].law == "《中华人民共和国禁毒法》第二十一条"
    licence = item.materials[0]
    assert (licence.exempt, licence.upload) == (True, False)
    assert licence.standard_material == "L1000005 营业执照"
    assert licence.key == "M0001091360030103"


def test_a_guide_that_is_known_is_not_read_again(importing: Importing, work: Work) -> None:
    importing.take(real("guides_guangxi.jsonl"))
    codes = [line.code for line in catalogue.browse(work, size=300).rows]

    first = [catalogue.item(work, code=code) for code in codes]
    again = [catalogue.item(work, code=code) for code in codes]

    assert len(codes) == 300
    assert all(one is other for one, other in zip(first, again, strict=True))


@pytest.mark.parametrize(
    ("given_as", "audience"),
    [
        (None, Audience.BOTH),
        ("", Audience.BOTH),
        ("个人", Audience.PERSON),
        ("自然人", Audience.PERSON),
        ("法人", Audience.BUSINESS),
        ("企业法人|事业法人|其他组织", Audience.BUSINESS),
        ("个人/法人", Audience.BOTH),
        ("1^2^3", Audience.BOTH),
        ("自然人、企业法人", Audience.BOTH),
    ],
)
def test_whom_a_service_is_for(given_as: str | None, audience: Audience) -> None:
    assert item_of(service_object=given_as).audience is audience


@pytest.mark.parametrize(
    ("code", "name", "kind", "kind_name"),
    [
        ("01", "行政许可", "01", "行政许可"),
        ("16", "一件事", "16", "一件事"),
        ("07", None, "07", "行政确认"),
        (None, "公共服务", "20", "公共服务"),
        (None, "公共服务事项", "20", "公共服务事项"),
        (None, None, "", ""),
        (
            "20",
            "其他行政权力",
            "10",
            "其他行政权力",
        ),  # A local code.
        ("10", "本地的叫法", "10", "本地的叫法"),
    ],
)
def test_the_kind_of_a_service(
    code: str | None, name: str | None, kind: str, kind_name: str
) -> None:
    item = item_of(type_code=code, type=name)
    assert (item.kind, item.kind_name) == (kind, kind_name)


@pytest.mark.parametrize(
    ("given_as", "unit"),
    [
        (None, Unit.WORKDAY),
        ("工作日", Unit.WORKDAY),
        ("工作日(portal does not state per item; assumed)", Unit.WORKDAY),
        ("自然日", Unit.DAY),
        ("天", Unit.DAY),
        ("小时", Unit.HOUR),
        ("分钟", Unit.MINUTE),
        ("个月", Unit.MONTH),
        ("5", Unit.MONTH),
    ],
)
def test_limits_have_units(given_as: str | None, unit: Unit) -> None:
    item = item_of(day_unit=given_as, statutory_days=20, promised_days=0)
    assert (item.statutory, item.promised) == (Limit(20, unit), Limit(0, unit))


@pytest.mark.parametrize(
    ("given_as", "handling"),
    [("即办件", Handling.INSTANT), ("1", Handling.INSTANT), ("2", Handling.COMMITTED)],
)
def test_handling(given_as: str, handling: Handling) -> None:
    assert item_of(handling_type=given_as).handling is handling


@pytest.mark.parametrize(
    ("channels", "online"),
    [
        ({"forms": ["网上办理"]}, True),
        ({"forms": [], "online": True}, True),
        ({"forms": ["窗口办理"], "online": False}, False),
        (None, False),
    ],
)
def test_whether_it_can_be_applied_for_online(
    channels: dict[str, Any] | None, online: bool
) -> None:
    assert item_of(channels=channels).online_apply is online


def test_codes_tell_services_apart_and_stay() -> None:
    official = "11450600MB1A68655E3451076001000"
    by_id = item_of(code=official, source_item_id="a")

    assert by_id.code.startswith(official + "-")
    assert by_id.codes == (catalogue.Code("implementation_code", official),)
    assert item_of(code=official, source_item_id="a", name="改名").code == by_id.code
    assert item_of(code=official, source_item_id="b").code != by_id.code
    local = item_of(code=None, source_item_id=None)
    assert local.code.startswith("L-")
    assert item_of(code=None, source_item_id=None, name="另一个").code != local.code
    assert item_of(code=None, source_item_id=None, region="别处").code != local.code
    assert item_of(item_code="990100-0001").code == "990100-0001"


@pytest.mark.parametrize(
    ("code", "scheme"),
    [
        ("000123020000", "basic_code"),
        ("11450600MB1A68655E3451076001000", "implementation_code"),
        ("11450600MB17275861345102400100001", "handling_item_code"),
        ("511A0138000000-511602000000-000", "local_code"),  # 31 long, but not of that scheme.
        ("00012100800001", "local_code"),
    ],
)
def test_codes_keep_their_scheme(code: str, scheme: str) -> None:
    assert item_of(code=code).codes == (catalogue.Code(scheme, code),)


def test_material_keys_stay_when_the_list_is_put_in_another_order() -> None:
    there = [
        {"name": "申请书"},
        {"name": "身份证明"},
        {"name": "身份证明"},
        {"name": "图", "code": "M-1"},
    ]
    before = item_of(materials=there).materials
    after = item_of(materials=[there[3], there[1], there[0], there[2]]).materials

    assert len({material.key for material in before}) == 4
    assert {m.key: m.name for m in before} == {m.key: m.name for m in after}


def test_what_is_asked_of_the_applicant() -> None:
    materials = [
        {"name": "申请书"},
        {"name": "营业执照", "exempt": True, "exempt_by": "市场监督管理局"},
        {"name": "授权书", "required": False},
        {"name": "检测报告", "need": "容缺"},
    ]
    form, licence, mandate, report = item_of(materials=materials).materials

    assert (form.need, form.upload) == (Need.REQUIRED, True)
    assert (licence.exempt, licence.upload, licence.supplied_by) == (True, False, "市场监督管理局")
    assert mandate.need is Need.OPTIONAL
    assert report.need is Need.DEFERRABLE


def test_questions_decide_the_list_of_materials() -> None:
    item = item_of(
        materials=[
            {"name": "申请书"},
            {"name": "租赁合同"},
            {"name": "产权证明"},
            {"name": "平面图"},
        ],
        questions=[
            {
                "key": "place",
                "title": "经营场所是怎么来的？",
                "choices": [
                    {"key": "rented", "title": "租的", "materials": ["租赁合同", "平面图"]},
                    {"key": "own", "title": "自己的", "materials": ["产权证明"]},
                ],
            }
        ],
    )

    def names(**answers: str) -> list[str]:
        return [material.name for material in item.materials_for(answers)]

    assert names() == ["申请书"]
    assert names(place="rented") == ["申请书", "租赁合同", "平面图"]
    assert names(place="own") == ["申请书", "产权证明"]
    assert names(place="unknown") == ["申请书"]


def test_any_imported_service_can_be_applied_for_with_the_basic_form() -> None:
    form = jsonschema_rs.Draft202012Validator(item_of().form)
    answers = {
        "matter": "申请办理食品经营许可",
        "contact_name": "张小明",
        "contact_telephone": "13900000000",
        "contact_address": "云江市解放路1号",
        "notify_by": "sms",
    }

    assert form.is_valid(answers)
    assert form.is_valid(answers | {"contact_telephone": "0000-2880001"})
    assert not form.is_valid(answers | {"contact_telephone": "我的手机"})
    assert not form.is_valid(answers | {"notify_by": "pigeon"})
    assert not form.is_valid(answers | {"matter": ""})
    assert not form.is_valid(answers | {"unknown": "x"})
    for field in answers:
        assert not form.is_valid({k: v for k, v in answers.items() if k != field})


def test_a_service_can_be_written_in_toml() -> None:
    written = """
name = "小餐饮登记"
item_code = "990100-0007"
department = "云江市市场监督管理局"
region = "云江市"
type = "行政确认"
handling_type = "即办件"
promised_days = 1
statutory_days = 5
summary = "开一家小餐馆之前要办的登记。"
everyday_words = ["开小饭馆"]
prominence = 10

[[materials]]
key = "application"
name = "小餐饮登记申请书"
need = "必要"

[[fields]]
key = "shop_name"
title = "店铺名称"
largest = 60

[[fields]]
key = "kind"
title = "经营方式"
widget = "choice"
options = [{ value = "dine", title = "堂食" }, { value = "away", title = "外卖" }]

[[fields]]
key = "area"
title = "面积（平方米）"
widget = "number"
smallest = 1
largest = 50

[[rights]]
way = "行政复议"
organ = "云江市人民政府"
within = "60日"

[fees]
charged = true
[[fees.items]]
name = "工本费"
standard = "每本10元"
amount = 1000
"""
    item = catalogue.item_of(
        catalogue.read_guide(tomllib.loads(written)), department="D-1", region="990100"
    )

    assert item.materials[0].key == "application"
    assert item.fees == (catalogue.Fee("工本费", "每本10元", 1000),)
    assert item.rights[0].organ == "云江市人民政府"
    assert list(item.form["properties"]) == [
        "shop_name", "kind", "area",
        "contact_name", "contact_telephone", "contact_address", "notify_by",
    ]  # fmt: skip
    form = jsonschema_rs.Draft202012Validator(
        {**item.form, "required": ["shop_name", "kind", "area"]}
    )
    right = {"shop_name": "小面馆", "kind": "dine", "area": 30}
    assert form.is_valid(right)
    assert not form.is_valid(right | {"area": 51})
    assert not form.is_valid(right | {"kind": "stand"})
    assert not form.is_valid(right | {"shop_name": ""})


def test_a_bad_guide_names_every_field() -> None:
    with pytest.raises(catalogue.BadGuide, match="不能是负数") as bad:
        item_of(promised_days=-1, type_code="99")
    assert {problem.field for problem in bad.value.problems} == {"promised_days", "type_code"}


@pytest.mark.parametrize(
    "field",
    [
        {"key": "a b", "title": "甲"},
        {"key": "a", "title": "甲", "widget": "choice"},
        {"key": "a", "title": "甲", "pattern": "("},
    ],
)
def test_a_field_that_cannot_be_filled_in_is_refused(field: dict[str, Any]) -> None:
    with pytest.raises(catalogue.BadGuide):
        item_of(fields=[field])


def test_everything_the_catalogue_says_has_an_english_translation() -> None:
    said = {*REFUSED.values(), *DOUBTFUL.values(), *catalogue.KINDS.values()}
    for labelled in (Audience, Handling, Need, catalogue.Status):
        said |= {one.label for one in labelled}
    said |= {Limit(1, unit).message for unit in Unit}
    for field in catalogue.BASIC:
        said |= {field.title, field.hint, field.section, *(o.title for o in field.options)} - {""}

    english = messages.catalogue("en")
    assert sorted(said - english.keys()) == []
