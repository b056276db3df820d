"""Scenario tables decide: what the guide shows is what the form asks and the counter checks."""

from typing import Any

import psycopg
import pytest

import given_cases as people
import given_tables
from conftest import MONDAY
from given import Given
from tongban import cases, catalogue, rulebook
from tongban.cases import Filled
from tongban.foundation import idempotency
from tongban.foundation.actor import Actor
from tongban.foundation.errors import Invalid
from tongban.foundation.work import Work
from wire import statements

SHOP, KITCHEN = {"kind": "shop"}, {"kind": "kitchen"}


@pytest.fixture
def item(work: Work, given: Given) -> catalogue.Item:
    found = given_tables.food_item(given)
    given_tables.scenario(work, given, found)
    return found


def keys(item: catalogue.Item, choices: dict[str, str]) -> list[str]:
    return [material.key for material in item.materials_for(choices)]


def test_the_rules_and_not_the_choices_say_which_materials(
    work: Work, item: catalogue.Item
) -> None:
    shop, found = cases.item_for(work, item=item, choices=SHOP, answers={})
    assert keys(item, SHOP) == ["application", "layout", "drain"]
    assert keys(shop, SHOP) == ["application", "layout"]
    assert found is not None
    assert (found.fee, found.notes) == (5000, ())

    kitchen, found = cases.item_for(work, item=item, choices=KITCHEN, answers={})
    # The rules govern layout and drain; papers on health are asked for as the guide has them.
    assert keys(kitchen, KITCHEN) == ["application", "layout", "health", "drain"]
    assert found is not None
    assert (found.fee, found.notes) == (7000, ("先办排水许可",))


def test_fields_that_a_case_does_not_need_are_not_asked_for(
    work: Work, item: catalogue.Item
) -> None:
    shop, _ = cases.item_for(work, item=item, choices=SHOP, answers={})
    assert list(shop.form["properties"]) == ["shop_name"]
    assert shop.form["required"] == ["shop_name"]
    kitchen, _ = cases.item_for(work, item=item, choices=KITCHEN, answers={})
    assert kitchen.form["required"] == ["shop_name", "kitchen_m2"]


def test_as_long_as_a_question_is_open_nothing_is_left_out(
    work: Work, item: catalogue.Item
) -> None:
    unknown, found = cases.item_for(work, item=item, choices={}, answers={})
    assert [material.key for material in unknown.materials] == [m.key for m in item.materials]
    assert unknown.form == item.form
    assert found is not None
    assert [asked.name for asked in found.asked] == ["kind"]
    assert found.fee is None


def test_without_rules_an_item_is_as_it_is_published(work: Work, given: Given) -> None:
    plain = given.item()
    assert cases.item_for(work, item=plain, choices={}, answers={}) == (plain, None)


def apply(
    work: Work, item: catalogue.Item, *, by: Actor, choices: dict[str, str], files: list[str]
) -> cases.Case:
    filled = Filled(
        choices=choices,
        answers={"shop_name": "小面馆", "kitchen_m2": "30"},
        materials={key: (people.upload(work, by=by),) for key in files},
        delivery={"way": "pick_up"},
    )
    with work.acting_as(by):
        cases.save_draft(work, item_code=item.code, holder=by.id, filled=filled)
        return cases.submit(work, item_code=item.code, holder=by.id, declared=True)


def test_submission_asks_for_exactly_that(work: Work, given: Given, item: catalogue.Item) -> None:
    shop = apply(work, item, by=given.person(), choices=SHOP, files=["layout"])
    assert [material.key for material in shop.materials] == ["application", "layout"]

    with pytest.raises(Invalid) as refused:
        apply(work, item, by=given.person(), choices=KITCHEN, files=["layout"])
    assert [p.field for p in refused.value.problems] == ["material.health", "material.drain"]


def test_what_a_case_does_not_need_is_not_kept(
    work: Work, given: Given, item: catalogue.Item
) -> None:
    case = apply(work, item, by=given.person(), choices=SHOP, files=["layout"])
    answers = cases.answers(work, number=case.number)
    assert [answer.key for answer in answers] == ["shop_name"]


def test_fee_and_version_of_the_rules_stay_with_the_case(
    work: Work, given: Given, item: catalogue.Item
) -> None:
    case = apply(work, item, by=given.person(), choices=SHOP, files=["layout"])
    with work.acting_as(people.holder_of(case)):
        found = cases.scenario(work, number=case.number)
    assert found is not None
    assert (found.fee, found.rule_version) == (5000, 1)
    (record,) = rulebook.evaluations_of(work, number=case.number)
    assert rulebook.repeat(work, id=record.id).same


def test_a_correction_is_checked_by_the_same_list(
    work: Work, given: Given, item: catalogue.Item
) -> None:
    case = apply(work, item, by=given.person(), choices=SHOP, files=["layout"])
    with work.acting_as(people.clerk(case)):
        wanted = [("shop_name", "与执照不一致")]
        cases.request_correction(work, number=case.number, missing=wanted)
    with work.acting_as(people.holder_of(case)):
        filled = Filled(answers={"shop_name": "小小面馆"})
        corrected = cases.correct(work, number=case.number, filled=filled)
    assert corrected.stage is cases.Stage.SUBMITTED


def test_an_item_without_rules_still_takes_ten_statements(
    connection: psycopg.Connection[Any], work: Work, given: Given
) -> None:
    """And one with a scenario and an instant approval only those that these need."""
    ruled = given_tables.food_item(given)
    given_tables.scenario(work, given, ruled)
    allowance = given_tables.allowance_item(given)
    given_tables.instant(work, given, allowance)
    counts = [counted(connection, work, given, each) for each in (given.item(), ruled, allowance)]
    looking_up_the_session = 1
    assert counts[0] + looking_up_the_session <= 10
    assert counts[1] - counts[0] <= 4
    # Rules grant and deliver at once, by three acts that carry the process through as well.
    assert counts[2] - counts[0] <= 27


def counted(
    connection: psycopg.Connection[Any], work: Work, given: Given, item: catalogue.Item
) -> int:
    for _ in range(2):  # The second time every table is compiled.
        person = given.person()
        with work.acting_as(person):
            filled = people.filled_for(work, item, by=person, holder=person.id)
            answers = dict(filled.answers or {}) | {"age": "85", "household": "city"}
            filled = Filled(answers, filled.materials, filled.choices, {"way": "online"})
            cases.save_draft(work, item_code=item.code, holder=person.id, filled=filled)
        with statements(connection) as sent:
            shell = Work(connection, actor=person, now=MONDAY)
            idempotency.claim(shell, key="0123456789", fingerprint=person.id)
            cases.submit(shell, item_code=item.code, holder=person.id, declared=True)
            idempotency.answer(shell, key="0123456789", status=303, location="/")
    return len(sent)
