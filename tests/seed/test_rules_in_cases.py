"""The rule tables of the fictional city at work: what people fill in, and what comes of it."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import given_cases as people
from tongban import cases, catalogue, rulebook
from tongban.cases import Stage
from tongban.foundation.actor import Actor
from tongban.foundation.work import Work
from tongban.main import city as plan
from tongban.main import seed

SEED = Path(__file__).parents[2] / "seed"
EXAMPLES = tomllib.loads((SEED / "answers.toml").read_text(encoding="utf-8"))
TABLES = [
    tomllib.loads(file.read_text(encoding="utf-8"))
    for file in sorted((SEED / "rules").glob("*.toml"))
]


def items_with(purpose: str) -> list[str]:
    return [item for table in TABLES if table["purpose"] == purpose for item in table["items"]]


@pytest.fixture
def city(city: Work) -> Work:
    """With its people, services and rules; none of its cases."""
    seed._people(city)
    for file in sorted((SEED / "services").glob("*.toml")):
        record = tomllib.loads(file.read_text(encoding="utf-8"))
        if record["item_code"] in {code for table in TABLES for code in table["items"]}:
            departments = {row["name"]: row["code"] for row in plan.city()["department"]}
            guide = catalogue.read_guide(record)
            item = catalogue.item_of(
                guide, department=departments[record["department"]], region=plan.CITY
            )
            catalogue.publish(city, item=item)
    for table in TABLES:
        rulebook.import_table(city, table)
    return city


def applied(work: Work, code: str, **changed: Any) -> tuple[cases.Case, Actor]:
    """Apply with the answers of the example sheet, and whatever is asked for uploaded."""
    sheet = EXAMPLES[code]
    cast = seed._cast(work)
    applicant = cast.applicants[sheet["applicant"]]
    holder = cast.organisations.get(sheet.get("organisation", ""), applicant.id)
    item = catalogue.item(work, code=code)
    with work.acting_as(applicant):
        draft = cases.draft(work, item_code=code, holder=holder)
        contact = {"notify_by": "sms", "contact_name": applicant.name}
        answers: Mapping[str, Any] = contact | dict(draft.answers) | sheet["answers"] | changed
        choices = sheet.get("choices", {})
        asked, _ = cases.item_for(work, item=item, choices=choices, answers=answers)
        materials = {
            material.key: (people.upload(work, by=applicant, holder=holder),)
            for material in asked.materials_for(choices)
            if material.upload and not material.exempt
        }
        filled = cases.Filled(answers, materials, choices, {"way": "online"})
        cases.save_draft(work, item_code=code, holder=holder, filled=filled)
        case = cases.submit(work, item_code=code, holder=holder, declared=True)
    return case, applicant


@pytest.mark.parametrize("code", items_with("instant"))
def test_three_services_are_granted_in_the_same_visit(city: Work, code: str) -> None:
    case, applicant = applied(city, code)
    with city.acting_as(applicant):
        said = cases.instant(city, number=case.number)
        assert said is not None
        assert said.granted, said.text
        explained = cases.explanation(city, number=case.number)
    assert case.stage is Stage.DELIVERED
    assert said.text
    assert [line.purpose for line in explained][-1] is rulebook.Purpose.INSTANT
    assert explained[-1].laws
    assert explained[-1].facts


@pytest.mark.parametrize("code", items_with("instant"))
def test_somebody_of_whom_less_is_certain_waits_for_a_person(city: Work, code: str) -> None:
    doubt = {
        "AL-MZ-001": {"receiving_elsewhere": "yes"},
        "AL-ZJ-004": {"rent_yuan": 30000},
        "AL-SCJG-002": {"abnormal": "yes"},
    }
    case, _ = applied(city, code, **doubt[code])
    said = cases.instant(city, number=case.number)
    assert case.stage is Stage.SUBMITTED
    assert said is not None
    assert not said.granted
    assert said.text


@pytest.mark.parametrize("code", items_with("scenario"))
def test_five_services_ask_by_scenario(city: Work, code: str) -> None:
    case, _ = applied(city, code)
    found = cases.scenario(city, number=case.number)
    assert found is not None
    item = catalogue.item(city, code=code)
    asked = {material.key for material in case.materials}
    assert found.not_needed
    assert not asked & set(found.not_needed)
    assert asked >= set(found.needed)
    assert asked < {material.key for material in item.materials}


@pytest.mark.parametrize("code", items_with("discretion"))
def test_two_services_show_their_standard_beside_the_decision(city: Work, code: str) -> None:
    case, _ = applied(city, code)
    with city.acting_as(people.clerk(case)):
        cases.accept(city, number=case.number, checked=[m.key for m in case.materials])
    with city.acting_as(people.handler(case)):
        standard = cases.discretion(city, number=case.number)
        assert standard is not None
        assert standard.row is not None
        assert standard.least is not None or standard.most is not None
        assert standard.unit
        assert standard.basis
