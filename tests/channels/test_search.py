"""Searching on the portal: results, variants, codes and case numbers, suggestions, the worklist."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from given_site import Browser, Site
from tongban import cases, catalogue
from tongban.catalogue.finding import asking, live
from tongban.catalogue.finding.loading import load


@pytest.fixture
def town(site: Site) -> Iterator[Site]:
    """A small catalogue and an index over it."""
    with site.given() as given:
        food = {"parent_name": "食品经营许可"}
        given.item(name="食品经营许可（新办）", code="FOOD-00001", **food)
        given.item(name="食品经营许可（变更）", code="FOOD-00002", **food)
        given.item(name="食品经营许可（注销）", code="FOOD-00003", **food)
        given.item(name="居民身份证补领", code="CARD-00001", audience=catalogue.Audience.PERSON)
        given.item(name="居民身份证补领", code="CARD-00002", region="880100")
        abroad = {"everyday_words": ("换护照",), "themes": ("出境入境",)}
        given.item(name="护照换发", code="PASS-00001", **abroad)
    with site.work() as work:
        work.run(
            "insert into identity.region (code, name, level, full_name)"
            " values ('880100', '新滨市', 2, '新滨市')"
        )
    with site.work() as work, live.using(load(work)):
        yield site
    asking._held.clear()


@pytest.fixture
def visitor(town: Site) -> Browser:
    return town.visitor()


def search(visitor: Browser, text: str, **more: str) -> list[str]:
    query = "".join(f"&{name}={quote(value)}" for name, value in more.items())
    page = visitor.open(f"/search?q={quote(text)}{query}")
    return texts(page.tree, "service-name")


def texts(tree: Any, kind: str) -> list[str]:
    """What is read in each element of a class."""
    return [" ".join(each.text_content().split()) for each in tree.find_class(kind)]


def test_variants_stand_under_the_card_of_their_main_item(visitor: Browser) -> None:
    page = visitor.open(f"/search?q={quote('开个小饭店')}")
    card = page.tree.find_class("service")[0]
    assert texts(card, "service-name") == ["食品经营许可（新办）"]
    assert sorted(each.text for each in card.xpath(".//ul[@class='variants']//a")) == [
        "变更",
        "注销",
    ]


def test_a_code_opens_its_guide_and_a_case_number_its_case(town: Site, visitor: Browser) -> None:
    assert visitor.open("/search?q=food-00002").address.startswith("/items/FOOD-00002")
    with town.given() as given:
        number = given.case(stage=cases.Stage.SUBMITTED).number
    page = visitor.open(f"/search?q={number}")
    assert page.address.startswith("/track")
    assert page.value("number") == number


def test_what_nothing_is_called_is_answered_with_guesses_and_ways_on(visitor: Browser) -> None:
    page = visitor.open(f"/search?q={quote('登记证补一下我的飞碟')}")
    assert "没有完全对应" in page.heading
    assert "都不是？" in page.text
    assert "出境入境" in page.text
    assert "12345" in page.text


def test_answers_that_fall_behind_are_shown_when_asked_for(town: Site, visitor: Browser) -> None:
    with town.given() as given:
        for name in ("社会保障卡补领", "结婚登记证补领", "机动车行驶证补领", "驾驶证补领"):
            given.item(name=name)
    with town.work() as work, live.using(load(work)):
        page = visitor.open(f"/search?q={quote('居民身份证补领')}")
        few = texts(page.tree, "service-name")
        [more] = [a for a in page.tree.iter("a") if "关系较远" in a.text_content()]
        whole = texts(visitor.open(more.get("href")).tree, "service-name")
    assert few[0] == "居民身份证补领"
    assert whole[: len(few)] == few
    assert len(whole) > len(few)
    assert "社会保障卡补领" in whole


def test_where_nothing_is_found_people_are_shown_what_others_often_do(visitor: Browser) -> None:
    page = visitor.open(f"/search?q={quote('🀄')}")
    assert "没有找到" in page.text
    assert "大家常办的" in page.text
    assert texts(page.tree, "service-name")


@pytest.mark.parametrize("text", ["", "？", "🀄", "<script>alert(1)</script>", "x" * 300])
def test_no_question_leaves_an_empty_page(visitor: Browser, text: str) -> None:
    page = visitor.open(f"/search?q={quote(text)}")
    assert page.status == 200
    assert "都不是？" in page.text
    assert "<script>alert" not in page.content.decode()


def test_the_region_chosen_decides_and_the_page_stays(visitor: Browser) -> None:
    address = f"/search?q={quote('身份证补领')}"
    visitor.client.headers["referer"] = f"http://testserver{address}"
    page = visitor.open(address).press("切换", region="880100")
    assert page.address.startswith("/search?q=")
    assert page.link("居民身份证补领").endswith("/items/CARD-00002")
    page = page.press("切换", region="")
    assert page.link("居民身份证补领").endswith("/items/CARD-00002")


@pytest.mark.parametrize("region", ["1", "'; drop", "000001", "９９０１００"])
def test_a_region_that_is_none_changes_nothing(visitor: Browser, region: str) -> None:
    page = visitor.open("/search?q=x")
    token = page.value("csrf_token")
    visitor.post("/region", {"csrf_token": [token], "region": [region]})
    assert search(visitor, "护照换发")[0] == "护照换发"


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("食品", "食品经营许可（新办）"),
        ("shen", "居民身份证补领"),
        ("jmsfz", "居民身份证补领"),
        ("换护", "换护照"),
        ("身份正", "居民身份证补领"),
    ],
)
def test_suggestions_while_typing(visitor: Browser, typed: str, offered: str) -> None:
    page = visitor.open(f"/search/suggestions?q={quote(typed)}")
    assert offered in [each.text_content().strip() for each in page.tree.iter("li")]


def test_nothing_typed_offers_nothing(visitor: Browser) -> None:
    assert visitor.client.get("/search/suggestions?q=").content.strip() == b""


def test_a_question_put_again_and_one_without_a_click_become_a_worklist(
    town: Site, visitor: Browser
) -> None:
    search(visitor, "换本本")
    search(visitor, "护照换发")
    visitor.open("/items/PASS-00001")
    visitor.open("/items/CARD-00001")  # Not an answer to what was asked before.
    search(visitor, "我的电话13800000000")  # Might be somebody's number.
    with town.work() as work:
        catalogue.write_down(work)
        listed = {miss.text: miss for miss in catalogue.misses(work)}
    assert listed["换本本"].reworded == 1
    assert listed["换本本"].instead == "护照换发"
    assert "护照换发" not in listed
    assert not any("138" in text for text in listed)

    cataloguer = town.officer(role="cataloguer")
    page = cataloguer.open("/console/search")
    assert "换本本" in page.text
    page = page.press("已处理")
    assert "换本本" not in page.text


def test_only_cataloguers_see_and_settle_the_worklist(town: Site) -> None:
    clerk = town.officer(role="clerk")
    assert clerk.open("/console/search").status == 403
