"""The lists beside the services: versions, search, fees, agreement with each other, seed data."""

import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from given import Given
from tongban import catalogue
from tongban.catalogue import (
    Access,
    Basis,
    Duty,
    Entry,
    EntryFilter,
    Fee,
    Intermediary,
    List,
    NegativeEntry,
    Power,
    read_entries,
)
from tongban.foundation import jobs
from tongban.foundation.actor import Actor
from tongban.foundation.errors import Forbidden, Invalid
from tongban.foundation.work import Work

SEED = Path(__file__).parents[2] / "seed"
POWER = Power("Q-1", "食品经营许可", "D-1", "市监局", "990100", kind="01")
DUTY = Duty("Z-1", "食品经营许可", "D-1", "市监局", "990100", power="Q-1")


def publish(work: Work, *entries: Entry) -> list[Entry]:
    return catalogue.publish_entries(work, entries=entries)


def test_an_entry_keeps_every_version(work: Work) -> None:
    publish(work, POWER)
    assert publish(work, POWER) == []
    publish(work, replace(POWER, subject="企业"))

    assert catalogue.entry(work, kind=Power, code="Q-1").subject == "企业"
    assert catalogue.entry(work, kind=Power, code="Q-1", version=1).subject == ""
    versions = catalogue.entry_versions(work, of=List.POWER, code="Q-1")
    assert [one.version for one in versions] == [2, 1]
    with pytest.raises(catalogue.NoSuchEntry, match="权力清单"):
        catalogue.entry(work, kind=Power, code="Q-2")


def test_entries_are_published_only_by_those_who_may(work: Work, nobody: Actor) -> None:
    with work.acting_as(nobody), pytest.raises(Forbidden):
        publish(work, POWER)


def test_a_list_is_paged_by_name_and_found_by_its_power(work: Work) -> None:
    publish(work, *(replace(POWER, code=f"Q-{i}", name=f"权力{i}") for i in range(5)), DUTY)
    publish(work, replace(POWER, code="Q-9", name="取消的", status=catalogue.Status.CANCELLED))

    page = catalogue.entries(work, kind=Power, size=3)
    rest = catalogue.entries(work, kind=Power, size=3, after=page.following)

    assert [one.code for one in [*page.rows, *rest.rows]] == ["Q-0", "Q-1", "Q-2", "Q-3", "Q-4"]
    found = catalogue.entries(work, kind=Duty, only=EntryFilter(refers="Q-1"))
    assert [one.code for one in found.rows] == ["Z-1"]
    assert catalogue.entry_counts(work)[List.POWER] == 5


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("开饭店", "食品经营"),
        ("我想开个饭店", "食品经营"),
        ("放高利贷", "未经批准的金融活动"),
        ("写小说", None),
        ("", None),
        ("%'\0", None),
    ],
)
def test_may_my_business_do_this(work: Work, text: str, found: str | None) -> None:
    publish(
        work,
        NegativeEntry("N-1", "食品经营", words=("开饭店", "饭店"), sector="餐饮"),
        NegativeEntry(
            "N-2", "未经批准的金融活动", access=Access.FORBIDDEN, words=("高利贷", "放贷")
        ),
    )
    named = [one.name for one in catalogue.find_entries(work, kind=NegativeEntry, text=text)]
    assert named[:1] == ([found] if found else [])


def rules(work: Work) -> dict[str, list[str]]:
    return {one.rule: [row.code for row in one.first] for one in catalogue.consistency(work)}


def test_lists_that_agree_are_not_reported(work: Work, given: Given) -> None:
    publish(work, POWER, DUTY)
    given.item(power="Q-1", charged=True, fees=(Fee("工本费", basis="价目"),))
    assert rules(work) == {}


def test_each_keeper_sees_where_their_own_lists_disagree(work: Work, given: Given) -> None:
    item = given.item(code="bad")
    own = catalogue.consistency(work, departments=[item.department], regions=[])
    assert [row.code for it in own for row in it.first] == ["bad"]
    assert catalogue.consistency(work, regions=[item.region[:4]]) == own
    assert catalogue.consistency(work, departments=["other"], regions=["45"]) == []


Breaking = Callable[[Work, Given], object]


