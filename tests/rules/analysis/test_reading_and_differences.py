"""Tables as sentences, and the change of a regulation in words."""

import pytest

from tongban.rules import (
    Aggregation,
    HitPolicy,
    InputClause,
    OutputClause,
    Rule,
    TableBox,
    differences,
    read_aloud,
    read_rule,
)
from tongban.rules.analysis import DifferenceKind, translator

AREA = InputClause("面积（平方米）", "面积", "number")
TRADE = InputClause("业态", "业态", "string")
FEE = OutputClause("收费（元）", "收费", "number")


def table(*rules: tuple[str, ...], **more: object) -> TableBox:
    made = tuple(Rule(rule[:2], rule[2:3], rule[3:]) for rule in rules)
    return TableBox((AREA, TRADE), (FEE,), made, **more)  # type: ignore[arg-type]


def test_a_table_is_read_aloud_in_both_languages() -> None:
    box = table(
        ("<= 120", '"小餐饮"', "0", "办法第三条"), ("-", "-", "面积 * 2"), annotations=("依据",)
    )
    assert read_aloud(box).splitlines() == [
        "每种情形只适用一条规则。",
        "第 1 条：如果面积不超过 120 平方米且业态为小餐饮，则收费 0 元。（依据：办法第三条）",
        "第 2 条：在任何情形下，收费按“面积 * 2”计算。",
    ]
    assert read_aloud(box, "en").splitlines()[1] == (
        "Rule 1: If 面积 is at most 120 平方米 and 业态 is 小餐饮, then 收费 is 0 元. "
        "(依据: 办法第三条)"
    )
    with pytest.raises(ValueError, match="fr"):
        read_aloud(box, "fr")


@pytest.mark.parametrize(
    ("test", "read"),
    [
        ("< 5", "小于 5"),
        ("[5..9)", "不小于 5 且小于 9"),
        ("5", "为 5"),
        ("5, 7, > 9", "为 5、为 7 或超过 9"),
        ("not(5, 7)", "不为 5 或 7"),
        ("not(> 5)", "不属于下列情形：超过 5"),
        ("? > 5 and ? != 7", "超过 5 且不为 7"),
        ("5 < ?", "超过 5"),
        ("? between 1 and 3", "不小于 1 且不超过 3"),
        ("? in (1, [3..4])", "为 1 或不小于 3 且不超过 4"),
        ("null", "没有填写"),
        ("not(null)", "已填写"),
        ("true", "为是"),
        ('"a b"', "为“a b”"),
        ('@"2026-03-01"', "为2026年3月1日"),
        ('<= @"2026-03-01"', "不晚于 2026年3月1日"),
        ('> @"P30D"', "长于 30 天"),
        ('< @"P1Y6M"', "短于 1 年 6 个月"),
        ('contains(?, "市")', "包含市"),
        ('starts with(?, "市")', "以市开头"),
        ("> 起点 + 1", "超过 “起点 + 1”"),
        ("string length(?) > 2", "符合“string length(?) > 2”"),
        ("((", "符合“((”"),
    ],
)
def test_a_condition_is_read_aloud(test: str, read: str) -> None:
    box = TableBox((InputClause("", "x"),), (FEE,), (Rule((test,), ("1",)),))
    assert read_rule(box, 1) == f"如果x{read}，则收费 1 元。"
    assert read_rule(box, 1, "en").startswith("If x ")


@pytest.mark.parametrize(
    ("policy", "aggregation", "read"),
    [
        (HitPolicy.FIRST, Aggregation.NONE, "多条规则同时适用时，以在前的为准。"),
        (HitPolicy.COLLECT, Aggregation.SUM, "所有适用规则的结果相加。"),
    ],
)
def test_the_hit_policy_is_read_aloud(
    policy: HitPolicy, aggregation: Aggregation, read: str
) -> None:
    box = table(("-", "-", "1"), policy=policy, aggregation=aggregation)
    assert read_aloud(box).splitlines()[0] == read


def changes(old: TableBox, new: TableBox) -> list[str]:
    return [difference.text() for difference in differences(old, new)]


OLD = (("<= 100", '"小餐饮"', "0"), ("> 100", '"小餐饮"', "50"), ("-", '"食堂"', "100"))


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (("<= 120", '"小餐饮"', "0"), "第 1 条：面积上限由 100 改为 120"),
        ((">= 100", '"小餐饮"', "0"), "第 1 条：面积由“不超过 100 平方米”改为“不小于 100 平方米”"),
        (("<= 100", '"小餐饮", "摊点"', "0"), "第 1 条：业态增加摊点"),
        (("<= 100", '"摊点"', "0"), "第 1 条：业态由 小餐饮 改为 摊点"),
        (("<= 100", '"小餐饮"', "10"), "第 1 条：收费由 0 改为 10"),
        (("<= 100", "-", "0"), "第 1 条：不再要求业态为小餐饮"),
        (("<= 100", '"小餐饮"', "面积"), "第 1 条：收费由“0”改为“面积”"),
    ],
)
def test_the_change_of_a_rule_is_told_shortly(rule: tuple[str, str, str], told: str) -> None:
    assert changes(table(*OLD), table(rule, *OLD[1:])) == [told]


def test_nothing_is_told_of_spaces_and_of_other_spellings_of_a_number() -> None:
    assert changes(table(*OLD), table(("<=100.0", '"小餐饮"', "0.0"), *OLD[1:])) == []


def test_rules_that_come_go_and_move_are_told() -> None:
    assert changes(table(*OLD), table(*OLD[:2])) == [
        "删去原第 3 条：如果业态为食堂，则收费 100 元。"
    ]
    assert changes(table(*OLD[:2]), table(*OLD)) == ["增加第 3 条：如果业态为食堂，则收费 100 元。"]
    [moved] = differences(table(*OLD), table(OLD[2], *OLD[:2]))
    assert moved.kind is DifferenceKind.RULE_MOVED
    assert (moved.old_rule, moved.new_rule) == (3, 1)
    assert moved.text(translator("en")) == "Former rule 3 is now rule 1"


def test_a_rule_that_moved_and_changed_names_its_former_number() -> None:
    new = (("-", '"食堂"', "100"), ("<= 130", '"小餐饮"', "0"), OLD[1])
    assert changes(table(*OLD), table(*new)) == [
        "原第 3 条移为第 1 条",
        "第 2 条（原第 1 条）：面积上限由 100 改为 130",
    ]


def test_changes_of_the_head_are_told() -> None:
    old = table(*OLD)
    staff = InputClause("从业人数", "人数", "number")
    rules = tuple(Rule((*rule[:2], "> 3"), rule[2:]) for rule in OLD[:1])
    new = TableBox((AREA, TRADE, staff), (FEE,), rules, HitPolicy.FIRST)
    told = changes(old, new)
    assert (
        told[0] == "规则的适用方式由“每种情形只适用一条规则”改为“多条规则同时适用时，以在前的为准”"
    )
    assert told[1] == "增加条件列“从业人数”"
    assert "第 1 条：增加条件：从业人数超过 3" in told
    limited = InputClause(AREA.label, AREA.expression, "number", "[0..500]")
    [limit] = differences(old, TableBox((limited, TRADE), old.outputs, old.rules))
    assert limit.text() == "“面积”的允许值由“（无）”改为“[0..500]”"
