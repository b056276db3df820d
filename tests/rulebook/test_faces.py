"""What cases and catalogue ask of rules: a certain answer, or a person."""

from dataclasses import replace
from decimal import Decimal

import pytest

from conftest import MONDAY
from given import Given
from given_rules import ITEM, House, allowance
from tongban import rulebook, rules
from tongban.foundation.work import Work


@pytest.fixture
def house(work: Work, given: Given) -> House:
    return House.of(work, given)


@pytest.fixture
def in_force(house: House) -> House:
    """The house with its rules in force since today, a tenth of the approvals rechecked."""
    house.made(share_rechecked=Decimal("0.1"))
    house.published()
    return house


ABOUT = rulebook.About("990100-2406-0000001-0", ITEM, "990100", "d", "p-1")


@pytest.mark.usefixtures("in_force")
def test_an_old_resident_is_granted_at_once(work: Work) -> None:
    facts = {"age": 85, "household": "city"}
    decided = rulebook.instant(work, item_code=ITEM, facts=facts, about=ABOUT)
    assert decided is not None
    assert decided.granted
    assert decided.outcome is not None
    assert decided.outcome.get("amount") == 100
    assert [fired.number for fired in decided.outcome.fired] == [1]
    assert str(decided.reasons[0]) == "符合年龄和居住条件"
    assert decided.outcome.evaluation is not None
    assert decided.outcome.fired[0].law == "老年人权益保障法"


@pytest.mark.usefixtures("in_force")
def test_a_missing_fact_that_matters_goes_to_a_person_and_is_named(work: Work) -> None:
    facts = {"age": 85, "household": "outside"}
    decided = rulebook.instant(work, item_code=ITEM, facts=facts, about=ABOUT)
    assert decided is not None
    assert not decided.granted
    assert decided.why is rulebook.Why.MISSING
    assert str(decided.reasons[0]) == "还缺少判定所需的信息：居住年数，由工作人员核实"
    assert decided.outcome is not None
    assert decided.outcome.value is None


@pytest.mark.usefixtures("in_force")
@pytest.mark.parametrize("empty", [None, ""])
def test_an_empty_field_of_a_form_is_a_missing_fact(work: Work, empty: str | None) -> None:
    facts = {"age": 85, "household": empty}
    decided = rulebook.instant(work, item_code=ITEM, facts=facts, about=ABOUT)
    assert decided is not None
    assert decided.why is rulebook.Why.MISSING


@pytest.mark.usefixtures("in_force")
def test_a_value_of_the_wrong_kind_goes_to_a_person(work: Work) -> None:
    facts = {"age": "很老", "household": "city"}
    decided = rulebook.instant(work, item_code=ITEM, facts=facts, about=ABOUT)
    assert decided is not None
    assert decided.why in (rulebook.Why.FAILED, rulebook.Why.MISSING)
    assert not decided.granted


@pytest.mark.usefixtures("in_force")
def test_a_rule_that_does_not_grant_is_no_refusal(work: Work) -> None:
    facts = {"age": 60, "household": "city"}
    decided = rulebook.instant(work, item_code=ITEM, facts=facts, about=ABOUT)
    assert decided is not None
    assert (decided.granted, decided.why) == (False, rulebook.Why.RULE)
    assert str(decided.reasons[0]) == "由工作人员核实"
    assert {why.value for why in rulebook.Why}.isdisjoint({"refuse", "refused"})


def test_beyond_the_declared_limit_a_person_decides(house: House, work: Work) -> None:
    house.made(limits=(rulebook.Limit("amount", Decimal(99), "每月金额（元）"),))
    house.published()
    facts = {"age": 85, "household": "city"}
    decided = rulebook.instant(work, item_code=ITEM, facts=facts, about=ABOUT)
    assert decided is not None
    assert decided.why is rulebook.Why.LIMIT
    assert str(decided.reasons[0]) == "每月金额（元）超过秒批的上限 99，由工作人员审批"


def test_a_limit_on_something_unknown_is_not_kept(house: House, work: Work) -> None:
    house.made(limits=(rulebook.Limit("savings", Decimal(99)),))
    house.published()
    facts = {"age": 85, "household": "city", "savings": 1}
    decided = rulebook.instant(work, item_code=ITEM, facts=facts, about=ABOUT)
    assert decided is not None
    assert decided.why is rulebook.Why.LIMIT


def test_switched_off_means_at_once_and_every_case(in_force: House, work: Work) -> None:
    with work.acting_as(in_force.reviewer):
        rulebook.switch(work, code=in_force.code, off=True, reason="数据源异常")
    facts = {"age": 85, "household": "city"}
    decided = rulebook.instant(work, item_code=ITEM, facts=facts, about=ABOUT)
    assert decided is not None
    assert (decided.granted, decided.why) == (False, rulebook.Why.SWITCHED_OFF)
    assert "数据源异常" not in str(decided.reasons[0])


