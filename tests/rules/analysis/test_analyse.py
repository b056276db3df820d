"""What is found in the tables of officials: fees by area, subsidies by age."""

import pytest

from conftest import beside
from rules.models import decision, dmn, fact, needs, table
from tongban.rules import (
    Aggregation,
    Analysis,
    HitPolicy,
    InputClause,
    OutputClause,
    Rule,
    Severity,
    TableBox,
    analyse,
    analyse_decision,
    analyse_model,
    load_model,
)
from tongban.rules.analysis import FindingKind, translator
from tongban.rules.commands import load_file

AREA = InputClause("面积（平方米）", "面积", "number")
TRADE = InputClause("业态", "业态", "string", '"小餐饮", "大餐饮", "食堂"')
FEE = OutputClause("收费（元）", "收费", "number")


def licence_fees(
    *rules: tuple[str, str, str], policy: HitPolicy = HitPolicy.UNIQUE, output: OutputClause = FEE
) -> TableBox:
    made = tuple(Rule(rule[:2], rule[2:], line=7 + number) for number, rule in enumerate(rules))
    return TableBox((AREA, TRADE), (output,), made, policy)


def said(found: Analysis, *kinds: FindingKind) -> list[str]:
    return [finding.words.text() for finding in found.of(*kinds)]


def test_a_fee_table_without_fault_is_proven_to_be_so() -> None:
    found = analyse(
        licence_fees(
            ("<= 120", '"小餐饮"', "0"), ("> 120", '"小餐饮"', "50"), ("-", 'not("小餐饮")', "100")
        )
    )
    assert found.findings == ()
    assert found.complete is True
    assert found.disjoint is True
    assert found.severity is Severity.NOTE


def test_a_case_that_nobody_thought_of_is_shown_with_an_example() -> None:
    found = analyse(licence_fees(("< 120", '"小餐饮"', "0"), ("> 120", "-", "50")))
    assert found.complete is False
    assert said(found, FindingKind.GAP) == [
        "没有规则适用于：面积小于 120 平方米且业态为大餐饮或食堂"
        "（例如面积为 119 平方米，业态为大餐饮）",
        "没有规则适用于：面积为 120 平方米（例如面积为 120 平方米，业态为大餐饮）",
    ]
    assert found.findings[0].example == {"面积": 119, "业态": "大餐饮"}
    english = found.findings[1].told(translator("en"))
    assert english == (
        "[warning] No rule applies when 面积 is 120 平方米 "
        "(for example 面积 is 120 平方米, 业态 is 大餐饮)"
    )


def test_a_gap_between_whole_numbers_is_said_to_be_one() -> None:
    found = analyse(licence_fees(("<= 5", "-", "0"), (">= 6", "-", "1")))
    assert said(found, FindingKind.GAP) == [
        "没有规则适用于：面积超过 5 平方米且小于 6 平方米"
        "（例如面积为 5.5 平方米；只有不是整数时才会出现）"
    ]


def test_dates_have_no_gap_between_one_day_and_the_next() -> None:
    since = InputClause("登记日", "登记日", "date")
    rules = (Rule(('<= @"2026-03-01"',), ("1",)), Rule(('>= @"2026-03-02"',), ("2",)))
    assert analyse(TableBox((since,), (FEE,), rules)).complete is True


def test_a_default_result_fills_the_gaps() -> None:
    default = OutputClause("收费（元）", "收费", "number", default="30")
    [gap] = analyse(licence_fees(("> 120", "-", "50"), output=default)).of(FindingKind.GAP)
    assert gap.severity is Severity.NOTE
    assert "由默认结果处理" in gap.words.text()


@pytest.mark.parametrize(
    ("policy", "second", "kind", "severity"),
    [
        (HitPolicy.UNIQUE, "60", FindingKind.CONFLICT, Severity.ERROR),
        (HitPolicy.UNIQUE, "50", FindingKind.CONFLICT, Severity.ERROR),
        (HitPolicy.ANY, "60", FindingKind.CONFLICT, Severity.ERROR),
        (HitPolicy.ANY, "面积 * 2", FindingKind.CONFLICT, Severity.WARNING),
        (HitPolicy.FIRST, "60", FindingKind.OVERLAP, Severity.NOTE),
        (HitPolicy.COLLECT, "60", FindingKind.OVERLAP, Severity.NOTE),
        (HitPolicy.RULE_ORDER, "60", FindingKind.OVERLAP, Severity.NOTE),
    ],
)
def test_overlaps_are_judged_by_the_hit_policy(
    policy: HitPolicy, second: str, kind: FindingKind, severity: Severity
) -> None:
    found = analyse(licence_fees((">= 100", "-", "50"), ("<= 100", "-", second), policy=policy))
    [overlap] = found.of(FindingKind.OVERLAP, FindingKind.CONFLICT)
    assert (overlap.kind, overlap.severity) == (kind, severity)
    assert overlap.rules == (1, 2)
    assert overlap.example["面积"] == 100
    assert found.disjoint is False


