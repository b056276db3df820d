"""Whatever the catalogue can say of a service, an official can write, compare and read."""

from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest

from given_national import SENDABLE
from given_site import Site
from tongban import catalogue
from tongban.catalogue import (
    Agency,
    Audience,
    Authority,
    Channels,
    Code,
    Fee,
    Item,
    Material,
    Offers,
    Place,
    Result,
    Scenario,
    SpecialProcedure,
    Status,
    Step,
)
from tongban.catalogue.model.compare import LABELS, PARTS
from tongban.channels.console.items.sheets import MANUAL, SHEETS
from tongban.foundation import messages

# What is not written on a sheet, and who says it instead.
ELSEWHERE = {
    "code", "department", "department_name", "region", "region_name",  # when it is begun
    "version", "effective_from", "effective_until",  # publishing and cancelling
    "inherits", "inherits_version", "main_item", "action", "parent_name",  # where it stands
    "questions",  # the page of situations
    "source", "extra", "prominence",  # the import
    "kind_name",  # follows the kind
    "flow_chart",  # the process
}  # fmt: skip
OF_PARTS: dict[type[Any], set[str]] = {
    # Made by the page; files say whether there is one; to be uploaded is what is not exempt.
    Scenario: {"key"},
    Material: {"key", "has_blank_form", "has_sample", "upload"},
    Channels: {"online"},  # online_apply is what counts here
    Result: {"has_sample"},
    Step: {"review_points", "risks", "discretion", "counted"},  # the manual
    Fee: set(),
    SpecialProcedure: set(),
}


def written() -> set[str]:
    """Every field that some sheet has, as a path."""
    found = set()
    for sheet in SHEETS.values():
        found |= {field.name for field in sheet.fields}
        for rows in sheet.lists:
            found |= {rows.attribute} | {f"{rows.attribute}.{one.name}" for one in rows.inputs}
    return found


def test_every_field_of_a_service_is_written_on_a_sheet() -> None:
    sheets = written()
    missing = {
        name
        for name in (field.name for field in fields(Item))
        if name not in ELSEWHERE
        and name not in sheets
        and not any(path.startswith(f"{name}.") for path in sheets)
    }
    assert missing == set()


@pytest.mark.parametrize(
    ("attribute", "part"),
    [
        ("materials", Material), ("channels", Channels), ("results", Result), ("steps", Step),
        ("fees", Fee), ("special_procedures", SpecialProcedure), ("offers", Offers),
        ("agency", Agency), ("authority", Authority), ("town", Place), ("village", Place),
        ("scenarios", Scenario),
    ],
)  # fmt: skip
def test_every_field_of_a_part_is_written_on_a_sheet(attribute: str, part: type[Any]) -> None:
    wanted = {field.name for field in fields(part)} - OF_PARTS.get(part, set())
    assert {name for name in wanted if f"{attribute}.{name}" not in written()} == set()


def test_the_manual_has_what_the_sheet_of_steps_has_not() -> None:
    found = {field.name for field in MANUAL.fields} | {rows.attribute for rows in MANUAL.lists}
    assert found >= OF_PARTS[Step]


def test_every_change_of_a_service_is_told_in_words() -> None:
    """Its place and what was read with it aside, which say nothing about the service."""
    silent = {
        "code", "version", "effective_from", "inherits", "inherits_version", "source", "extra",
        "prominence", "department", "region", "region_name", "kind_name", "main_item", "flow_chart",
    }  # fmt: skip
    assert {field.name for field in fields(Item)} - silent - LABELS.keys() == set()


@pytest.mark.parametrize(
    "part",
    [
        Material, Channels, Result, Step, Fee, SpecialProcedure, Offers, Agency, Authority, Place,
        Scenario,
    ],
)  # fmt: skip
def test_every_change_of_a_part_is_told_in_words(part: type[Any]) -> None:
    assert is_dataclass(part)
    silent = {"key", "name", "title", "has_blank_form", "has_sample"}
    assert {field.name for field in fields(part)} - silent - PARTS.keys() == set()


