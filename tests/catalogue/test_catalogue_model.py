"""The enlarged model: what inherits, what may not be altered, codes that warn, crosswalks."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from conftest import beside
from given import Given
from tongban import catalogue
from tongban.catalogue import (
    Action,
    BaseItem,
    Basis,
    Code,
    Derived,
    Item,
    Limit,
    Material,
    code_warnings,
    differences,
    differences_from_above,
    from_partner,
    known_schemes,
    to_partner,
)
from tongban.catalogue.model.content import content_hash, decode, encode
from tongban.catalogue.queries import items as cached
from tongban.foundation.errors import Invalid
from tongban.foundation.work import Work

PROVINCE = Item(
    "P-1",
    "食品经营许可",
    "D-P",
    "试验省市场监督管理局",
    "990000",
    "试验省",
    kind="01",
    base_code="000131010000",
    legal_basis=(
        Basis("中华人民共和国食品安全法", "第三十五条", "国家对食品生产经营实行许可制度。"),
    ),
    promised=Limit(10),
    materials=(Material("application", "申请书"), Material("layout", "布局图")),
)
COUNTY = replace(
    PROVINCE,
    code="C-1",
    department="D-C",
    department_name="新港区市场监督管理局",
    region="990102",
    region_name="新港区",
    promised=Limit(5),
    inherits="P-1",
)


def test_an_item_that_inherits_stores_only_what_differs(work: Work) -> None:
    above = catalogue.publish(work, item=PROVINCE)

    catalogue.publish(work, item=COUNTY)
    cached._cache.clear()
    held = catalogue.item(work, code="C-1")

    assert (held.promised, held.materials) == (Limit(5), PROVINCE.materials)
    assert held.inherits_version == above.version
    written = encode(held, above)
    assert "布局图" not in written
    assert len(written) < 400


def test_a_change_above_reaches_those_below_only_when_they_take_it_over(work: Work) -> None:
    catalogue.publish(work, item=PROVINCE)
    catalogue.publish(work, item=COUNTY)

    catalogue.publish(work, item=replace(PROVINCE, conditions="有固定的场所。"))
    assert catalogue.item(work, code="C-1").conditions == ""

    taken = catalogue.publish(work, item=replace(COUNTY, conditions="有固定的场所。"))
    assert (taken.version, taken.inherits_version) == (2, 2)
    assert catalogue.item(work, code="C-1", version=1).conditions == ""


@hypothesis_given(
    st.builds(
        replace,
        st.just(COUNTY),
        conditions=st.sampled_from(["", "有场所。"]),
        promised=st.sampled_from([None, Limit(10), Limit(1)]),
        materials=st.sampled_from([(), PROVINCE.materials, (Material("x", "其他"),)]),
        visits=st.sampled_from([None, 0, 1]),
        everyday_words=st.sampled_from([(), ("开店",)]),
    )
)
def test_what_inherits_reads_back_as_it_was_written(below: Item) -> None:
    above = replace(PROVINCE, everyday_words=("卫生证",), visits=1, conditions="旧的。")
    assert decode(encode(below, above), above) == below
    assert content_hash(below, above) == content_hash(replace(below, version=3), above)


def test_what_was_published_before_the_model_grew_still_reads() -> None:
    old = (
        '{"code":"X-1","name":"名称","department":"D-1","department_name":"部门",'
        '"region":"990100","region_name":"云江市","version":2,'
        '"materials":[{"key":"a","name":"申请书","standard_material":"L1000005 营业执照"}],'
        '"questions":[{"key":"q","title":"哪种？","choices":[{"key":"1","title":"甲"}]}],'
        '"steps":[{"name":"受理","limit":{"amount":1}}],"channels":{"consult":"0000-1"}}'
    )
    item = decode(old)
    assert (item.version, item.action, item.base_code) == (2, Action.NONE, "")
    assert item.materials[0].standard_code == "L1000005"
    assert item.steps[0].counted


def test_name_and_basis_are_not_altered_downwards(work: Work) -> None:
    catalogue.publish_entries(
        work,
        entries=[
            BaseItem("000131010000", "食品经营许可", kind="01", legal_basis=PROVINCE.legal_basis)
        ],
    )
    named = replace(PROVINCE, name="餐饮服务许可")
    bare = replace(PROVINCE, code="P-2", legal_basis=())
    [law] = PROVINCE.legal_basis
    rewritten = replace(PROVINCE, code="P-3", legal_basis=(replace(law, text="改写的条文"),))

    with pytest.raises(Invalid, match="名称应与上级“食品经营许可”一致，不能改为“餐饮服务许可”"):
        catalogue.publish(work, item=named)
    with pytest.raises(Invalid, match="缺少上级列明的“中华人民共和国食品安全法 第三十五条”"):
        catalogue.publish(work, item=bare)
    with pytest.raises(Invalid, match="条文不能修改"):
        catalogue.publish(work, item=rewritten)


def test_a_handling_item_says_after_the_name_what_it_is_for(work: Work) -> None:
    catalogue.publish_entries(work, entries=[BaseItem("000131010000", "食品经营许可")])
    catalogue.publish(work, item=replace(PROVINCE, inherits=""))

    change = replace(
        PROVINCE,
        code="P-1-02",
        name="食品经营许可（变更）",
        main_item="P-1",
        action=Action.CHANGE,
    )
    catalogue.publish(work, item=change)

    [listed] = catalogue.handling_items(work, code="P-1")
    assert (listed.name, listed.action) == ("食品经营许可（变更）", Action.CHANGE)


def test_local_law_may_be_added(work: Work) -> None:
    catalogue.publish_entries(
        work, entries=[BaseItem("000131010000", "食品经营许可", legal_basis=PROVINCE.legal_basis)]
    )
    more = (*PROVINCE.legal_basis, Basis("试验省食品安全条例", "第九条"))
    assert catalogue.publish(work, item=replace(PROVINCE, legal_basis=more)).version == 1


def test_the_item_above_is_that_of_the_nearest_region(work: Work) -> None:
    catalogue.publish_entries(work, entries=[BaseItem("000131010000", "食品经营许可")])
    county = catalogue.publish(work, item=replace(COUNTY, inherits=""))
    assert catalogue.item_above(work, item=county) == catalogue.entry(
        work, kind=BaseItem, code="000131010000"
    )

    catalogue.publish(work, item=PROVINCE)
    assert getattr(catalogue.item_above(work, item=county), "region", "") == "990000"

    city = catalogue.publish(work, item=replace(PROVINCE, code="CITY", region="990100"))
    assert catalogue.item_above(work, item=county) == city
    assert [one.field for one in differences_from_above(county, above=city)] == ["promised"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"code": "A", "main_item": "A"}, "不能属于它自己"),
        ({"code": "B", "main_item": "A-1"}, "自己是办理项，不能再分办理项"),
        ({"code": "A", "main_item": "B"}, "下面已有办理项"),
        ({"code": "A", "inherits": "A"}, "不能继承自己"),
        ({"code": "A", "inherits": "Z"}, "没有可以继承的事项“Z”"),
    ],
)
def test_items_do_not_stand_below_themselves(
    given: Given, changes: dict[str, str], told: str
) -> None:
    given.item(code="A")
    given.item(code="B")
    given.item(code="A-1", main_item="A", action=Action.NEW)

    with pytest.raises(Invalid, match=told):
        given.item(**changes)


def test_two_items_of_one_batch_do_not_stand_below_each_other(work: Work, given: Given) -> None:
    plain = given.item(code="Z")
    pair = [replace(plain, code=a, main_item=b) for a, b in (("A", "B"), ("B", "A"))]
    with pytest.raises(Invalid, match="不能再分办理项"):
        catalogue.publish_all(work, items=pair)


def test_the_directory_has_no_circle(work: Work) -> None:
    main, sub = BaseItem("M", "主项"), BaseItem("S", "子项", parent="M")
    catalogue.publish_entries(work, entries=[main, sub])
    assert catalogue.entry(work, kind=BaseItem, code="S").parent == "M"

    with pytest.raises(catalogue.Circular, match="主项 → 子项 → 主项"):
        catalogue.publish_entries(work, entries=[replace(main, parent="S")])


@pytest.mark.parametrize(
    ("scheme", "code", "told"),
    [
        ("basic_code", "000123020000", None),
        ("basic_code", "0001230200", "形式不对"),
        ("implementation_code", "11440000006939756B2440101007000", None),
        ("implementation_code", "11440000006939756C2440101007000", "校验位不对"),
        ("implementation_code", "11440000006939756B244010100700", "形式不对"),
        ("material_code", "M0001210080000106", None),
        ("standard_material_code", "L1000005", None),
        ("standard_material_code", "L10000", "形式不对"),
        ("unified_credit_code", "91350100M000100Y43", None),
        ("of_our_own", "anything", None),
    ],
)
def test_codes_warn_and_nothing_is_refused_for_them(
    given: Given, scheme: str, code: str, told: str | None
) -> None:
    warnings = [str(one) for one in code_warnings([Code(scheme, code)])]
    assert all(told in one for one in warnings) if told else warnings == []
    assert bool(warnings) == bool(told)
    assert given.item(codes=(Code(scheme, code),)).version == 1


def test_the_examples_of_the_schemes_fit_them() -> None:
    shown = [Code(one.key, one.example) for one in known_schemes().values() if one.example]
    assert code_warnings(shown) == []


def test_partners_say_the_same_in_other_codes() -> None:
    assert from_partner("kind", "20", partner="guangdong") == "10"
    assert to_partner("kind", "20", partner="guangdong") == "21"
    assert from_partner("kind", "20", partner="guangxi") == "20"
    assert from_partner("subject", "5", partner="gbt39046") == "6"
    assert to_partner("subject", "5", partner="gbt39046") is None
    assert from_partner("need", "0", partner="inverted") == "required"
    assert from_partner("need", "0", partner="guangxi") == "optional"
    assert from_partner("rating", "1", partner="gbt39046") == "5"


def test_the_crosswalk_agrees_with_the_code_lists_of_the_sources() -> None:
    file = beside("data/code_crosswalk.json")
    import json

    codes = json.loads(file.read_text(encoding="utf-8"))["codes"]
    words = catalogue.KINDS
    [guangdong] = [
        one for one in codes["task_type"]["lists"] if one["values"].get("21") == "公共服务"
    ]
    for theirs, name in guangdong["values"].items():
        assert words[from_partner("kind", theirs, partner="guangdong") or ""] == name
    standard = codes["server_type"]["lists"][0]["values"]
    for theirs, name in standard.items():
        ours = from_partner("subject", theirs, partner="gbt39046")
        assert catalogue.SUBJECTS[ours or ""] == name


def test_every_partner_value_means_one_of_ours() -> None:
    file = Path(catalogue.model.__file__).with_name("crosswalk.toml")
    for listed, tables in tomllib.loads(file.read_text(encoding="utf-8")).items():
        for partner, table in tables.items():
            for theirs in table if partner != "title" else ():
                ours = from_partner(listed, theirs, partner=partner)
                assert ours
                assert to_partner(listed, ours, partner=partner) in table


def test_derived_lists_follow_from_what_an_item_says(work: Work, given: Given) -> None:
    item = given.item(
        name="网上办的",
        handling=catalogue.Handling.INSTANT,
        visits=0,
        online_apply=True,
        cross_region_scope="全国",
    )
    given.item(name="要跑两次的", visits=2, online_apply=False)

    assert catalogue.derived_lists(item) == (
        Derived.AT_ONCE, Derived.ONLINE, Derived.ONE_VISIT, Derived.ACROSS_PROVINCES
    )  # fmt: skip
    only = catalogue.Filter(listed=Derived.ACROSS_PROVINCES)
    assert [line.name for line in catalogue.browse(work, only=only).rows] == ["网上办的"]


def test_differences_name_every_field_that_says_something_else() -> None:
    after = replace(PROVINCE, promised=Limit(3), visits=1, version=9)
    assert [one.field for one in differences(PROVINCE, after)] == ["promised", "visits"]


def test_fees_are_listed_as_the_present_version_has_them(work: Work, given: Given) -> None:
    item = given.item(charged=True, fees=(catalogue.Fee("占用费", basis="条例"),))
    catalogue.publish(work, item=replace(item, fees=(catalogue.Fee("另一项"),)))

    names = work.value("select array_agg(name) from catalogue.fee")
    assert names == ["另一项"]


def test_ticking_decides_which_fields_a_case_is_asked_for() -> None:
    form = catalogue.schema(
        tuple(catalogue.Field(key=key, title=key) for key in ("name", "kitchen", "seats"))
    )
    choices = (
        catalogue.Choice("eat", "堂食", fields=("kitchen", "seats")),
        catalogue.Choice("take", "外卖", fields=("kitchen",)),
        catalogue.Choice("shop", "零售"),
    )
    item = replace(PROVINCE, form=form, questions=(catalogue.Question("way", "怎么卖？", choices),))

    def asked(answer: str) -> list[str]:
        return list(item.with_fields_for({"way": answer}).form["properties"])

    assert asked("eat") == ["name", "kitchen", "seats"]
    assert asked("take") == ["name", "kitchen"]
    assert asked("shop") == asked("") == ["name"]
    assert item.with_fields_for({"way": "take"}).form["required"] == ["name", "kitchen"]
    assert PROVINCE.with_fields_for({}) is PROVINCE
