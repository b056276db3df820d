"""Halls: found from where somebody is, kept by the administrators of their region."""

from dataclasses import replace

import pytest

from given import Given
from tongban import halls, identity
from tongban.foundation.actor import Actor
from tongban.foundation.errors import Forbidden, Invalid
from tongban.foundation.work import Work

CENTRE = halls.Hall(
    code="haizhou-centre",
    name="海州市政务服务中心",
    region="990100",
    address="海州市中山路 1 号",
    hours="工作日 9:00–12:00，13:30–17:00；周六 9:00–12:00",
    telephone="0000-12345",
    windows=("A01–A10 企业开办", "B01–B06 社会保障"),
    getting_there="地铁 1 号线市民中心站 C 口，有无障碍电梯",
    latitude=31.2,
    longitude=121.5,
)


@pytest.fixture
def city(given: Given) -> None:
    given.region()
    for code, name in (("990102", "东城区"), ("990103", "西城区")):
        given.region(code=code, name=name)
    given.region(code="990200", name="别的市")


def codes(work: Work, region: str) -> list[str]:
    return [hall.code for hall in halls.halls(work, region=region)]


@pytest.mark.usefixtures("city")
def test_a_hall_is_found_as_it_was_entered(work: Work) -> None:
    assert halls.set_hall(work, hall=CENTRE) == CENTRE
    assert halls.hall(work, code="haizhou-centre") == CENTRE
    with pytest.raises(halls.NoSuchHall, match="nowhere"):
        halls.hall(work, code="nowhere")


@pytest.mark.usefixtures("city")
def test_the_nearest_halls_come_first(work: Work) -> None:
    for code, region in (
        ("west", "990103"),
        ("east", "990102"),
        ("city", "990100"),
        ("x", "990200"),
    ):
        halls.set_hall(work, hall=replace(CENTRE, code=code.ljust(2, "x"), region=region))

    assert codes(work, "990102") == ["east", "city"]
    assert codes(work, "990100") == ["city", "east", "west"]
    assert codes(work, "") == ["city", "east", "west", "xx"]
    assert codes(work, "970000") == []


@pytest.mark.usefixtures("city")
def test_a_hall_that_is_given_up_is_listed_no_more_but_can_still_be_read(work: Work) -> None:
    halls.set_hall(work, hall=CENTRE)
    halls.close_hall(work, code=CENTRE.code)
    halls.close_hall(work, code=CENTRE.code)

    assert codes(work, "") == []
    assert halls.hall(work, code=CENTRE.code).open is False
    assert recorded(work) == ["halls.HallSet", "halls.HallClosed"]


@pytest.mark.usefixtures("city")
def test_entering_the_same_again_changes_nothing(work: Work) -> None:
    halls.set_hall(work, hall=CENTRE)
    halls.set_hall(work, hall=CENTRE)
    assert recorded(work) == ["halls.HallSet"]
    assert halls.set_hall(work, hall=replace(CENTRE, hours="每天")).hours == "每天"
    assert recorded(work) == ["halls.HallSet"] * 2


def recorded(work: Work) -> list[str]:
    rows = work._connection.execute(
        "select topic from foundation.event where topic like 'halls.%' order by id"
    ).fetchall()
    return [str(row[0]) for row in rows]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("code", "大厅"), ("code", "x"), ("name", " "), ("region", "9901"), ("address", "")),
        *(("hours", ""), ("latitude", None), ("latitude", 91.0), ("longitude", float("nan"))),
    ],
)
def test_every_wrong_field_is_named(work: Work, field: str, value: object) -> None:
    with pytest.raises(Invalid) as refused:
        halls.set_hall(work, hall=replace(CENTRE, **{field: value}))  # type: ignore[arg-type]
    assert [p.field for p in refused.value.problems] == [field.replace("longitude", "latitude")]


def test_a_hall_lies_in_a_region_that_is_known(work: Work) -> None:
    with pytest.raises(identity.NoSuchRegion):
        halls.set_hall(work, hall=replace(CENTRE, region="970000"))


@pytest.mark.usefixtures("city")
def test_only_an_administrator_of_the_region_changes_halls(
    work: Work, given: Given, nobody: Actor
) -> None:
    halls.set_hall(work, hall=CENTRE)
    clerk = given.officer(role="clerk")
    elsewhere = given.officer(role="administrator", region="990200", name="外地管理员")
    ours = given.officer(role="administrator", region="990100", name="本地管理员")
    for actor in (nobody, clerk, elsewhere):
        with work.acting_as(actor):
            with pytest.raises(Forbidden):
                halls.set_hall(work, hall=CENTRE)
            with pytest.raises(Forbidden):
                halls.close_hall(work, code=CENTRE.code)
    with work.acting_as(ours):
        halls.close_hall(work, code=CENTRE.code)