def test_whatever_stands_on_a_sheet_has_an_english_translation() -> None:
    sheets = [*SHEETS.values(), MANUAL]
    inputs = [one for sheet in sheets for one in sheet.fields]
    inputs += [one for sheet in sheets for rows in sheet.lists for one in rows.inputs]
    said = {text for one in inputs for text in (one.label, one.hint) if text}
    said |= {words for one in inputs for _, words in one.options}
    said |= {rows.label for sheet in sheets for rows in sheet.lists}
    said |= {*LABELS.values(), *PARTS.values()}
    assert sorted(said - messages.catalogue("en").keys()) == []


def test_what_the_national_exchange_misses_is_written_on_the_sheets(site: Site) -> None:
    """What is held back names field and rule; an official fills it in, and it goes out."""
    said = SENDABLE | {"codes": (), "offers": Offers(), "special_procedures": ()}
    said["channels"] = replace(said["channels"], single_sign_on=None, mobile_single_sign_on=None)
    with site.given() as given:
        item = given.item(code="HZ-1", name="食品经营许可", **said)
    editor = site.officer(role="cataloguer", department=item.department)
    with site.work() as work:
        batch = catalogue.make_batch(work)
        [held] = catalogue.held_back(work, regions=("",)).rows
    assert batch is not None
    assert batch.rows == 0
    assert {flaw.field for flaw in held.flaws} == {
        "task_code", "is_single_login", "app_is_single_login",
        "is_entry_center", "is_express", "is_pay_online",
    }  # fmt: skip

    draft = editor.open("/console/items/HZ-1").press("修改")
    editor.open(f"{draft.address}/sections/channels").press(
        "保存",
        **{"channels.single_sign_on": "1", "channels.mobile_single_sign_on": "0",
           "offers.in_hall": "1", "offers.express": "1", "offers.pay_online": "0"},
    )  # fmt: skip
    code = "11990100MB2C00001X3000123020000"
    editor.open(f"{draft.address}/sections/authority").press(
        "保存", **{"0-scheme": "implementation_code", "0-code": code}
    )
    editor.open(f"{draft.address}/sections/limits").press(
        "保存", **{"0-kind": "专家评审", "0-days": "5", "special_days": "5"}
    )
    with site.work() as work:
        found = catalogue.open_draft(work, item_code="HZ-1")
        assert found is not None
        catalogue.publish(work, item=found.item)
        assert catalogue.make_batch(work) is not None
        assert catalogue.held_back(work, regions=("",)).rows == []
    assert found.item.codes == (Code("implementation_code", code),)
    assert found.item.special_procedures == (SpecialProcedure("专家评审", 5),)


def test_a_kind_is_chosen_with_its_name_and_an_unknown_scheme_of_a_code_stays(site: Site) -> None:
    with site.given() as given:
        item = given.item(code="HZ-1", name="食品经营许可", codes=(Code("our_own", "X/1"),))
    editor = site.officer(role="cataloguer", department=item.department)
    draft = editor.open("/console/items/HZ-1").press("修改")
    editor.open(f"{draft.address}/sections/basics").press(
        "保存", kind="07", audience="person", status="suspended"
    )
    editor.open(f"{draft.address}/sections/authority").press("保存", power="P-1")
    wrong = editor.open(f"{draft.address}/sections/authority").press(
        "保存", **{"0-scheme": "made_up", "0-code": "X/1"}
    )
    assert wrong.errors == {"0-scheme": "请选择其中一项"}
    with site.work() as work:
        found = catalogue.open_draft(work, item_code="HZ-1")
    assert found is not None
    assert (found.item.kind, found.item.kind_name) == ("07", "行政确认")
    assert (found.item.audience, found.item.status) == (Audience.PERSON, Status.SUSPENDED)
    assert found.item.codes == (Code("our_own", "X/1"),)
