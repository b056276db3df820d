"""DMN models by example: every kind of element and boxed expression."""

import pytest

from rules.models import decision, dmn, fact, literal, needs, table
from tongban.rules import ModelError, Result, load_model, to_json
from tongban.rules.plain import facts_from_json

VERSIONS = ("20130901", "20151101", "20180521", "20191111", "20211108", "20230324")


def ask(body: str, name: str = "d", **facts: object) -> Result:
    model = load_model(dmn(body))
    assert model.problems == []
    return model.evaluate(name, facts)


def boxed(logic: str) -> str:
    return to_json(ask(decision("d", logic)).value)


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_is_read(version: str) -> None:
    model = load_model(dmn(decision("d", literal("1 + 1")), version=version))
    assert model.evaluate("d", {}).value == 2


def test_context_entries_see_the_earlier_ones_and_may_have_a_result() -> None:
    entries = (
        f'<contextEntry><variable name="年收入"/>{literal("1000 * 12")}</contextEntry>'
        f'<contextEntry><variable name="税"/>{literal("年收入 * 0.1")}</contextEntry>'
    )
    assert boxed(f"<context>{entries}</context>") == '{"年收入": 12000, "税": 1200.0}'
    last = f"<contextEntry>{literal('年收入 - 税')}</contextEntry>"
    assert boxed(f"<context>{entries}{last}</context>") == "10800.0"


def test_relation_list_conditional() -> None:
    row = f"<row>{literal('1')}{literal('2')}</row>"
    columns = '<column name="a"/><column name="b"/>'
    assert boxed(f"<relation>{columns}{row}</relation>") == '[{"a": 1, "b": 2}]'
    assert boxed(f"<list>{literal('1')}{literal('2')}</list>") == "[1, 2]"
    parts = f"<if>{literal('1 > 2')}</if><then>{literal('3')}</then><else>{literal('4')}</else>"
    assert boxed(f"<conditional>{parts}</conditional>") == "4"


def test_filter_for_some_every() -> None:
    source = f"<in>{literal('[1, 2, 3]')}</in>"
    assert boxed(f"<filter>{source}<match>{literal('item > 1')}</match></filter>") == "[2, 3]"
    loop = f'iteratorVariable="i">{source}'
    assert boxed(f"<for {loop}<return>{literal('i * 2')}</return></for>") == "[2, 4, 6]"
    assert boxed(f"<some {loop}<satisfies>{literal('i > 2')}</satisfies></some>") == "true"
    assert boxed(f"<every {loop}<satisfies>{literal('i > 2')}</satisfies></every>") == "false"


KNOWLEDGE = (
    '<businessKnowledgeModel id="加" name="加"><variable name="加"/><encapsulatedLogic>'
    '<formalParameter name="甲" typeRef="number"/><formalParameter name="乙" typeRef="number"/>'
    f"{literal('甲 + 乙')}</encapsulatedLogic></businessKnowledgeModel>"
)


def test_knowledge_is_called_in_a_text_and_by_invocation() -> None:
    requires = needs(knowledge="加")
    assert ask(KNOWLEDGE + decision("d", literal("加(1, 2)"), requires=requires)).value == 3
    bound = "".join(
        f'<binding><parameter name="{name}"/>{literal(text)}</binding>'
        for name, text in (("甲", "3"), ("乙", "4"))
    )
    call = f"<invocation>{literal('加')}{bound}</invocation>"
    assert ask(KNOWLEDGE + decision("d", call, requires=requires)).value == 7


def test_knowledge_that_was_not_required_is_not_known() -> None:
    result = ask(KNOWLEDGE + decision("d", literal("加(1, 2)")))
    assert result.value is None
    assert result.reasons[0].text() == "没有名为“加”的数据"