def test_equal_results_may_overlap_where_any_of_them_will_do() -> None:
    rules = ((">= 100", "-", "50"), ("<= 100", "-", "50"))
    found = analyse(licence_fees(*rules, policy=HitPolicy.ANY))
    assert found.of(FindingKind.OVERLAP, FindingKind.CONFLICT, FindingKind.NOT_PROVEN) == ()
    assert found.disjoint is False


def test_a_rule_of_several_values_overlaps_wherever_one_of_them_does() -> None:
    found = analyse(licence_fees(("<= 2", "-", "0"), ("1, 3", "-", "1"), ("> 3", "-", "2")))
    [overlap] = found.of(FindingKind.CONFLICT)
    assert (overlap.rules, overlap.example["面积"]) == ((1, 2), 1)


def test_texts_may_be_split_by_their_order() -> None:
    name = InputClause("", "字头", "string")
    rules = (Rule(('< "m"',), ("1",)), Rule(('> "m"',), ("2",)))
    [gap] = analyse(TableBox((name,), (FEE,), rules)).of(FindingKind.GAP)
    assert gap.example == {"字头": "m"}
    whole = (*rules, Rule(('"m"',), ("3",)))
    assert analyse(TableBox((name,), (FEE,), whole)).complete is True
    assert analyse(TableBox((name,), (FEE,), whole[1:])).complete is False


def test_a_fact_that_may_be_missing_is_covered_by_its_own_rule() -> None:
    rules = (("null", "-", "0"), ("not(null)", '"食堂"', "1"))
    found = analyse(licence_fees(*rules))
    assert said(found, FindingKind.GAP)[0].startswith("没有规则适用于：面积已填写且业态")


def test_two_columns_over_one_fact_are_taken_together() -> None:
    rules = (Rule(("> 100", "<= 200"), ("1",)), Rule(("<= 100", "-"), ("2",)))
    rules += (Rule(("-", "> 200"), ("3",)),)
    found = analyse(TableBox((AREA, AREA), (FEE,), rules))
    assert found.complete is True
    assert found.disjoint is True


def test_inputs_computed_from_one_fact_are_not_taken_for_independent() -> None:
    double = InputClause("", "面积 * 2", "number")
    found = analyse(TableBox((AREA, double), (FEE,), (Rule(("> 1", "> 2"), ("1",)),)))
    assert said(found, FindingKind.NOT_PROVEN) == [
        "“面积”和“面积 * 2”都取自“面积”，列出的情形不一定都会出现"
    ]


def test_a_rule_behind_others_that_cover_it_is_never_reached() -> None:
    rules = (("< 100", "-", "1"), (">= 100", '"食堂"', "2"), ("> 50", '"食堂"', "3"))
    found = analyse(licence_fees(*rules, policy=HitPolicy.FIRST))
    assert said(found, FindingKind.UNREACHABLE) == [
        "第 3 条规则永远轮不到：它的情形已全部被第 1、2 条规则覆盖"
    ]


def test_a_rule_with_lower_priority_that_is_always_overruled_is_never_reached() -> None:
    level = OutputClause("档", "档", "string", '"重", "轻"')
    rules = (("> 200", "-", '"轻"'), ("> 100", "-", '"重"'), ("<= 100", "-", '"轻"'))
    found = analyse(licence_fees(*rules, policy=HitPolicy.PRIORITY, output=level))
    assert [finding.rules for finding in found.of(FindingKind.UNREACHABLE)] == [(1, 2)]


def test_a_condition_that_nothing_meets_is_found() -> None:
    rules = (("not(< 100, >= 100)", "-", "1"), ("-", '"食堂"', "2"), ("-", 'not("食堂")', "3"))
    found = analyse(licence_fees(*rules))
    assert said(found, FindingKind.UNREACHABLE) == [
        "第 1 条规则永远不会适用：没有一个“面积”能满足“not(< 100, >= 100)”"
    ]


@pytest.mark.parametrize(
    ("policy", "severity"),
    [(HitPolicy.UNIQUE, Severity.ERROR), (HitPolicy.COLLECT, Severity.WARNING)],
)
def test_the_same_rule_twice_is_found_however_it_is_written(
    policy: HitPolicy, severity: Severity
) -> None:
    rules = (("[1..5]", '"食堂", "大餐饮"', "1"), ("? >= 1 and ? <= 5", 'not("小餐饮")', "1.0"))
    [twice] = analyse(licence_fees(*rules, policy=policy)).of(FindingKind.DUPLICATE)
    assert (twice.words.text(), twice.severity) == ("第 2 条规则与第 1 条完全相同", severity)