def test_without_rules_the_item_is_an_ordinary_one(work: Work) -> None:
    facts = {"age": 85}
    assert rulebook.instant(work, item_code="none", facts=facts, about=ABOUT) is None
    assert rulebook.scenario(work, item_code="none", facts=facts) is None
    assert rulebook.eligibility(work, item_code="none", facts=facts) is None
    assert rulebook.discretion(work, item_code="none", facts=facts) is None
    assert rulebook.risks(work, item_code="none", facts=facts) == []


def test_rules_not_in_force_grant_nothing(house: House, work: Work) -> None:
    house.made()
    house.approved()
    facts = {"age": 85, "household": "city"}
    decided = rulebook.instant(work, item_code=ITEM, facts=facts, about=ABOUT)
    assert decided is not None
    assert (decided.granted, decided.why) == (False, rulebook.Why.NOT_IN_FORCE)


@pytest.mark.usefixtures("in_force")
def test_the_lot_draws_the_declared_share_and_always_the_same(work: Work) -> None:
    facts = {"age": 85, "household": "city"}

    def drawn(serial: int) -> bool:
        about = replace(ABOUT, number=f"990100-2406-{serial:07}-X")
        found = rulebook.instant(work, item_code=ITEM, facts=facts, about=about)
        assert found is not None
        assert found.granted
        return found.recheck

    first = [drawn(serial) for serial in range(200)]
    assert 5 <= sum(first) <= 40
    assert [drawn(serial) for serial in range(200)] == first
    assert work.value("select count(*) from rulebook.recheck") == 2 * sum(first)


def test_only_facts_that_the_rules_use_are_kept(in_force: House, work: Work) -> None:
    facts = {
        "age": rulebook.Fact(85, "register.residents", MONDAY),
        "household": "city",
        "bank_account": "6222000000000000",
    }
    outcome = rulebook.evaluate(work, code=in_force.code, facts=facts, about=ABOUT)
    assert outcome.evaluation is not None
    kept = rulebook.evaluation(work, id=outcome.evaluation)
    assert set(kept.outcome.facts) == {"age", "household"}
    assert kept.outcome.facts["age"] == rulebook.Fact(85, "register.residents", MONDAY)
    assert kept.outcome == outcome
    stored = work.value("select sealed from rulebook.evaluation")
    assert b"register" not in bytes(stored)


def test_a_past_decision_is_repeated_exactly_after_the_rules_changed(
    in_force: House, work: Work
) -> None:
    facts = {"age": 85, "household": "city", "years": 3.25}
    outcome = rulebook.evaluate(work, code=in_force.code, facts=facts, about=ABOUT)
    later = Work(work._connection, actor=work.actor, now=MONDAY.replace(day=10))
    in_force.work = later
    in_force.published(allowance(amount="120"))
    assert outcome.evaluation is not None
    repeated = rulebook.repeat(later, id=outcome.evaluation)
    assert repeated.same
    assert repeated.again.get("amount") == 100
    now = rulebook.evaluate(later, code=in_force.code, facts=facts, about=ABOUT)
    assert (now.version, now.get("amount")) == (2, 120)


def test_today_is_the_day_of_the_decision(house: House, work: Work) -> None:
    sheet = replace(
        allowance(),
        facts=(rulebook.Term("birth", "出生日期", "date"), *allowance().facts[1:]),
        inputs=(
            rulebook.Input("周岁", "years and months duration(birth, today()).years", "number"),
            *allowance().inputs[1:],
        ),
    )
    house.made()
    with work.acting_as(house.author):
        draft = rulebook.begin_version(work, code=house.code, sheet=sheet)
        test = rulebook.TestCase(
            "满八十", {"birth": "1944-06-03", "household": "city"}, {"decision": "grant"}
        )
        rulebook.save_draft(work, version=draft, tests=[test])
        rulebook.submit_version(work, code=house.code, version=1)
    with work.acting_as(house.reviewer):
        rulebook.review_version(work, code=house.code, version=1, agree=True)
        rulebook.publish_version(work, code=house.code, version=1, effective_from=work.today)
    facts = {"birth": "1944-06-04", "household": "city"}
    outcome = rulebook.evaluate(work, code=house.code, facts=facts)
    assert outcome.get("decision") == "person"
    assert outcome.evaluation is not None
    later = Work(work._connection, actor=work.actor, now=MONDAY.replace(year=2026))
    assert rulebook.repeat(later, id=outcome.evaluation).same
    assert rulebook.evaluate(later, code=house.code, facts=facts).get("decision") == "grant"


def test_what_was_not_granted_names_the_nearest_rule_that_would_have(
    in_force: House, work: Work
) -> None:
    facts = {
        "age": rulebook.Fact(85, "register.residents", MONDAY),
        "household": "outside",
        "years": 3,
    }
    outcome = rulebook.evaluate(work, code=in_force.code, facts=facts, about=ABOUT)
    assert outcome.evaluation is not None
    why = rulebook.explain(work, id=outcome.evaluation)
    assert why.refused
    told = rules.explanation_text(why)
    assert "居住年数" in told
    assert "register.residents" in told
    granted = rulebook.evaluate(work, code=in_force.code, facts=facts | {"years": 6})
    assert granted.evaluation is not None
    assert not rulebook.explain(work, id=granted.evaluation).refused