def test_a_service_is_a_function_of_its_inputs() -> None:
    body = fact("x", "number") + decision("y", literal("x + 1"), requires=needs(facts="x"))
    body += (
        '<decisionService id="s" name="s"><variable name="s"/><outputDecision href="#y"/>'
        '<inputData href="#x"/></decisionService>'
    )
    body += decision("d", literal("s(41)"), requires=needs(knowledge="s"))
    assert ask(body).value == 42
    assert load_model(dmn(body)).invoke("s", {"x": 1}).value == 2


def test_a_foreign_function_is_null_with_a_reason() -> None:
    function = f'<functionDefinition kind="Java">{literal("1")}</functionDefinition>'
    model = load_model(dmn(decision("d", function)))
    assert model.problems[0].reason.text() == "不支持 Java 函数，请改用 FEEL 书写"


TYPES = (
    '<itemDefinition name="性别"><typeRef>string</typeRef><allowedValues><text>"男","女"</text>'
    "</allowedValues></itemDefinition>"
    '<itemDefinition name="人"><itemComponent name="年龄"><typeRef>number</typeRef></itemComponent>'
    '<itemComponent name="性 别"><typeRef>性别</typeRef></itemComponent></itemDefinition>'
    '<itemDefinition name="人们" isCollection="true"><typeRef>人</typeRef></itemDefinition>'
)


def test_facts_are_checked_against_their_types() -> None:
    body = TYPES + fact("p", "人") + decision("d", literal("p.性 别"), requires=needs(facts="p"))
    assert ask(body, p={"年龄": 3, "性 别": "男"}).value == "男"
    refused = ask(body, p={"年龄": 3, "性 别": "其他"})
    assert refused.value is None
    assert refused.missing == ("p",)
    assert refused.reasons[0].text() == "输入“p”不符合类型 人"


def test_a_single_value_stands_for_a_list_of_it_and_a_date_for_its_midnight() -> None:
    body = fact("n", "number") + fact("t", "dateTime")
    body += decision("d", literal("[n, t]"), requires=needs(facts="n,t"))
    model = load_model(dmn(body))
    facts = facts_from_json(model, {"n": [5], "t": "2026-11-22T00:00:00"})
    assert to_json(model.evaluate("d", facts).value) == '[5, "2026-11-22T00:00:00"]'


def test_a_result_of_the_wrong_type_is_null_with_a_reason() -> None:
    result = ask(decision("d", literal('"x"'), type_ref="number"))
    assert result.value is None
    assert result.reasons[0].text() == "“d”的值不符合类型 number"


INTERVAL = (
    '<itemDefinition name="区间"><itemComponent name="低"><typeRef>number</typeRef></itemComponent>'
    '<itemComponent name="高"><typeRef>number</typeRef><allowedValues><text>&gt;= 低</text>'
    '</allowedValues></itemComponent><itemComponent name="各" isCollection="true">'
    "<typeRef>number</typeRef><allowedValues><text>[低..高]</text></allowedValues></itemComponent>"
    "</itemDefinition>"
)


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("{低: 1, 高: 2, 各: [1, 2]}", True),
        ("{低: 3, 高: 2, 各: []}", False),
        ("{低: 1, 高: 2, 各: [1, 5]}", False),
        ("{低: 1, 高: null, 各: null}", True),
    ],
)
def test_a_component_may_be_limited_by_its_siblings(text: str, fits: bool) -> None:
    result = ask(INTERVAL + decision("d", literal(text), type_ref="区间"))
    assert (result.value is not None) is fits


def test_a_constraint_on_a_collection_is_about_the_whole() -> None:
    item = (
        '<itemDefinition name="名单" isCollection="true"><typeRef>string</typeRef>'
        "<typeConstraint><text>count(?) &lt; 3</text></typeConstraint></itemDefinition>"
    )
    assert ask(item + decision("d", literal('["a", "b"]'), type_ref="名单")).value == ["a", "b"]
    assert ask(item + decision("d", literal('["a", "b", "c"]'), type_ref="名单")).value is None


