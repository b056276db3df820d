"""A department is chosen from a list, or by a part of its name where they are too many for one."""

from dataclasses import replace

import pytest

from channels.test_console_items import Keeping
from given_site import Site
from tongban import catalogue
from tongban.channels.console.items import units
from tongban.channels.console.items.units import choosing

UNITS = [("A", "安澜市公安局"), ("B", "青石县公安局"), ("C", "安澜市民政局"), ("D", "安澜市民政局")]


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(units, "LISTED", 2)


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(
    ("given", "code", "said", "found"),
    [
        ({}, "", "", 0),
        ({"d": "A"}, "A", "安澜市公安局", 0),
        ({"d": "nobody"}, "", "", 0),
        ({"d_said": "青石"}, "B", "青石县公安局", 0),
        ({"d_said": "安澜市公安局"}, "A", "安澜市公安局", 0),
        # What is typed counts, not what stood there before.
        ({"d": "A", "d_said": "青石"}, "B", "青石县公安局", 0),
        ({"d": "A", "d_said": ""}, "", "", 0),
        ({"d_said": "公安", "d": "B"}, "B", "公安", 2),
    ],
)
def test_it_is_found_by_its_name(given: dict[str, str], code: str, said: str, found: int) -> None:
    it = choosing("d", given, UNITS)
    assert (it.code, it.said, len(it.found), it.problem) == (code, said, found, None)


@pytest.mark.usefixtures("many")
def test_what_may_mean_several_is_asked_again_and_what_means_none_is_told() -> None:
    several = choosing("d", {"d_said": "民政局"}, UNITS)
    assert several.found == [("C", "安澜市民政局（C）"), ("D", "安澜市民政局（D）")]
    assert several.problem
    none = choosing("d", {"d_said": "气象"}, UNITS)
    assert none.problem
    assert "没有名称中有“气象”的部门" in str(none.problem)


def test_a_few_are_a_list() -> None:
    assert choosing("d", {"d": "A"}, UNITS).listed == UNITS


@pytest.mark.usefixtures("many")
def test_services_and_zones_are_chosen_by_names_of_departments(site: Site) -> None:
    keeping = Keeping(site)
    with site.given() as given:
        for n in range(1, 4):
            unit = given.department(code=f"HZ-{n}", name=f"海州市第{n}局")
            named = {"department": unit.code, "department_name": unit.name}
            catalogue.publish(given.work, item=replace(keeping.item, code=f"Z-{n}", **named))
    editor = site.officer(role="cataloguer", name="总编目", region="990100")

    page = editor.open("/console/sets/new?department_said=海州市第")
    assert "有 3 个部门的名称中有“海州市第”" in page.text
    assert "这样选到 0 个事项" in page.text
    page = editor.open("/console/sets/new?department_said=第2局&field=department")
    assert "这样选到 1 个事项" in page.text
    page = editor.open(
        "/console/sets/new?department=HZ-2&field=department&act=set&value_said=第3局"
    )
    assert "“实施部门”由“海州市第2局”改为“海州市第3局”" in page.text

    assert "Z-1" in editor.open("/console/items?department_said=第1局").text

    page = editor.open("/console/zones").press("建立", title="专区", code="one", kind="zone")
    page = page.press("保存", department_said="第2局")
    assert "Z-2" in page.text
    assert "Z-1" not in page.text
    page = page.press("保存", department_said="没有的")
    assert "没有名称中有“没有的”的部门" in page.text