@pytest.mark.parametrize(
    ("rule", "make"),
    [
        ("service_without_power", lambda _w, g: g.item(code="bad")),
        ("power_without_duty", lambda w, _g: publish(w, replace(POWER, code="bad", kind="02"))),
        (
            "power_without_service",
            lambda w, _g: publish(
                w, replace(POWER, code="bad"), replace(DUTY, code="Z-2", power="bad")
            ),
        ),
        ("duty_without_power", lambda w, _g: publish(w, replace(DUTY, code="bad"))),
        (
            "fee_without_basis",
            lambda _w, g: g.item(code="bad", kind="20", charged=True, fees=(Fee("费"),)),
        ),
        ("charged_without_fee", lambda _w, g: g.item(code="bad", kind="20", charged=True)),
        (
            "permit_without_service",
            lambda w, _g: publish(w, NegativeEntry("bad", "某业", items=("nowhere",))),
        ),
        ("intermediary_without_basis", lambda w, _g: publish(w, Intermediary("bad", "检测"))),
        (
            "service_not_in_directory",
            lambda w, g: (
                publish(w, catalogue.BaseItem("B-1", "别的")),
                g.item(code="bad", kind="20", base_code="B-2"),
            ),
        ),
    ],
)
def test_what_does_not_agree_is_reported(
    work: Work, given: Given, rule: str, make: Breaking
) -> None:
    make(work, given)
    assert rules(work) == {rule: ["bad"]}


def test_the_list_of_fees_names_standard_and_basis(work: Work, given: Given) -> None:
    given.item(charged=True, fees=(Fee("占用费", "每天 1 元", 100, "条例"), Fee("工本费")))
    given.item(name="取消的", fees=(Fee("旧费"),), status=catalogue.Status.CANCELLED)

    page = catalogue.fees(work, size=1)
    rest = catalogue.fees(work, size=5, after=page.following)

    assert [(one.name, one.amount) for one in [*page.rows, *rest.rows]] == [
        ("占用费", 100),
        ("工本费", None),
    ]
    assert [one.name for one in catalogue.fees(work, text="占用").rows] == ["占用费"]
    assert catalogue.fee_count(work) == 2


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[power]]\nname = 1", "power"),
        ("[[nothing]]\ncode = 'x'", "没有叫“nothing”的清单"),
        ("[[power", "不是有效的 TOML"),
        ("[[power]]\ncode = 'a'\nname = 'b'\nlevels = 3", "levels"),
    ],
)
def test_a_bad_file_of_entries_says_where_and_what(text: str, told: str) -> None:
    with pytest.raises(Invalid, match=told):
        read_entries(text)


def seeded() -> list[Entry]:
    return [
        entry
        for file in sorted((SEED / "lists").glob("*.toml"))
        for entry in read_entries(file.read_text(encoding="utf-8"), region="990100")
    ]


def test_the_lists_of_the_demonstration_city_agree_with_its_services(
    work: Work, given: Given
) -> None:
    publish(work, *seeded())
    for file in sorted((SEED / "services").glob("*.toml")):
        service = tomllib.loads(file.read_text(encoding="utf-8"))
        charged = service["fees"]["charged"]
        given.item(
            code=service["item_code"],
            name=service["name"],
            kind=service["type_code"],
            power=service.get("power", ""),
            charged=charged,
            fees=tuple(
                Fee(fee["name"], basis=fee["basis"]) for fee in service["fees"].get("items", ())
            ),
        )
    assert rules(work) == {}


def test_codes_of_the_seeded_entries_are_unique() -> None:
    codes = [(type(entry).__name__, entry.code) for entry in seeded()]
    assert len(codes) == len(set(codes))
    assert {name for name, _ in codes} == {
        "BaseItem", "Power", "Duty", "NegativeEntry", "Intermediary", "StandardMaterial"
    }  # fmt: skip
    assert all(Basis("", "") not in getattr(entry, "legal_basis", ()) for entry in seeded())


def test_the_lists_are_compared_in_the_background_and_the_result_is_kept(
    work: Work, given: Given
) -> None:
    assert catalogue.compared(work) == catalogue.Compared([], None)
    given.item(code="bad", kind="20", charged=True)
    catalogue.compare_soon(work)
    work.run("delete from foundation.job where kind <> 'catalogue.compare_lists'")
    taken = jobs.take(work)
    assert taken
    jobs.perform(work, taken)

    kept = catalogue.compared(work)
    assert kept.at == work.now
    assert kept.found == catalogue.consistency(work)
    assert [one.rule for one in kept.found] == ["charged_without_fee"]
    [again] = jobs.unfinished(work)
    assert again.due_at > work.now


def test_who_may_not_edit_the_catalogue_does_not_compare(work: Work, given: Given) -> None:
    with work.acting_as(given.person()), pytest.raises(Forbidden):
        catalogue.compare_soon(work)
