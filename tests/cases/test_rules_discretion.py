"""Discretion standards: a choice within the range, or outside of it with reasons and two people."""

from decimal import Decimal

import pytest

import given_cases as people
import given_tables
from given import Given
from given_tables import accepted
from tongban import cases, catalogue, rulebook
from tongban.cases import Stage
from tongban.foundation.actor import Actor
from tongban.foundation.errors import Forbidden, Invalid
from tongban.foundation.work import Work

WHY = "厨房虽小，但通道不合要求，先发一年看整改"


@pytest.fixture
def item(work: Work, given: Given) -> catalogue.Item:
    found = given_tables.food_item(given)
    given_tables.discretion(work, given, found)
    return found


def handled(work: Work, case: cases.Case, *, chosen: str | None, deviation: str = "") -> Actor:
    """The handler agrees, the reviewer too; return the handler."""
    handler = people.handler(case)
    with work.acting_as(handler):
        years = None if chosen is None else Decimal(chosen)
        cases.review(
            work,
            number=case.number,
            opinion="符合条件",
            agree=True,
            chosen=years,
            deviation=deviation,
        )
    with work.acting_as(people.handler(case)):
        cases.review(work, number=case.number, opinion="同意", agree=True)
    return handler


def test_the_row_that_applies_is_shown_beside_the_decision(
    work: Work, given: Given, item: catalogue.Item
) -> None:
    case = accepted(work, given, item)
    with work.acting_as(people.handler(case)):
        found = cases.discretion(work, number=case.number)
    assert found is not None
    assert (found.row, found.grade, found.least, found.most, found.unit) == (
        1,
        "小型",
        Decimal(1),
        Decimal(3),
        "年",
    )
    assert found.basis == "《海州市食品经营许可办法》第六条"
    assert rulebook.evaluations_of(work, number=case.number) == []
    with work.acting_as(people.holder_of(case)), pytest.raises(Forbidden):
        cases.discretion(work, number=case.number)


def test_a_choice_within_the_range_is_decided_by(
    work: Work, given: Given, item: catalogue.Item
) -> None:
    case = accepted(work, given, item)
    handled(work, case, chosen="2")
    with work.acting_as(people.approver(case)):
        assert cases.decide(work, number=case.number, grant=True).stage is Stage.GRANTED
    chosen = cases.choice(work, number=case.number)
    assert chosen is not None
    assert (chosen.chosen, chosen.deviates) == (Decimal(2), False)


def test_who_agrees_must_say_what_is_chosen(work: Work, given: Given, item: catalogue.Item) -> None:
    case = accepted(work, given, item)
    with pytest.raises(Invalid, match="请按裁量基准填写处理结果（年）") as refused:
        handled(work, case, chosen=None)
    assert [problem.field for problem in refused.value.problems] == ["chosen"]


def test_a_deviation_without_reasons_is_refused(
    work: Work, given: Given, item: catalogue.Item
) -> None:
    case = accepted(work, given, item, kitchen="200")
    with pytest.raises(Invalid, match="超出裁量基准，请写明理由") as refused:
        handled(work, case, chosen="3", deviation="熟人")
    assert [problem.field for problem in refused.value.problems] == ["deviation"]
    assert rulebook.evaluations_of(work, number=case.number) == []


def test_a_deviation_counts_once_the_approver_has_agreed(
    work: Work, given: Given, item: catalogue.Item
) -> None:
    case = accepted(work, given, item, kitchen="200")
    handled(work, case, chosen="3", deviation=WHY)
    proposed = cases.choice(work, number=case.number)
    assert proposed is not None
    assert (proposed.deviates, proposed.settled, proposed.reasons) == (True, False, WHY)
    approver = people.approver(case)
    with work.acting_as(approver):
        cases.decide(work, number=case.number, grant=True)
    chosen = cases.choice(work, number=case.number)
    assert chosen is not None
    assert (chosen.settled, chosen.confirmed_by) == (True, approver.id)
    said = [line.say() for line in cases.trace(work, number=case.number)]
    assert said[-3:] == ["完成审核，意见：同意", "另一名工作人员核准了裁量意见", "作出准予的决定"]


def test_refusing_needs_no_choice(work: Work, given: Given, item: catalogue.Item) -> None:
    case = accepted(work, given, item)
    with work.acting_as(people.handler(case)):
        cases.review(work, number=case.number, opinion="不符合", agree=False)
    with work.acting_as(people.handler(case)):
        cases.review(work, number=case.number, opinion="不符合", agree=False)
    with work.acting_as(people.approver(case)):
        refused = cases.decide(work, number=case.number, grant=False, reason="通道太窄")
    assert refused.stage is Stage.REFUSED


def test_nobody_grants_what_the_handler_chose_nothing_for(
    work: Work, given: Given, item: catalogue.Item
) -> None:
    case = accepted(work, given, item)
    for _ in range(2):
        with work.acting_as(people.handler(case)):
            cases.review(work, number=case.number, opinion="不符合", agree=False)
    with work.acting_as(people.approver(case)), pytest.raises(cases.NothingChosen):
        cases.decide(work, number=case.number, grant=True)


def test_the_applicant_learns_of_the_choice_with_the_decision(
    work: Work, given: Given, item: catalogue.Item
) -> None:
    case = accepted(work, given, item)
    handled(work, case, chosen="2")
    with work.acting_as(people.holder_of(case)):
        assert cases.choice(work, number=case.number) is None
        assert "2" not in "".join(
            line.say() for line in cases.trace(work, number=case.number) if "裁量" in line.say()
        )
    with work.acting_as(people.approver(case)):
        cases.decide(work, number=case.number, grant=True)
    with work.acting_as(people.holder_of(case)):
        assert cases.choice(work, number=case.number) is not None


@pytest.fixture
def at_once(work: Work, given: Given) -> cases.Case:
    """An instant item (即办件), which one officer decides, under a standard."""
    item = given_tables.kitchen_item(given)
    given_tables.discretion(work, given, item)
    return accepted(work, given, item)


def test_one_officer_decides_an_instant_item_within_the_range(
    work: Work, at_once: cases.Case
) -> None:
    with work.acting_as(people.handler(at_once)):
        with pytest.raises(Invalid, match="请按裁量基准填写"):
            cases.decide(work, number=at_once.number, grant=True)
        decided = cases.decide(work, number=at_once.number, grant=True, chosen=Decimal(3))
    assert decided.stage is Stage.GRANTED


def test_one_officer_alone_never_deviates(work: Work, at_once: cases.Case) -> None:
    handler = people.approver(at_once)
    with work.acting_as(handler):
        with pytest.raises(cases.ProposeFirst, match="不能由一人决定"):
            cases.decide(work, number=at_once.number, grant=True, chosen=Decimal(5), deviation=WHY)
        cases.propose(work, number=at_once.number, chosen=Decimal(5), deviation=WHY)
        with pytest.raises(rulebook.SamePerson):
            cases.decide(work, number=at_once.number, grant=True)
    with work.acting_as(people.handler(at_once)), pytest.raises(Forbidden):
        cases.decide(work, number=at_once.number, grant=True)
    with work.acting_as(people.approver(at_once)):
        decided = cases.decide(work, number=at_once.number, grant=True)
    assert decided.stage is Stage.GRANTED


def test_items_without_a_standard_are_decided_as_ever(work: Work, given: Given) -> None:
    case = given.case(stage=Stage.ACCEPTED)
    handled(work, case, chosen="7")
    with work.acting_as(people.approver(case)):
        assert cases.decide(work, number=case.number, grant=True).stage is Stage.GRANTED
    assert cases.choice(work, number=case.number) is None
