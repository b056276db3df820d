"""What a person is told about an automatic decision."""

import json
from datetime import UTC, date, datetime

import pytest

from rules.models import decision, dmn, fact, literal, needs, table
from tongban.rules import Fact, Model, ModelError, explain, explanation_text, load_model
from tongban.rules.feel.temporal import Date

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
RULES = (
    '<= 120 | "小餐饮" | - => "准予" | 0',
    '> 120 | "小餐饮" | true => "准予" | 50',
    '-| "流动摊点" | - => "不予许可" | 0',
    '-| - | false => "不予许可" | 0',
)


def licence(*, policy: str = "FIRST", rules: tuple[str, ...] = RULES) -> Model:
    body = fact("面积", "number") + fact("业态", "string") + fact("消防合格", "boolean")
    logic = table("面积|业态|消防合格", "决定|收费", *rules, policy=policy)
    needed = needs(facts="面积,业态,消防合格")
    return load_model(dmn(body + decision("餐饮许可", logic, requires=needed)))


SHOP = {"面积": 100, "业态": "小餐饮", "消防合格": True}


def test_a_grant_names_its_rule_and_each_condition() -> None:
    found = explain(licence(), "餐饮许可", SHOP)
    assert found.value == {"决定": "准予", "收费": 0}
    assert not found.refused
    assert not found.needs_person
    [step] = found.tables
    assert [rule.number for rule in step.fired] == [1]
    assert [(test.column, test.passes) for test in step.fired[0].tests] == [
        ("面积", True),
        ("业态", True),
    ]
    assert step.nearest is None


def test_the_facts_are_told_with_source_and_age() -> None:
    given = {
        "面积": Fact(100, "不动产登记", date(2026, 11, 1)),
        "业态": Fact("小餐饮", "申请表"),
        "消防合格": Fact(True, "消防", datetime(2026, 11, 22, 8, tzinfo=UTC)),
        "无关": Fact(1, "别处"),
    }
    found = explain(licence(), "餐饮许可", given, clock=lambda: NOW)
    assert [(one.name, one.source, one.age_days) for one in found.facts] == [
        ("面积", "不动产登记", 21),
        ("业态", "申请表", None),
        ("消防合格", "消防", 0),
    ]
    told = explanation_text(found).splitlines()
    assert told == [
        "结论（餐饮许可）：决定为准予、收费为 0。",
        "“餐饮许可”第 1 条适用：如果面积不超过 120 且业态为小餐饮，则决定为准予，收费为 0。",
        "其中：面积为 100，符合“不超过 120”；业态为小餐饮，符合“为小餐饮”。",
        "所依据的信息：面积为 100（来自不动产登记，截至2026年11月1日，21 天前）；"
        "业态为小餐饮（来自申请表）；消防合格为是（来自消防，截至2026年11月22日，当天）。",
    ]
    assert "100 (from 不动产登记, as of 2026-11-01, 21 days ago)" in explanation_text(found, "en")


def test_a_refusal_names_the_nearest_rule_that_would_have_granted() -> None:
    found = explain(licence(), "餐饮许可", {**SHOP, "面积": 150, "消防合格": False})
    assert found.refused
    [step] = found.tables
    assert [rule.number for rule in step.fired] == [4]
    assert step.nearest is not None
    assert step.nearest.number == 1
    assert [test.column for test in step.nearest.failing] == ["面积"]
    assert "尚不符合：面积为 150，要求不超过 120，相差 30。" in explanation_text(found)
    assert "off by 30" in explanation_text(found, "en")


def test_of_rules_with_as_many_failing_conditions_the_nearest_in_amount_counts() -> None:
    rules = ("< 50 | - | - => 1 | 1", "> 200 | - | - => 1 | 2", "(110..120) | - | - => 1 | 3")
    found = explain(licence(rules=rules), "餐饮许可", SHOP)
    [step] = found.tables
    assert step.fired == ()
    assert step.nearest is not None
    assert step.nearest.number == 3
    assert "“餐饮许可”没有一条规则适用。" in explanation_text(found)


def test_fewer_failing_conditions_count_before_amounts() -> None:
    rules = ('< 1 | - | - => "准予" | 1', '<= 99 | "摊点" | - => "准予" | 2')
    [step] = explain(licence(rules=rules), "餐饮许可", SHOP).tables
    assert step.nearest is not None
    assert step.nearest.number == 1


def test_what_counts_as_a_grant_can_be_said() -> None:
    rules = ("<= 120 | - | - => 0 | 0", "> 120 | - | - => 100 | 0")
    found = explain(licence(rules=rules), "餐饮许可", SHOP, grants=_grants_much)
    assert found.refused
    assert found.tables[0].nearest is not None
    assert found.tables[0].nearest.number == 2


