"""Risks, rechecks, explanations: what rules have said, told to whom it concerns."""

import pytest
from test_rules_instant import OLD, apply

import given_cases as people
import given_tables
from given import Given
from tongban import cases, catalogue, rulebook
from tongban.cases import Stage, subscribers
from tongban.foundation.errors import Forbidden, Invalid
from tongban.foundation.trace import trace
from tongban.foundation.work import Work
from tongban.rulebook import Purpose


def big_kitchen(work: Work, given: Given, item: catalogue.Item) -> cases.Case:
    by = given.person()
    filled = people.filled_for(work, item, by=by, holder=by.id)
    answers = dict(filled.answers or {}) | {"kitchen_m2": "300"}
    with work.acting_as(by):
        told = cases.Filled(answers, filled.materials, filled.choices, filled.delivery)
        cases.save_draft(work, item_code=item.code, holder=by.id, filled=told)
        return cases.submit(work, item_code=item.code, holder=by.id, declared=True)


def deliver_events(work: Work, case: cases.Case) -> None:
    """Hand the events of a case to the subscribers that look for risks."""
    for entry in trace(work, subject=case.number):
        if isinstance(entry.event, cases.events.CaseSubmitted):
            subscribers.look_for_risks(work, entry.event)
        if isinstance(entry.event, cases.events.CaseAccepted):
            subscribers.look_for_risks_again(work, entry.event)


def test_a_risk_is_noticed_once_and_told_to_officers_only(work: Work, given: Given) -> None:
    item = given_tables.food_item(given)
    given_tables.risk(work, given, item)
    case = big_kitchen(work, given, item)
    with work.acting_as(people.clerk(case)):
        cases.accept(work, number=case.number)
    deliver_events(work, case)

    with work.acting_as(people.handler(case)):
        (noticed,) = cases.risks(work, number=case.number)
        assert (noticed.risk, noticed.level) == ("厨房面积大", "高")
        assert noticed.advice == "受理后十日内现场核查"
        said = [line.say() for line in cases.trace(work, number=case.number)]
        assert said.count("发现风险提示：厨房面积大（高）") == 1
    with work.acting_as(people.holder_of(case)):
        assert cases.risks(work, number=case.number) == []
        assert "风险" not in "".join(line.say() for line in cases.trace(work, number=case.number))
        assert cases.explanation(work, number=case.number) == []


def test_items_without_risk_rules_are_not_looked_at(work: Work, given: Given) -> None:
    case = given.submitted_case()
    deliver_events(work, case)
    assert cases.risks(work, number=case.number) == []


@pytest.fixture
def drawn(work: Work, given: Given) -> cases.Case:
    """Granted by rules all of whose grants are to be looked at once more."""
    item = given_tables.allowance_item(given)
    given_tables.instant(work, given, item, share="1")
    return apply(work, item, by=given.person(), answers=OLD)


def test_the_lot_brings_a_grant_before_a_person(work: Work, drawn: cases.Case) -> None:
    assert drawn.stage is Stage.DELIVERED
    with work.acting_as(people.handler(drawn)):
        (line,) = cases.rechecks(work)
        assert (line.number, line.item_name, line.fine) == (drawn.number, "高龄津贴", None)
        cases.recheck(work, number=drawn.number, fine=True, note="户籍已核对")
        assert cases.rechecks(work) == []
        (done,) = cases.rechecks(work, waiting=False)
        assert (done.fine, done.note) == (True, "户籍已核对")
        with pytest.raises(rulebook.AlreadyChecked):
            cases.recheck(work, number=drawn.number, fine=True)


def test_finding_a_grant_wrong_takes_a_reason_and_undoes_nothing(
    work: Work, drawn: cases.Case
) -> None:
    with work.acting_as(people.handler(drawn)):
        with pytest.raises(Invalid, match="请写明原因"):
            cases.recheck(work, number=drawn.number, fine=False)
        cases.recheck(work, number=drawn.number, fine=False, note="年龄与户籍不符")
        assert cases.case(work, number=drawn.number).stage is Stage.DELIVERED


def test_the_applicant_does_not_learn_of_the_lot(work: Work, drawn: cases.Case) -> None:
    with work.acting_as(people.handler(drawn)):
        cases.recheck(work, number=drawn.number, fine=True)
    with work.acting_as(people.holder_of(drawn)):
        topics = {line.topic for line in cases.trace(work, number=drawn.number)}
        assert not {topic for topic in topics if "echeck" in topic}
        with pytest.raises(Forbidden):
            cases.rechecks(work)


def test_another_department_neither_sees_nor_rechecks(
    work: Work, given: Given, drawn: cases.Case
) -> None:
    elsewhere = given.department(name="海州市公安局")
    with work.acting_as(people.officer("cases.review", department=elsewhere.code)):
        assert cases.rechecks(work) == []
        with pytest.raises(cases.NoSuchCase):
            cases.recheck(work, number=drawn.number, fine=True)


def test_what_no_lot_drew_is_not_rechecked(work: Work, given: Given) -> None:
    case = given.case(stage=Stage.GRANTED)
    with work.acting_as(people.handler(case)), pytest.raises(cases.NotDrawn):
        cases.recheck(work, number=case.number, fine=True)


def test_everybody_concerned_can_read_why(work: Work, drawn: cases.Case) -> None:
    with work.acting_as(people.holder_of(drawn)):
        (line,) = cases.explanation(work, number=drawn.number)
    assert (line.purpose, line.title, line.version) == (Purpose.INSTANT, "秒批", 1)
    assert [said.say() for said in line.said] == ["符合条件，当场准予", "满八十周岁，本市户口"]
    assert line.laws == ("《海州市食品经营许可办法》第六条",)
    assert [(fact.label, fact.text, fact.source) for fact in line.facts] == [
        ("周岁", "85", "申请人填写"),
        ("户口", "city", "申请人填写"),
    ]


def test_the_number_and_its_code_do_not_open_the_facts(work: Work, drawn: cases.Case) -> None:
    with work.acting_as(cases.follower(drawn.number)), pytest.raises(Forbidden):
        cases.explanation(work, number=drawn.number)


def test_a_scenario_is_explained_with_its_fee(work: Work, given: Given) -> None:
    item = given_tables.food_item(given)
    given_tables.scenario(work, given, item)
    by = given.person()
    filled = people.filled_for(work, item, by=by, holder=by.id)
    with work.acting_as(by):
        cases.save_draft(work, item_code=item.code, holder=by.id, filled=filled)
        case = cases.submit(work, item_code=item.code, holder=by.id, declared=True)
        (line,) = cases.explanation(work, number=case.number)
    assert [said.say() for said in line.said] == ["需要的材料：布局图", "费用：50.00 元"]
    assert [(fact.label, fact.text) for fact in line.facts] == [("经营什么？", "只卖预包装食品")]
