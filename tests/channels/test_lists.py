"""The public lists on pages and as files, also on an empty database and with hostile texts."""

import csv
import io
import json
from dataclasses import replace

import pytest

from given_site import Site
from tongban import catalogue
from tongban.catalogue import Access, Accountability, Duty, Fee, NegativeEntry, Power
from tongban.catalogue.model.entry import Responsibility
from tongban.catalogue.model.parts import RiskPoint

HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">'
NAMES = (
    "powers", "duties", "negative", "intermediaries", "directory", "materials", "fees", "services"
)  # fmt: skip


@pytest.fixture
def city(site: Site) -> Site:
    with site.given() as given:
        item = given.item(
            code="AL-1", power="Q-1", charged=True, fees=(Fee("工本费", basis="价目"),)
        )
        unit = {"department": item.department, "department_name": item.department_name}
        catalogue.publish_entries(
            given.work,
            entries=[
                Power(
                    "Q-1",
                    "食品经营许可",
                    **unit,
                    region="990100",
                    kind="01",
                    content=HOSTILE,
                    risks=(RiskPoint("人情件", "高", "按基准审查"),),
                ),
                Duty(
                    "Z-1",
                    "食品经营许可",
                    **unit,
                    power="Q-1",
                    responsibilities=(Responsibility("受理责任", "当场受理"),),
                    accountability=(Accountability("不予受理的", "第七十二条"),),
                ),
                NegativeEntry("N-1", "食品经营", words=("开饭店",), items=("AL-1",)),
                NegativeEntry("N-2", "=1+1", access=Access.FORBIDDEN, words=("赌博",)),
            ],
        )
    return site


@pytest.mark.parametrize("name", NAMES)
def test_every_list_works_on_an_empty_database(site: Site, name: str) -> None:
    visitor = site.visitor()
    assert visitor.open("/lists").status == 200
    for address in (f"/lists/{name}", f"/lists/{name}?q=x", f"/lists/{name}.csv"):
        page = visitor.open(address)
        assert page.status == 200, address
        # Nobody who has not asked for anything is told to ask for something else.
        if address.startswith(f"/lists/{name}?") or name in ("negative", "services"):
            continue
        assert "没有符合条件" not in page.content.decode("utf-8", "replace"), address
    told = json.loads(visitor.open(f"/lists/{name}.json").content)
    assert told == {"list": name, "rows": [], "following": ""}


def test_a_power_stands_with_its_duties_its_risks_and_its_services(city: Site) -> None:
    page = city.visitor().open("/lists/powers/Q-1")
    for said in ("受理责任", "当场受理", "不予受理的", "第七十二条", "人情件"):
        assert said in page.text
    assert page.link("食品经营许可（新办）") == "/items/AL-1"


def test_official_texts_are_shown_as_text(city: Site) -> None:
    page = city.visitor().open("/lists/powers/Q-1")
    assert b"<script>alert" not in page.content
    assert HOSTILE in page.text


def test_may_my_business_do_this(city: Site) -> None:
    visitor = city.visitor()
    assert visitor.open("/lists/negative?q=开饭店").link("食品经营许可（新办）") == "/items/AL-1"
    assert "任何经营主体都不得进入" in visitor.open("/lists/negative?q=赌博").text
    assert "依法平等进入" in visitor.open("/lists/negative?q=写小说").text


def test_a_list_is_taken_along_as_csv_and_json(city: Site) -> None:
    visitor = city.visitor()
    page = visitor.open("/lists/powers.csv")
    rows = list(csv.reader(io.StringIO(page.content.decode("utf-8-sig"))))
    assert rows[0][:3] == ["编码", "名称", "权力类型"]
    assert rows[1][:3] == ["Q-1", "食品经营许可", "行政许可"]
    told = json.loads(visitor.open("/lists/fees.json").content)
    assert told["rows"][0]["name"] == "工本费"


def test_no_cell_of_a_file_is_a_formula(city: Site) -> None:
    page = city.visitor().open("/lists/negative.csv")
    text = page.content.decode("utf-8-sig")
    assert "'=1+1" in text
    assert ",=1+1" not in text


@pytest.mark.parametrize("address", ["/lists/nothing", "/lists/nothing.csv", "/lists/powers/X"])
def test_what_is_not_there_is_not_found(site: Site, address: str) -> None:
    assert site.visitor().open(address).status == 404


def test_a_cursor_of_somebody_elses_making_is_refused(site: Site) -> None:
    assert site.visitor().open("/lists/powers?after=WzFd").status == 422


def test_services_of_a_derived_list_are_browsed(city: Site) -> None:
    with city.given() as given:
        item = catalogue.item(given.work, code="AL-1")
        catalogue.publish(
            given.work,
            item=replace(item, code="AL-2", name="要跑两趟的", visits=2, online_apply=False),
        )
    page = city.visitor().open("/services?listed=online")
    assert b"/items/AL-1" in page.content
    assert b"/items/AL-2" not in page.content
    # Whoever comes here by a link sees which list this is, and by which rule.
    assert "网上办 可以在网上申请，不用到现场" in " ".join(page.text.split())
