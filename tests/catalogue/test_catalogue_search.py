"""Plain search and browsing: what people type, and what they are shown."""

import doctest
import unicodedata
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import example
from hypothesis import given as supposing
from hypothesis import strategies as st

from given import Given
from tongban import catalogue
from tongban.catalogue import By, Filter, Match
from tongban.catalogue.model import codes, search
from tongban.foundation.errors import Invalid
from tongban.foundation.work import Work

CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1)


def test_the_examples_in_the_documentation_hold() -> None:
    for module in (search, codes):
        assert doctest.testmod(module).failed == 0


@supposing(st.text())
@example("\u1100-\u1161")  # Two Korean letters that make one once the dash is gone.
def test_what_is_normalised_stays_as_it_is(text: str) -> None:
    once = search.normalise(text)
    assert search.normalise(once) == once


@supposing(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E)))
def test_full_width_and_capitals_do_not_count(text: str) -> None:
    wide = "".join(chr(ord(character) + 0xFEE0) for character in text)
    assert search.normalise(wide) == search.normalise(text) == search.normalise(text.swapcase())


@supposing(st.text(), st.sampled_from("（）、，。！？—“”·-_ 　\n"))
def test_punctuation_at_the_ends_does_not_count(text: str, mark: str) -> None:
    assert search.normalise(f"{mark}{text}{mark}") == search.normalise(text)


@supposing(CHINESE)
def test_the_grams_are_the_pairs_of_a_text(text: str) -> None:
    found = search.grams(text)
    assert len(set(found)) == len(found)
    if len(text) == 1:
        assert found == [text]
    else:
        assert set(found) == {a + b for a, b in pairwise(text)}


@supposing(CHINESE, CHINESE, CHINESE)
def test_every_part_of_a_name_is_found_by_its_grams(head: str, part: str, tail: str) -> None:
    held = search.grams_of((head + part + tail,), "")
    assert set(search.query(part).grams) <= set(held)


@supposing(st.text(max_size=40), CHINESE)
def test_a_name_answers_itself_best(other: str, name: str) -> None:
    name = unicodedata.normalize("NFKC", name)
    asked = search.query(name)
    held = catalogue.Item("X-1", name, "D", "", "990100", "")
    else_ = catalogue.Item("X-2", name + other, "D", "", "990100", "")
    scores = [search.judge(asked, words=search.words_of(i), around=())[1] for i in (held, else_)]
    assert scores[0] >= scores[1]


@pytest.mark.parametrize(
    ("asked", "region", "nearness"),
    [
        ("990102", "990102", 0.3),  # the county itself
        ("990102", "990100", 0.2),  # its city
        ("990102", "990000", 0.2),  # its province
        ("990100", "990102", 0.1),  # a county of the city
        ("990102", "990103", 0.0),  # the county beside it
        ("990102", "450600", 0.0),
        ("", "990102", 0.0),
    ],
)
def test_what_is_near_comes_before_what_is_far(asked: str, region: str, nearness: float) -> None:
    assert search.nearness(asked=asked, region=region) == nearness


def names(found: list[catalogue.Found]) -> list[str]:
    return [one.line.name for one in found]


@pytest.fixture
def some(given: Given) -> None:
    given.item(name="食品经营许可（新办）", everyday_words=("开餐馆", "开饭店"), code="990100-1")
    given.item(name="食品经营许可（变更）", short_name="食品证变更")
    given.item(name="小餐饮登记")
    given.item(name="居民身份证换领", department="D-2", department_name="云江市公安局", kind="07")
    given.item(name="机动车ＥＴＣ办理", department="D-3", department_name="云江市交通运输局")
    given.item(name="契税缴纳", department="D-4", department_name="税务局")
    given.item(
        name="正常退休提取",
        parent_name="住房公积金提取",
        department="D-5",
        department_name="公积金中心",
    )


@pytest.mark.usefixtures("some")
@pytest.mark.parametrize(
    ("text", "first", "match"),
    [
        ("食品经营许可（新办）", "食品经营许可（新办）", Match.EXACT),
        ("食品经营许可新办", "食品经营许可（新办）", Match.EXACT),
        ("开餐馆", "食品经营许可（新办）", Match.EXACT),
        ("食品证变更", "食品经营许可（变更）", Match.EXACT),
        ("990100-1", "食品经营许可（新办）", Match.EXACT),
        ("小餐饮", "小餐饮登记", Match.PREFIX),
        ("身份证", "居民身份证换领", Match.PART),
        ("变更 食品", "食品经营许可（变更）", Match.PART),
        ("etc", "机动车ＥＴＣ办理", Match.PART),
        ("税", "契税缴纳", Match.PART),
        ("公安局", "居民身份证换领", Match.AROUND),
        ("公安局身份证", "居民身份证换领", Match.SIMILAR),
        ("公安局 身份证", "居民身份证换领", Match.AROUND),
        ("公积金提取", "正常退休提取", Match.AROUND),
        ("身份证丢了怎么补", "居民身份证换领", Match.SIMILAR),
    ],
)
def test_people_find_what_they_type(work: Work, text: str, first: str, match: Match) -> None:
    found = catalogue.search(work, text=text)
    assert names(found)[0] == first
    assert found[0].match is match


@pytest.mark.usefixtures("some")
@pytest.mark.parametrize("text", ["", "  ", "！？", "\0", "%", "'; drop table", "x" * 10_000])
def test_odd_texts_find_nothing_and_break_nothing(work: Work, text: str) -> None:
    assert catalogue.search(work, text=text) == []


