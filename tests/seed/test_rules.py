"""The rule tables of the fictional city: complete, tested, and true to the forms they decide by."""

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tongban import identity, rulebook
from tongban.foundation.work import Work

SEED = Path(__file__).parents[2] / "seed"
FILES = sorted((SEED / "rules").glob("*.toml"))
SERVICES = {
    record["item_code"]: record
    for record in (
        tomllib.loads(file.read_text(encoding="utf-8"))
        for file in sorted((SEED / "services").glob("*.toml"))
    )
}
each_table = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def read(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def test_there_are_tables_of_every_purpose() -> None:
    counted = Counter(read(file)["purpose"] for file in FILES)
    assert counted == {
        "instant": 3,
        "discretion": 2,
        "scenario": 5,
        "eligibility": 2,
        "risk": 1,
    }


@each_table
def test_facts_are_fields_and_questions_of_the_service(file: Path) -> None:
    table = read(file)
    for item_code in table["items"]:
        service = SERVICES[item_code]
        known = {field["key"] for field in service["fields"]}
        known |= {question["key"] for question in service["questions"]}
        assert {fact["name"] for fact in table["facts"]} <= known


@each_table
def test_choices_named_in_a_table_are_choices_of_the_form(file: Path) -> None:
    table = read(file)
    for item_code in table["items"]:
        service = SERVICES[item_code]
        choices = {
            field["key"]: {option["value"] for option in field["options"]}
            for field in service["fields"]
            if "options" in field
        } | {
            question["key"]: {choice["key"] for choice in question["choices"]}
            for question in service["questions"]
        }
        for column in table["inputs"]:
            if column["expression"] in choices and "values" in column:
                named = {text.strip().strip('"') for text in column["values"].split(",")}
                assert named == choices[column["expression"]], column["label"]


@each_table
def test_materials_and_fields_asked_for_are_those_of_the_service(file: Path) -> None:
    table = read(file)
    if table["purpose"] != "scenario":
        return
    service = SERVICES[table["items"][0]]
    for output, of in (("materials", "materials"), ("fields", "fields")):
        known = {each["key"] for each in service[of]}
        for rule in table["rules"]:
            text = rule["then"].get(output, "[]")
            asked = {part.strip().strip('"') for part in text.strip("[]").split(",")} - {""}
            assert asked <= known, rule


@each_table
def test_every_rule_names_its_basis_in_law(file: Path) -> None:
    for rule in read(file)["rules"]:
        assert rule["law"]
        assert rule["clause"]


def test_all_tables_are_planted_reviewed_and_in_force(city: Work) -> None:
    planted = [rulebook.import_table(city, read(file)) for file in FILES]
    assert planted == [True] * len(FILES)
    lines = rulebook.rule_sets(city, on=city.today, published=True)
    assert len(lines) == len(FILES)
    assert [rulebook.import_table(city, read(file)) for file in FILES] == [False] * len(FILES)
    version = rulebook.version(city, code="AL-MZ-001-instant", version=1)
    assert {version.author, version.reviewer} == {
        officer.id
        for officer in identity.officers(city)
        if officer.login in ("cataloguer", "approver")
    }


def test_the_scenarios_ask_what_each_case_needs(city: Work) -> None:
    for file in FILES:
        rulebook.import_table(city, read(file))
    found = rulebook.scenario(city, item_code="AL-GA-002", facts={"issue": "loss"})
    assert found is not None
    assert found.materials == {"loss_statement"}
    assert found.not_needed == frozenset()
    assert [one.label for one in found.asked] == ["凭哪一个条件申领"]
    assert found.fee is None
    settled = rulebook.scenario(
        city, item_code="AL-GA-002", facts={"issue": "loss", "ground": "study"}
    )
    assert settled is not None
    assert settled.materials == {"loss_statement", "study_proof"}
    assert settled.not_needed == {
        "employment_proof",
        "dwelling_proof",
        "months_insured",
        "dwelling_kind",
    }
    assert settled.fee == 1000
    assert settled.asked == ()


def test_an_unknown_size_leaves_the_fee_open_but_not_the_materials(city: Work) -> None:
    for file in FILES:
        rulebook.import_table(city, read(file))
    facts = {"reason": "event", "road_grade": "branch", "surface": "footpath"}
    found = rulebook.scenario(city, item_code="AL-ZJ-003", facts=facts)
    assert found is not None
    assert found.fee is None
    assert found.materials == {"event_plan"}
    assert found.not_needed == {"construction_permit", "guarantee", "safety_plan"}
    assert {one.name for one in found.asked} == {"area_m2", "days"}


def test_can_i_says_yes_no_or_that_it_depends(city: Work) -> None:
    for file in FILES:
        rulebook.import_table(city, read(file))
    old = {"birth_date": "1930-03-02", "household": "city", "receiving_elsewhere": "no"}
    yes = rulebook.eligibility(city, item_code="AL-MZ-001", facts=old)
    no = rulebook.eligibility(city, item_code="AL-MZ-001", facts=old | {"birth_date": "1980-01-01"})
    unsure = rulebook.eligibility(city, item_code="AL-MZ-001", facts={"birth_date": "1930-03-02"})
    assert yes is not None
    assert no is not None
    assert unsure is not None
    assert (yes.answer, no.answer, unsure.answer) == ("yes", "no", "unsure")
    assert no.reasons == ("还没有满八十周岁，满了再来申领",)
    assert {one.label for one in unsure.asked} == {
        "户口在哪里",
        "在本市连续居住多少年",
        "是否已经在别处领高龄津贴",
    }


def test_risks_are_hints_with_what_to_do(city: Work) -> None:
    for file in FILES:
        rulebook.import_table(city, read(file))
    facts = {"members": 2, "household_income": 600, "vehicles": 1, "home_area_m2": 0}
    [risk] = rulebook.risks(city, item_code="AL-ZJ-002", facts=facts)
    assert (risk.risk, risk.level) == ("申报收入很低，却有机动车", "high")
    assert risk.advice == "核对收入和车辆登记"
