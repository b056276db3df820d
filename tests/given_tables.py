"""Small rule tables in force for an item: written by one officer, published by another."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import given_cases as people
from given import Given
from tongban import cases, catalogue, rulebook
from tongban.foundation.work import Work
from tongban.rulebook import Input, Output, Purpose, Row, Sheet, Term, TestCase
from tongban.rules import HitPolicy

LAW = ("海州市食品经营许可办法", "第六条")


def allowance_item(given: Given, **changes: Any) -> catalogue.Item:
    """A small benefit: an age, a household, one material that is asked for."""
    fields = (
        catalogue.Field(key="age", title="周岁", widget=catalogue.Widget.NUMBER),
        catalogue.Field(key="household", title="户口", required=False),
        catalogue.Field(key="contact_name", title="姓名", source="holder.name"),
    )
    materials = (catalogue.Material(key="photo", name="本人照片"),)
    plain = {"name": "高龄津贴", "form": catalogue.schema(fields), "materials": materials}
    return given.item(**plain | changes)


def food_item(given: Given) -> catalogue.Item:
    """A licence whose materials, fields and fee depend on the kind of business."""
    question = catalogue.Question(
        "kind",
        "经营什么？",
        (
            catalogue.Choice("shop", "只卖预包装食品", ("layout",)),
            catalogue.Choice("kitchen", "有厨房", ("layout", "health")),
        ),
    )
    materials = (
        catalogue.Material(key="application", name="申请书", exempt=True),
        catalogue.Material(key="layout", name="布局图"),
        catalogue.Material(key="health", name="健康证明"),
        catalogue.Material(key="drain", name="排水许可"),
    )
    fields = (
        catalogue.Field(key="shop_name", title="店铺名称"),
        catalogue.Field(key="kitchen_m2", title="厨房面积", widget=catalogue.Widget.NUMBER),
    )
    return given.item(questions=(question,), materials=materials, form=catalogue.schema(fields))


def kitchen_item(given: Given) -> catalogue.Item:
    """An instant item (即办件), which one officer decides."""
    field = catalogue.Field(key="kitchen_m2", title="厨房面积", widget=catalogue.Widget.NUMBER)
    return given.item(
        handling=catalogue.Handling.INSTANT, form=catalogue.schema((field,)), materials=()
    )


def accepted(work: Work, given: Given, item: catalogue.Item, *, kitchen: str = "30") -> cases.Case:
    """A case whose kitchen has so many square metres, accepted."""
    by = given.person()
    filled = people.filled_for(work, item, by=by, holder=by.id)
    answers = dict(filled.answers or {}) | {"kitchen_m2": kitchen}
    with work.acting_as(by):
        told = cases.Filled(answers, filled.materials, filled.choices, filled.delivery)
        cases.save_draft(work, item_code=item.code, holder=by.id, filled=told)
        case = cases.submit(work, item_code=item.code, holder=by.id, declared=True)
    with work.acting_as(people.clerk(case)):
        return cases.accept(work, number=case.number)


def eligibility(work: Work, given: Given, item: catalogue.Item) -> str:
    """Whoever is eighty may apply."""
    sheet = Sheet(
        "高龄津贴条件",
        (Term("age", "周岁", "number"),),
        (Input("周岁", "age", "number"),),
        (Output("能否", "eligible", "boolean"), Output("理由", "reason", "string")),
        (
            Row((">= 80",), ("true", '"满八十周岁"'), *LAW),
            Row(("< 80",), ("false", '"没有满八十周岁"'), *LAW),
        ),
        HitPolicy.UNIQUE,
    )
    tests = (TestCase("八十五岁", {"age": 85}, {"eligible": True}),)
    return in_force(work, given, item, Purpose.ELIGIBILITY, sheet, tests)


def instant(work: Work, given: Given, item: catalogue.Item, **settings: Any) -> str:
    """Grants at once from eighty on, to who lives in the city."""
    sheet = Sheet(
        "高龄津贴",
        (Term("age", "周岁", "number"), Term("household", "户口", "string")),
        (Input("周岁", "age", "number"), Input("户口", "household", "string")),
        (Output("决定", "decision", "string"), Output("理由", "reason", "string")),
        (
            Row((">= 80", '"city"'), ('"grant"', '"满八十周岁，本市户口"'), *LAW),
            Row(("-", "-"), ('"person"', '"由工作人员核实"')),
        ),
        HitPolicy.FIRST,
    )
    tests = (TestCase("本市老人", {"age": 85, "household": "city"}, {"decision": "grant"}),)
    return in_force(work, given, item, Purpose.INSTANT, sheet, tests, **settings)


def scenario(work: Work, given: Given, item: catalogue.Item) -> str:
    """Shops need a layout and pay 50 yuan; kitchens also papers on health and a field more."""
    sheet = Sheet(
        "食品经营情形",
        (Term("kind", "经营什么", "string"),),
        (Input("经营什么", "kind", "string"),),
        (
            Output("材料", "materials", "list"),
            Output("字段", "fields", "list"),
            Output("费用（分）", "fee", "number"),
            Output("说明", "note", "string"),
        ),
        (
            Row(("-",), ('["layout"]', "[]", "5000", "null")),
            Row(('"kitchen"',), ('["drain"]', '["kitchen_m2"]', "2000", '"先办排水许可"')),
        ),
        HitPolicy.COLLECT,
    )
    tests = (TestCase("小店", {"kind": "shop"}, {"fee": [5000]}),)
    return in_force(work, given, item, Purpose.SCENARIO, sheet, tests)


def discretion(work: Work, given: Given, item: catalogue.Item) -> str:
    """A licence for one to three years, for kitchens of more than 100 square metres one."""
    sheet = Sheet(
        "许可年限",
        (Term("kitchen_m2", "厨房面积", "number"),),
        (Input("厨房面积", "kitchen_m2", "number"),),
        (
            Output("档次", "grade", "string"),
            Output("最少", "least", "number"),
            Output("最多", "most", "number"),
            Output("单位", "unit", "string"),
        ),
        (
            Row(("<= 100",), ('"小型"', "1", "3", '"年"'), *LAW, "按风险从低到高"),
            Row(("> 100",), ('"大型"', "1", "1", '"年"'), *LAW),
        ),
        HitPolicy.UNIQUE,
    )
    tests = (TestCase("小厨房", {"kitchen_m2": 20}, {"most": 3}),)
    return in_force(work, given, item, Purpose.DISCRETION, sheet, tests)


def risk(work: Work, given: Given, item: catalogue.Item) -> str:
    """Large kitchens are to be visited."""
    sheet = Sheet(
        "食品风险",
        (Term("kitchen_m2", "厨房面积", "number"),),
        (Input("厨房面积", "kitchen_m2", "number"),),
        (
            Output("风险", "risk", "string"),
            Output("等级", "level", "string"),
            Output("建议", "advice", "string"),
        ),
        (Row(("> 100",), ('"厨房面积大"', '"高"', '"受理后十日内现场核查"'), *LAW),),
        HitPolicy.COLLECT,
    )
    tests = (TestCase("大厨房", {"kitchen_m2": 200}, {"level": ["高"]}),)
    return in_force(work, given, item, Purpose.RISK, sheet, tests)


def in_force(
    work: Work,
    given: Given,
    item: catalogue.Item,
    purpose: Purpose,
    sheet: Sheet,
    tests: Sequence[TestCase],
    *,
    share: str = "0",
) -> str:
    author = given.officer(role="cataloguer", name="郑编目", department=item.department)
    reviewer = given.officer(role="approver", name="钱局长", department=item.department)
    code = f"{item.code}-{purpose}"
    with work.acting_as(author):
        rulebook.add_rule_set(
            work,
            rule_set=rulebook.RuleSet(
                code,
                f"{item.name}规则",
                purpose,
                item.department,
                item.department_name,
                item.region,
                share_rechecked=Decimal(share),
            ),
        )
        rulebook.bind(work, code=code, item_code=item.code)
        draft = rulebook.begin_version(work, code=code, sheet=sheet)
        draft = rulebook.save_draft(work, version=draft, tests=tests)
        rulebook.submit_version(work, code=code, version=draft.version)
    with work.acting_as(reviewer):
        rulebook.review_version(work, code=code, version=draft.version, agree=True)
        rulebook.publish_version(work, code=code, version=draft.version, effective_from=work.today)
    return code