def test_of_many_places_that_offer_it_the_own_one_is_found(work: Work, given: Given) -> None:
    for place in range(10, 45):
        given.item(name="老年人优待证", region=f"9901{place}", department=f"D-{place}")

    [first, *_] = catalogue.search(work, text="老年人优待", region="990144")

    assert first.line.region == "990144"


def test_a_service_is_no_answer_to_what_it_was_once_called(work: Work, given: Given) -> None:
    item = given.item(name="敬老卡")
    catalogue.publish(work, item=replace(item, name="老年人优待证"))
    assert catalogue.search(work, text="敬老卡") == []
    assert names(catalogue.search(work, text="老年人优待证")) == ["老年人优待证"]


def test_of_equals_the_nearest_place_comes_first(work: Work, given: Given) -> None:
    for region in ("990000", "990100", "990102", "880000"):
        given.item(name="社会保障卡申领", region=region)

    found = catalogue.search(work, text="社会保障卡", region="990102", limit=3)

    assert found[0].line.region == "990102"
    assert {one.line.region for one in found[1:]} == {"990000", "990100"}


def test_the_near_ones_are_found_among_hundreds_of_the_same_name(work: Work, given: Given) -> None:
    plain = given.item(name="社会保障卡申领", region="880000")
    catalogue.publish_all(
        work, items=[replace(plain, code=f"0-{i}", version=0) for i in range(400)]
    )
    given.item(name="社会保障卡申领", region="990100", code="z-last")

    found = catalogue.search(work, text="社会保障卡", region="990100", limit=1)

    assert found[0].line.code == "z-last"


def test_what_was_cancelled_is_not_offered(work: Work, given: Given) -> None:
    given.item(name="取消的事项", status=catalogue.Status.CANCELLED)

    assert catalogue.search(work, text="取消的事项") == []
    assert catalogue.browse(work).rows == []
    assert catalogue.popular(work) == []


@pytest.mark.usefixtures("some")
def test_browsing_goes_through_all_items_once(work: Work) -> None:
    seen, after = [], ""
    while True:
        page = catalogue.browse(work, after=after, size=3)
        seen += [line.name for line in page.rows]
        after = page.following
        if not after:
            break
    assert len(seen) == len(set(seen)) == 7
    assert seen == sorted(seen)


def test_items_with_one_name_are_all_seen_while_browsing(work: Work, given: Given) -> None:
    for i in range(5):
        given.item(name="同名", code=f"X-{i}")

    page = catalogue.browse(work, size=2)
    page = catalogue.browse(work, size=2, after=page.following)

    assert [line.code for line in page.rows] == ["X-2", "X-3"]


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        (Filter(), {"甲", "乙", "丙"}),
        (Filter(audience="person"), {"甲", "丙"}),
        (Filter(audience="business"), {"乙", "丙"}),
        (Filter(department="D-9"), {"乙"}),
        (Filter(kind="07"), {"甲"}),
        (Filter(region="990102"), {"丙"}),
        (Filter(theme="生育收养"), {"甲"}),
        (Filter(kind="01", audience="person"), {"丙"}),
        (Filter(kind="99"), set()),
    ],
)
def test_browsing_by_what_an_item_is(
    work: Work, given: Given, only: Filter, expected: set[str]
) -> None:
    given.item(name="甲", audience=catalogue.Audience.PERSON, kind="07", themes=("生育收养",))
    given.item(name="乙", audience=catalogue.Audience.BUSINESS, department="D-9")
    given.item(name="丙", audience=catalogue.Audience.BOTH, region="990102")

    assert {line.name for line in catalogue.browse(work, only=only).rows} == expected
    assert {line.name for line in catalogue.popular(work, only=only)} == expected
    assert sum(c.items for c in catalogue.counts(work, by=By.KIND, only=only)) == len(expected)


def test_counting_names_what_is_counted(work: Work, given: Given) -> None:
    given.item(themes=("生育收养", "户籍办理"))
    given.item(themes=("生育收养",))

    assert catalogue.counts(work, by=By.DEPARTMENT) == [
        catalogue.Count("D-990100-001", "海州市市场监督管理局", 2)
    ]
    assert [(c.code, c.items) for c in catalogue.counts(work, by=By.THEME)] == [
        ("生育收养", 2),
        ("户籍办理", 1),
    ]


@pytest.mark.parametrize("cursor", ["x", "WzFd", "WzEsMl0", "W10", "bnVsbA"])
def test_a_cursor_that_is_not_ours_is_refused(work: Work, cursor: str) -> None:
    with pytest.raises(Invalid, match="翻页位置无效"):
        catalogue.browse(work, after=cursor)


def test_what_cataloguers_put_forward_comes_first(work: Work, given: Given) -> None:
    given.item(name="一")
    given.item(name="二", prominence=5)
    given.item(name="三", prominence=9)

    assert [line.name for line in catalogue.popular(work, limit=2)] == ["三", "二"]


def test_a_line_says_its_promise(work: Work, given: Given) -> None:
    given.item(promised=catalogue.Limit(3, catalogue.Unit.HOUR))

    [line] = catalogue.browse(work).rows

    assert line.promised == catalogue.Limit(3, catalogue.Unit.HOUR)
    assert str(line.promised) == "3小时"


def test_letters_with_vowel_signs_stay_whole() -> None:
    assert search.terms("དཀར་མོ།") == search.terms("དཀར མོ")
    assert search.grams(search.normalise("མོ")) == ["མོ"]
