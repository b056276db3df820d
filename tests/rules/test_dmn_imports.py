"""Models that use other models: names, types, facts, imports without a name (DMN 1.5, 6.3.3)."""

from rules.models import decision, dmn, fact, literal, needs
from tongban.rules import load_model
from tongban.rules.dmn.engine import Model
from tongban.rules.explanation import explain

PERSON = (
    '<itemDefinition name="人">'
    '<itemComponent name="姓-名"><typeRef>string</typeRef></itemComponent>'
    '<itemComponent name="年龄"><typeRef>number</typeRef></itemComponent></itemDefinition>'
)
GREETING = (
    '<businessKnowledgeModel id="问候" name="问候"><variable name="问候"/><encapsulatedLogic>'
    '<formalParameter name="谁" typeRef="string"/>'
    + literal('"你好，" + 谁')
    + "</encapsulatedLogic></businessKnowledgeModel>"
)
SHARED = dmn(
    PERSON
    + fact("申请人", "人")
    + GREETING
    + decision(
        "称呼", literal("问候(申请人.姓-名)"), requires=needs(facts="申请人", knowledge="问候")
    ),
    namespace="urn:shared",
)
APPLICANT = {"姓-名": "李四", "年龄": 30}


def bring(name: str, namespace: str) -> str:
    kind = "https://www.omg.org/spec/DMN/20230324/MODEL/"
    return f'<import name="{name}" namespace="{namespace}" importType="{kind}"/>'


def using(kind: str, reference: str) -> str:
    group = "knowledgeRequirement" if kind == "requiredKnowledge" else "informationRequirement"
    return f'<{group}><{kind} href="{reference}"/></{group}>'


def user(name: str, text: str, kind: str, reference: str, *, type_ref: str = "Any") -> Model:
    body = bring(name, "urn:shared")
    body += decision("d", literal(text), requires=using(kind, reference), type_ref=type_ref)
    model = load_model(dmn(body, namespace="urn:user"), imports=[load_model(SHARED)])
    assert model.problems == []
    return model


def test_imported_elements_are_used_under_the_name_of_the_import() -> None:
    model = user("共用", "共用.称呼", "requiredDecision", "urn:shared#称呼")
    assert model.evaluate("d", {"共用": {"申请人": APPLICANT}}).value == "你好，李四"
    assert model.evaluate("d", {"共用.申请人": APPLICANT}).value == "你好，李四"
    assert model.evaluate("d", {"申请人": APPLICANT}).value == "你好，李四"
    assert model.evaluate("共用.称呼", {"申请人": APPLICANT}).value == "你好，李四"
    called = user("共用", '共用.问候("王五")', "requiredKnowledge", "urn:shared#问候")
    assert called.evaluate("d", {}).value == "你好，王五"


def test_parts_of_an_imported_type_may_have_operators_in_their_names() -> None:
    model = user("共用", "共用.申请人.姓-名", "requiredInput", "urn:shared#申请人")
    assert model.evaluate("d", {"申请人": APPLICANT}).value == "李四"


def test_an_import_without_a_name_brings_its_elements_into_the_scope() -> None:
    for reference in ("urn:shared#称呼", "#称呼"):
        model = user("", "称呼", "requiredDecision", reference)
        assert model.evaluate("d", {"申请人": APPLICANT}).value == "你好，李四"
        assert model.evaluate("称呼", {"申请人": APPLICANT}).value == "你好，李四"
    model = user("", '{姓-名: "李四", 年龄: "x"}', "requiredKnowledge", "#问候", type_ref="人")
    assert model.evaluate("d", {}).value is None
    assert model.invoke("问候", {"谁": "王五"}).value == "你好，王五"


def test_several_imports_have_no_name_and_the_first_wins() -> None:
    other = load_model(dmn(decision("称呼", literal('"别的"')), namespace="urn:other"))
    body = bring("", "urn:shared") + bring("", "urn:other")
    model = load_model(dmn(body, namespace="urn:user"), imports=[load_model(SHARED), other])
    assert model.evaluate("称呼", {"申请人": APPLICANT}).value == "你好，李四"


def test_what_was_decided_in_a_nameless_import_is_explained() -> None:
    model = user("", "称呼", "requiredDecision", "urn:shared#称呼")
    found = explain(model, "d", {"申请人": APPLICANT})
    assert {step.name for step in found.decisions} == {"d", "称呼"}