def test_knowledge_that_is_a_table_has_its_inputs_as_parameters() -> None:
    logic = table("年龄|户籍", "r", '>= 60|"本市" => 1', "-|- => 0", policy="FIRST")
    knowledge = (
        '<businessKnowledgeModel id="分" name="分"><variable name="分"/>'
        f"<encapsulatedLogic>{logic}</encapsulatedLogic></businessKnowledgeModel>"
    )
    call = decision("d", literal('分(户籍: "本市", 年龄: 70)'), requires=needs(knowledge="分"))
    assert ask(knowledge + call).value == 1
    assert ask(knowledge + call.replace("70", "50")).value == 0


def test_a_part_is_known_before_the_place_that_names_it() -> None:
    entry = (
        f'<context><contextEntry><variable name="高-低"/>{literal("4")}</contextEntry></context>'
    )
    body = decision("d", literal("差.高-低 + 1"), requires=needs(decisions="差"))
    assert ask(body + decision("差", entry)).value == 5


@pytest.mark.parametrize(
    "language",
    [
        "feel",
        "http://www.omg.org/spec/FEEL/20140401",
        "http://www.omg.org/spec/DMN/20180521/FEEL/",
        "https://www.omg.org/spec/DMN/20230324/FEEL/",
    ],
)
def test_feel_is_known_by_all_its_names(language: str) -> None:
    head = f'<literalExpression expressionLanguage="{language}">'
    logic = literal("1 + 1").replace("<literalExpression>", head)
    assert ask(decision("d", logic)).value == 2


def test_a_boxed_filter_leaves_out_what_is_unknown() -> None:
    source = f"<in>{literal('[1, null, 3]')}</in>"
    assert boxed(f"<filter>{source}<match>{literal('item > 1')}</match></filter>") == "[3]"
    assert boxed(f"<filter>{source}<match>{literal('1')}</match></filter>") == "null"


def test_missing_facts_are_named() -> None:
    body = fact("年龄", "number") + fact("户籍") + fact("无关")
    body += decision("d", literal("年龄 > 60"), requires=needs(facts="年龄,户籍"))
    result = ask(body, 户籍="本市")
    assert not result.complete
    assert result.missing == ("年龄",)


def test_models_import_each_other_by_namespace() -> None:
    lender = load_model(
        dmn(fact("x", "number") + decision("税", literal("0.1")), namespace="urn:a")
    )
    body = (
        '<import name="共用" namespace="urn:a"'
        ' importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>'
        '<decision id="d" name="d"><variable name="d"/><informationRequirement>'
        f'<requiredDecision href="urn:a#税"/></informationRequirement>'
        f"{literal('共用.税 * 10')}</decision>"
    )
    assert load_model(dmn(body), imports=[lender]).evaluate("d", {}).value == 1
    assert load_model(dmn(body)).problems[0].reason.text() == "找不到引入的模型“urn:a”"


def test_decisions_in_a_circle_end() -> None:
    body = decision("d", literal("e"), requires=needs(decisions="e"))
    body += decision("e", literal("d"), requires=needs(decisions="d"))
    assert ask(body).reasons[0].text() == "“d”间接依赖自己，无法计算"


def test_a_text_that_cannot_be_read_is_a_problem_with_its_line() -> None:
    problem = load_model(dmn("\n\n" + decision("d", literal("1 +")))).problems[0]
    assert (problem.element, problem.line) == ("d", 3)
    assert problem.place is not None
    assert problem.place.column == 4


@pytest.mark.parametrize(
    "data",
    [
        b"not xml",
        b"<html/>",
        b'<!DOCTYPE d [<!ENTITY e "x">]><definitions>&e;</definitions>',
        b'<!DOCTYPE definitions SYSTEM "file:///etc/passwd"><definitions/>',
    ],
)
def test_what_is_no_model_is_refused(data: bytes) -> None:
    with pytest.raises(ModelError):
        load_model(data)
