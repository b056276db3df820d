"""Ways to services: zones put together by officials, the place that is meant, missing themes."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from channels.test_console_items import Keeping
from given_site import Page, Site
from tongban import catalogue
from tongban.catalogue import suggested_themes

TODAY = date.today()  # noqa: DTZ011


class Places(Keeping):
    """A service of the city, and one of a district, each under a theme; an editor of the city."""

    def __init__(self, site: Site) -> None:
        super().__init__(site)
        with site.given() as given:
            given.region(code="990102", name="临江区")
            unit = given.department(name="临江区卫生局", region="990102")
            catalogue.publish(
                given.work,
                item=replace(
                    self.item,
                    code="LJ-1",
                    name="诊所备案",
                    department=unit.code,
                    department_name=unit.name,
                    region="990102",
                    region_name="临江区",
                    themes=("医疗卫生",),
                ),
            )
        self.city_editor = site.officer(role="cataloguer", name="总编目", region="990100")

    def zone(self, **fields: Any) -> Page:
        page = self.city_editor.open("/console/zones").press(
            "建立", title="看病就医", code="health", kind="zone"
        )
        assert page.status == 200, page.text
        return page.press("保存", **fields)


@pytest.fixture
def places(site: Site) -> Places:
    return Places(site)


def test_a_zone_is_put_together_by_words_and_by_hand(places: Places) -> None:
    page = places.zone(words="诊所", items="HZ-1", published_from=TODAY.isoformat())
    assert page.status == 200
    home = places.site.visitor().open("/")
    assert "看病就医" in home.text
    zone = home.follow("看病就医")
    assert zone.text.index("食品经营许可") < zone.text.index("诊所备案")
    assert "2 项服务" in zone.text


def test_it_is_shown_from_its_day_until_its_day(places: Places) -> None:
    later = (TODAY + timedelta(days=2)).isoformat()
    page = places.zone(words="诊所", published_from=later)
    visitor = places.site.visitor()
    assert "看病就医" not in visitor.open("/").text
    assert visitor.open("/zones/health").status == 404
    page = places.city_editor.open("/console/zones/health")
    wrong = page.press("保存", published_until=TODAY.isoformat())
    assert "published_until" in wrong.errors


def test_what_cannot_be_put_in_is_named(places: Places) -> None:
    assert "items" in places.zone(items="HZ-1 NO-1").errors
    page = places.city_editor.open("/console/zones")
    assert "code" in page.press("建立", title="x", code="看病", kind="zone").errors
    assert page.press("建立", title="x", code="health", kind="zone").status == 409


def test_an_editor_of_another_city_changes_no_zone(places: Places) -> None:
    places.zone(words="诊所")
    with places.site.given() as given:
        given.region(code="980100", name="山州市")
    stranger = places.site.officer(role="cataloguer", name="外市", region="980100")
    page = stranger.open("/console/zones/health")
    assert page.press("保存", title="改了").status == 403
    page = places.editor.open("/console/zones/health")
    assert page.press("保存", title="改了").status == 403


def test_the_place_chosen_stays_and_decides_what_is_counted_and_listed(places: Places) -> None:
    visitor = places.site.visitor()
    page = visitor.open("/services").press("切换", region="990100")
    assert page.address == "/services"
    assert "食品经营许可" in page.text
    assert "诊所备案" not in page.text
    page = page.press("切换", region="990102")
    assert "诊所备案" in page.text
    assert "食品经营许可" in page.text


def test_a_guide_of_elsewhere_leads_to_the_one_of_the_place(places: Places) -> None:
    with places.site.given() as given:
        item = catalogue.item(given.work, code="LJ-1")
        catalogue.publish(
            given.work,
            item=replace(item, code="LJ-2", name="食品经营许可"),
        )
    visitor = places.site.visitor()
    page = visitor.open("/items/LJ-1").follow("换一个地区办").press("切换", region="990100")
    assert page.address == "/items/LJ-1"
    assert "您所选的地区没有同样的服务" in page.text
    page = visitor.open("/items/LJ-2").follow("查看您所选地区的办事指南")
    assert page.address == "/items/HZ-1"


def test_no_link_sends_people_away_after_choosing_a_place(places: Places) -> None:
    page = places.site.visitor().open("/regions?back=https://evil.example/")
    assert page.press("切换", region="990100").address == "/regions?back=https://evil.example/"


def test_themes_are_suggested_by_names_and_accepted_for_review(places: Places) -> None:
    with places.site.given() as given:
        item = catalogue.item(given.work, code="LJ-1")
        catalogue.publish(
            given.work,
            item=replace(item, code="LJ-3", name="诊所变更备案", themes=("其他",)),
        )
    page = places.city_editor.open("/console/themes")
    assert page.value("theme-LJ-3") == "医疗卫生"
    page.press("提交审核", codes=["LJ-3"])
    with places.site.work() as work:
        [found] = catalogue.draft_sets(work, regions=("",))
        [draft] = catalogue.set_drafts(work, id=str(found.id))
    assert draft.item.themes == ("医疗卫生",)


def test_what_is_like_nothing_gets_no_suggestion() -> None:
    examples = [("诊所备案", ("医疗卫生",)), ("护士执业注册", ("医疗卫生", "职业资格"))]
    found = suggested_themes(["诊所注销", "渔船检验"], examples=examples)
    assert found["诊所注销"] == ["医疗卫生"]
    assert found["渔船检验"] == []