def _grants_much(value: object) -> bool:
    return isinstance(value, dict) and next(iter(value.values())) == 100


def test_missing_facts_send_the_matter_to_a_person() -> None:
    found = explain(licence(), "餐饮许可", {"业态": "小餐饮", "消防合格": True})
    assert found.needs_person
    assert found.missing == ("面积",)
    told = explanation_text(found)
    assert told.startswith("“餐饮许可”不能自动得出结论，转由工作人员办理。\n缺少的信息：面积。")
    assert "面积未知，要求不超过 120。" in told
    [step] = found.tables
    assert step.nearest is not None
    assert [test.passes for test in step.nearest.failing] == [None]


def test_conflicting_rules_send_the_matter_to_a_person() -> None:
    rules = ("> 1 | - | - => 1 | 1", "> 2 | - | - => 1 | 1")
    found = explain(licence(policy="UNIQUE", rules=rules), "餐饮许可", SHOP)
    assert found.needs_person
    assert [rule.number for rule in found.tables[0].fired] == [1, 2]
    assert "同时适用，但只允许一条" in explanation_text(found)


def graph() -> Model:
    body = fact("年龄", "number") + fact("欠缴次数", "number") + fact("申请人")
    body += decision("年龄合格", table("年龄", "r", ">= 60 => true", "< 60 => false"),
                     requires=needs(facts="年龄"))  # fmt: skip
    body += decision("有失信记录", table("欠缴次数", "r", "> 3 => true", "<= 3 => false"),
                     requires=needs(facts="欠缴次数"))  # fmt: skip
    body += decision("可享补贴", literal("年龄合格 and not(有失信记录)"),
                     requires=needs(decisions="年龄合格,有失信记录"))  # fmt: skip
    return load_model(dmn(body))


def test_a_graph_is_explained_step_by_step_and_only_the_culprit_is_blamed() -> None:
    found = explain(graph(), "可享补贴", {"年龄": 58, "欠缴次数": 1})
    assert found.value is False
    assert {one.name: one.value for one in found.decisions} == {
        "年龄合格": False,
        "有失信记录": False,
        "可享补贴": False,
    }
    nearest = {step.element: step.nearest for step in found.tables}
    assert nearest["有失信记录"] is None
    assert nearest["年龄合格"] is not None
    assert "尚不符合：年龄为 58，要求不小于 60，相差 2。" in explanation_text(found)


def test_a_granted_matter_has_no_nearest_rule() -> None:
    found = explain(graph(), "可享补贴", {"年龄": 68, "欠缴次数": 1})
    assert found.value is True
    assert [step.nearest for step in found.tables] == [None, None]


def test_parts_of_a_fact_have_sources_of_their_own() -> None:
    body = fact("申请人") + decision(
        "可办", literal("申请人.年龄 >= 60"), requires=needs(facts="申请人")
    )
    given = {"申请人": {"年龄": Fact(66, "人口库", NOW), "姓名": "张三"}}
    found = explain(load_model(dmn(body)), "可办", given, clock=lambda: NOW)
    assert found.value is True
    assert [(one.name, one.source) for one in found.facts] == [
        ("申请人.年龄", "人口库"),
        ("申请人.姓名", ""),
    ]


def test_an_explanation_is_json() -> None:
    found = explain(
        licence(), "餐饮许可", {**SHOP, "面积": 150, "消防合格": False}, clock=lambda: NOW
    )
    data = json.loads(json.dumps(found.as_json(), ensure_ascii=False))
    assert data["refused"] is True
    assert data["tables"][0]["nearest"]["number"] == 1
    assert data["tables"][0]["inputs"]["面积"] == "150"
    assert data["facts"][0] == {
        "name": "面积",
        "value": "150",
        "source": "",
        "at": None,
        "age_days": None,
    }


def test_the_value_is_the_one_that_the_engine_gives() -> None:
    model = licence()
    for area in (80, 121, 500):
        for insured in (True, False, None):
            facts = {**SHOP, "面积": area, "消防合格": insured}
            plain, told = model.evaluate("餐饮许可", facts), explain(model, "餐饮许可", facts)
            assert told.value == plain.value
            assert (told.reasons, told.missing) == (plain.reasons, plain.missing)


def test_an_unknown_decision_is_refused() -> None:
    with pytest.raises(ModelError, match="别的"):
        explain(licence(), "别的", {})


def test_a_date_of_feel_stays_a_date() -> None:
    body = fact("生日", "date") + decision("d", literal("生日.year"), requires=needs(facts="生日"))
    found = explain(load_model(dmn(body)), "d", {"生日": Fact(Date(1960, 5, 1), "户籍")})
    assert found.value == 1960
    assert found.facts[0].value == Date(1960, 5, 1)
