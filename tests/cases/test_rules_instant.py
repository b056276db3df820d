"""Instant approval (秒批): granted when it is submitted, or left to a person; never refused."""

from collections.abc import Mapping
from typing import Any

import pytest

import given_cases as people
import given_tables
from given import Given
from tongban import cases, catalogue, documents, rulebook
from tongban.cases import ClockKind, ClockState, Stage, queries
from tongban.cases.commands import notices
from tongban.foundation.actor import Actor
from tongban.foundation.trace import trace
from tongban.foundation.work import Work


@pytest.fixture
def item(work: Work, given: Given) -> catalogue.Item:
    found = given_tables.allowance_item(given)
    given_tables.instant(work, given, found)
    return found


def apply(
    work: Work,
    item: catalogue.Item,
    *,
    by: Actor,
    answers: Mapping[str, Any],
    way: str = "online",
) -> cases.Case:
    with work.acting_as(by):
        draft = cases.draft(work, item_code=item.code, holder=by.id)
        filled = cases.Filled(
            answers={**draft.answers, **answers},
            materials={"photo": (people.upload(work, by=by),)} if item.material("photo") else {},
            delivery={"way": way},
        )
        cases.save_draft(work, item_code=item.code, holder=by.id, filled=filled)
        return cases.submit(work, item_code=item.code, holder=by.id, declared=True)


OLD = {"age": "85", "household": "city"}


def test_a_clear_case_is_granted_and_delivered_in_the_same_visit(
    work: Work, given: Given, item: catalogue.Item
) -> None:
    case = apply(work, item, by=given.person(), answers=OLD)

    assert case.stage is Stage.DELIVERED
    assert (case.decision, case.reason, case.way) == ("granted", "满八十周岁，本市户口", "online")
    assert case.submitted_at == case.accepted_at == case.decided_at == case.delivered_at
    assert case == cases.case(work, number=case.number)


def test_whoever_wants_paper_gets_it_from_the_counter(
    work: Work, given: Given, item: catalogue.Item
) -> None:
    case = apply(work, item, by=given.person(), answers=OLD, way="pick_up")
    assert case.stage is Stage.GRANTED
    assert case.clock is not None
    assert case.clock.kind is ClockKind.DELIVERY
    with work.acting_as(people.clerk(case)):
        delivered = cases.deliver(work, number=case.number, way="pick_up", receiver="张小明")
    assert delivered.stage is Stage.DELIVERED


def test_every_clock_is_met(work: Work, given: Given, item: catalogue.Item) -> None:
    case = apply(work, item, by=given.person(), answers=OLD)
    assert {clock.kind for clock in case.clocks} == {
        ClockKind.NOTICE,
        ClockKind.STATUTORY,
        ClockKind.PROMISED,
        ClockKind.DELIVERY,
    }
    assert {clock.state for clock in case.clocks} == {ClockState.MET}


def test_the_trace_names_the_rules_and_no_officer(
    work: Work, given: Given, item: catalogue.Item
) -> None:
    case = apply(work, item, by=given.person(), answers=OLD)
    entries = trace(work, subject=case.number)
    assert [(type(e.event).__name__, e.actor_name) for e in entries][1:] == [
        ("InstantDecided", "系统按规则自动办理"),
        ("CaseAccepted", "系统按规则自动办理"),
        ("CaseDecided", "系统按规则自动办理"),
        ("CaseDelivered", "系统按规则自动办理"),
    ]
    decided = next(e.event for e in entries if isinstance(e.event, cases.events.CaseDecided))
    assert decided.rules is not None
    assert (decided.rules.code, decided.rules.version) == (f"{item.code}-instant", 1)
    (record,) = rulebook.evaluations_of(work, number=case.number)
    assert str(record.id) == decided.rules.evaluation
    assert "按公开的规则当场作出准予的决定：满八十周岁，本市户口" in [
        line.say() for line in cases.trace(work, number=case.number)
    ]


def test_what_a_register_said_is_told_from_what_the_applicant_said(
    work: Work, given: Given, item: catalogue.Item
) -> None:
    """An answer that was filled in and then changed is the applicant's word."""
    sheet_facts = {"age": "85", "household": "city"}
    case = apply(work, item, by=given.person(), answers=sheet_facts)
    changed = apply(work, item, by=given.person(), answers={**sheet_facts, "contact_name": "别人"})
    assert queries.private(work, number=case.number).sources == {"contact_name": "holder.name"}
    assert queries.private(work, number=changed.number).sources == {}


@pytest.mark.parametrize(
    ("answers", "why", "reason"),
    [
        ({"age": "60", "household": "city"}, "rule", "由工作人员核实"),
        ({"age": "85"}, "missing", "还缺少判定所需的信息：户口，由工作人员核实"),
    ],
)
def test_everything_else_waits_for_a_person_who_sees_why(
    work: Work,
    given: Given,
    item: catalogue.Item,
    answers: dict[str, str],
    why: str,
    reason: str,
) -> None:
    case = apply(work, item, by=given.person(), answers=answers)
    assert case.stage is Stage.SUBMITTED
    with work.acting_as(people.clerk(case)):
        said = cases.instant(work, number=case.number)
    assert said is not None
    assert (said.granted, said.why, said.text) == (False, why, reason)
    with work.acting_as(people.clerk(case)):
        assert cases.accept(work, number=case.number).stage is Stage.ACCEPTED


def test_switched_off_means_from_now_on(work: Work, given: Given, item: catalogue.Item) -> None:
    code = f"{item.code}-instant"
    reviewer = given.officer(role="approver", department=item.department)
    with work.acting_as(reviewer):
        rulebook.switch(work, code=code, off=True, reason="数据源异常")
    case = apply(work, item, by=given.person(), answers=OLD)
    assert case.stage is Stage.SUBMITTED
    said = cases.instant(work, number=case.number)
    assert said is not None
    assert (said.why, said.text) == ("switched_off", "这个事项的秒批已暂停，由工作人员审批")


def test_a_material_to_be_brought_to_the_counter_keeps_it_from_being_granted(
    work: Work, given: Given
) -> None:
    paper = catalogue.Material(key="original", name="户口簿原件", upload=False)
    item = given_tables.allowance_item(given, materials=(paper,))
    given_tables.instant(work, given, item)
    case = apply(work, item, by=given.person(), answers=OLD)
    assert case.stage is Stage.SUBMITTED
    said = cases.instant(work, number=case.number)
    assert said is not None
    assert said.text == "还缺少材料：户口簿原件，由工作人员核对"
    assert rulebook.evaluations_of(work, number=case.number) == []


def test_the_holder_sees_why_and_others_do_not_see_it_at_all(
    work: Work, given: Given, item: catalogue.Item
) -> None:
    case = apply(work, item, by=given.person(), answers={"age": "60", "household": "city"})
    with work.acting_as(people.holder_of(case)):
        assert cases.instant(work, number=case.number) is not None
    with work.acting_as(given.person(name="李四")):
        assert cases.instant(work, number=case.number) is None
    with work.acting_as(cases.follower(case.number)):
        assert cases.instant(work, number=case.number) is None


def test_the_papers_say_that_it_was_granted_by_rules(
    work: Work, given: Given, item: catalogue.Item
) -> None:
    case = apply(work, item, by=given.person(), answers=OLD)
    for entry in trace(work, subject=case.number):
        if type(entry.event) in notices.PROVED and entry.event is not None:
            notices.issue(work, entry.event, number=case.number)
    papers = [f.title for f in documents.files_of_case(work, case_number=case.number) if f.title]
    assert set(papers) == {"收件回执", "受理通知书", "准予决定书", "送达回证"}