def test_values_of_a_wrong_kind_and_values_that_are_not_allowed_are_errors() -> None:
    found = analyse(licence_fees(('"大"', '"饭馆"', '"免费"'), ("-", "-", "1")))
    assert said(found, FindingKind.TYPE, FindingKind.NOT_ALLOWED) == [
        '第 1 条规则：“面积”是数字，条件“"大"”却与文字比较',
        "第 1 条规则：条件“饭馆”不在“业态”的允许值之内",
        "第 1 条规则：结果“收费”应为数字，却是免费",
    ]
    assert found.findings[0].line == 7


def test_only_amounts_can_be_added_up() -> None:
    rules = (Rule(("> 1",), ('"多"',)),)
    box = TableBox((AREA,), (OutputClause("", "r"),), rules, HitPolicy.COLLECT, Aggregation.SUM)
    assert said(analyse(box), FindingKind.TYPE) == ["第 1 条规则：结果要相加，“r”却是多"]


def test_an_input_that_no_rule_asks_about_is_found() -> None:
    assert said(analyse(licence_fees(("-", '"食堂"', "1"))), FindingKind.UNUSED_INPUT) == [
        "没有一条规则用到“面积”"
    ]


def test_priorities_must_be_written_down() -> None:
    rules = (("> 1", "-", '"轻"'),)
    bare = OutputClause("档", "档", "string")
    found = analyse(licence_fees(*rules, policy=HitPolicy.PRIORITY, output=bare))
    assert said(found, FindingKind.PRIORITY) == [
        "结果按优先次序确定，却没有一列结果写明允许值的先后次序"
    ]


def test_a_condition_that_must_be_computed_proves_nothing() -> None:
    rules = (("string length(?) > 2", "1"), ("string length(?) <= 2", "2"))
    name = InputClause("名称", "名称", "string")
    box = TableBox((name,), (FEE,), tuple(Rule(rule[:1], rule[1:]) for rule in rules))
    found = analyse(box)
    assert found.complete is None
    assert found.disjoint is None
    assert len(found.of(FindingKind.NOT_PROVEN)) == 3
    assert found.severity is Severity.NOTE


def test_a_faulty_text_is_an_error_with_its_place() -> None:
    found = analyse(licence_fees(("> ", "-", "1")))
    [fault] = found.of(FindingKind.SYNTAX)
    assert fault.severity is Severity.ERROR
    assert fault.place is not None
    assert found.complete is None


AGES = (
    '<itemDefinition name="户籍"><typeRef>string</typeRef>'
    '<allowedValues><text>"本市", "外地"</text></allowedValues></itemDefinition>'
    '<itemDefinition name="老人">'
    '<itemComponent name="年龄"><typeRef>number</typeRef></itemComponent>'
    '<itemComponent name="户籍"><typeRef>户籍</typeRef></itemComponent></itemDefinition>'
)


def subsidy(*rules: str) -> bytes:
    logic = table("申请人.年龄|申请人.户籍", "补贴", *rules)
    needed = needs(facts="申请人")
    return dmn(AGES + fact("申请人", "老人") + decision("高龄补贴", logic, requires=needed))


def test_the_types_of_a_model_limit_what_can_occur() -> None:
    sound = subsidy('>= 80 | "本市" => 100', '>= 80 | "外地" => 50', "< 80 | - => 0")
    assert analyse_model(load_model(sound)).findings == ()
    found = analyse_decision(
        load_model(subsidy('>= 80 | "本市" => 100', "< 80 | - => 0")), "高龄补贴"
    )
    assert said(found, FindingKind.GAP) == [
        "没有规则适用于：申请人.年龄不小于 80 且申请人.户籍为外地"
        "（例如申请人.年龄为 80，申请人.户籍为外地）"
    ]


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ('"八十"', '第 1 条规则：“申请人.年龄”是数字，条件“"八十"”却与文字比较'),
        ("> 申请人.户籍", "数字 与 文字 不能比较"),
        ("> 起点", "没有名为“起点”的数据"),
        ("> 申请人.年纪", "“老人”没有名为“年纪”的部分"),
    ],
)
def test_texts_of_a_table_are_checked_against_the_model(cell: str, told: str) -> None:
    found = analyse_model(load_model(subsidy(f"{cell} | - => 1", "- | - => 0")))
    assert told in [finding.words.text() for finding in found.findings]


def test_what_is_called_an_error_in_the_conformance_kit_never_gives_a_value() -> None:
    checked = 0
    for path in sorted(beside("tck").rglob("*.dmn")):
        model = load_file(path)
        for finding in analyse_model(model).findings:
            if finding.severity is Severity.ERROR and finding.kind is not FindingKind.SYNTAX:
                result = model.evaluate(finding.element, {})
                assert result.value is None or result.reasons, finding.told()
                checked += 1
    assert checked > 300
