"""What people type and what they find: the index alone, without a database."""

import doctest
from dataclasses import dataclass

import pytest
from hypothesis import given as supposing
from hypothesis import settings
from hypothesis import strategies as st

from tongban.catalogue.finding import places
from tongban.catalogue.finding.places import Places
from tongban.catalogue.model.index import data, meaning, postings, sound, spelling, text
from tongban.catalogue.model.index.document import Document
from tongban.catalogue.model.index.index import Index
from tongban.catalogue.model.index.meaning import Meanings
from tongban.catalogue.model.index.spelling import Lexicon
from tongban.catalogue.model.index.taking import lexicon_of, take_apart

SERVICES = (
    Document(1, "居民身份证申领", audience="person", popularity=9),
    Document(2, "居民身份证丢失补领", "居民身份证申领", audience="person"),
    Document(3, "居民身份证有效期满换领", "居民身份证申领", audience="person"),
    Document(4, "食品经营许可（新办）", "食品经营许可", ("餐饮许可",), audience="business"),
    Document(5, "食品经营许可（变更）", "食品经营许可", audience="business"),
    Document(6, "食品经营许可（注销）", "食品经营许可", audience="business"),
    Document(7, "烟草专卖零售许可证新办", audience="business"),
    Document(8, "社会保障卡挂失与解挂", audience="person"),
    Document(9, "社会保障卡申领", audience="person"),
    Document(10, "出生登记", departments=("云江市公安局",), audience="person"),
    Document(11, "机动车ETC办理", departments=("云江市交通运输局",)),
    Document(12, "国有建设用地使用权及房屋所有权转移登记（存量房转移登记）", audience="both"),
    Document(13, "著作权登记", audience="both"),
    Document(14, "基本医疗保险参保人员异地就医备案", audience="person"),
)


@dataclass(frozen=True, slots=True)
class Division:
    code: str
    name: str
    level: int


@pytest.fixture(scope="module")
def index() -> Index:
    read = [take_apart(document) for document in SERVICES]
    return Index(read, lexicon_of(read))


def first(index: Index, asked: str, **more: str) -> str:
    hits = index.search(index.read_question(asked), **more)
    return hits[0].document.name if hits else ""


def test_the_examples_in_the_documentation_hold() -> None:
    for module in (text, sound, spelling, places):
        assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("居民身份证申领", "居民身份证申领"),
        ("餐饮许可", "食品经营许可（新办）"),
        ("食品经营许可", "食品经营许可（新办）"),  # The change and the end step back,
        ("食品经营许可证改地址", "食品经营许可（变更）"),  # unless they are asked for.
        ("食品许可证注销", "食品经营许可（注销）"),
        ("请问我的身份证丢了怎么办呢？", "居民身份证丢失补领"),
        ("身份证过期了", "居民身份证有效期满换领"),
        ("我想开个小饭馆需要办什么证", "食品经营许可（新办）"),
        ("社保卡掉了", "社会保障卡挂失与解挂"),
        ("小店想卖烟", "烟草专卖零售许可证新办"),
        ("给孩子上户口", "出生登记"),
        ("二手房过户", "国有建设用地使用权及房屋所有权转移登记（存量房转移登记）"),
        ("外地看病怎么报销", "基本医疗保险参保人员异地就医备案"),
        ("ＥＴＣ", "机动车ETC办理"),
        ("補領身份證", "居民身份证丢失补领"),  # traditional characters
        ("著作權", "著作权登记"),
        ("shenfenzheng", "居民身份证申领"),
        ("shen fen zheng bu ling", "居民身份证丢失补领"),
        ("shenfenzhengdiulezenmeban", "居民身份证丢失补领"),
        ("kaifandian", "食品经营许可（新办）"),
        ("sfzsl", "居民身份证申领"),
        ("社宝卡申领", "社会保障卡申领"),  # a character that sounds the same
        ("身分证补领", "居民身份证丢失补领"),
        ("开范店", "食品经营许可（新办）"),
        ("烟草专零售许可", "烟草专卖零售许可证新办"),  # one missing
        ("食品经许营可", "食品经营许可（新办）"),  # two exchanged
        ("著作权的登记", "著作权登记"),  # one too many
    ],
)
def test_people_find_what_they_mean(index: Index, asked: str, name: str) -> None:
    assert first(index, asked) == name


def test_of_two_that_answer_alike_the_one_for_the_asker_comes_first(index: Index) -> None:
    asked = "许可证"
    assert "烟草" in first(index, asked, audience="business")


@pytest.mark.parametrize("asked", ["", " ", "？！", "的", "x" * 5000, "\0", "🀄🀄", "%'\"--"])
def test_odd_questions_break_nothing(index: Index, asked: str) -> None:
    for hit in index.search(index.read_question(asked)):
        assert hit.score == hit.score


@settings(max_examples=60, deadline=None)
@supposing(st.text(max_size=60))
def test_any_text_can_be_asked(asked: str) -> None:
    read = [take_apart(document) for document in SERVICES[:4]]
    index = Index(read, Lexicon.of(["身份证", "许可"]))
    hits = index.search(index.read_question(asked))
    assert hits == sorted(hits, key=lambda hit: -hit.score)


@settings(max_examples=40, deadline=None)
@supposing(st.sampled_from(SERVICES))
def test_a_service_is_found_first_by_its_own_name(document: Document) -> None:
    read = [take_apart(each) for each in SERVICES]
    index = Index(read, Lexicon.of([]))
    assert first(index, document.name) == document.name


def test_what_is_called_just_so_is_found_among_hundreds_that_hold_the_word() -> None:
    many = [Document(i, f"第{i}号道路信息查询") for i in range(400)]
    read = [take_apart(each) for each in (*many, Document(999, "高速公路出行指数", "", ("查询",)))]
    index = Index(read, Lexicon.of([]))
    assert first(index, "查询") == "高速公路出行指数"


def test_an_empty_catalogue_finds_nothing() -> None:
    index = Index([], lexicon_of([]))
    assert index.search(index.read_question("身份证")) == []


def test_a_rare_term_weighs_more_than_a_common_one() -> None:
    found = postings.invert([{"a": 1.0, "b": 1.0}, {"a": 1.0}, {"a": 1.0, "c": 2.0}], [1, 1, 1])
    assert found.rarity_of("b") > found.rarity_of("a")
    assert found.rarity_of("unheard of") == found.rarest > found.rarity_of("b")


@settings(max_examples=100, deadline=None)
@supposing(
    st.lists(st.dictionaries(st.sampled_from("abcde"), st.floats(0.25, 4), min_size=1), min_size=1)
)
def test_the_index_holds_every_term_of_every_document(documents: list[dict[str, float]]) -> None:
    import numpy as np

    found = postings.invert(documents, [len(each) for each in documents])
    for term in "abcde":
        scores = np.zeros(len(documents), np.float32)
        found.add(scores, [(term, 1.0)])
        assert [score > 0 for score in scores] == [term in each for each in documents]


def test_the_everyday_words_are_many_and_well_formed() -> None:
    entries = data.everyday()
    assert len(entries) >= 400
    for entry in entries:
        assert all(form == text.folded(form) for part in entry.parts for form in part), entry
        assert all(1 < len(name) <= 60 for name in entry.official), entry
        # A single character is in half of all questions: something else must be said with it.
        assert any(len(form) > 1 for part in entry.parts for form in part), entry


def test_no_everyday_expression_stands_twice() -> None:
    said = [entry.parts for entry in data.everyday()]
    assert len(said) == len(set(said))


@pytest.mark.parametrize(
    ("line", "file"),
    [
        ("饭店 => ", "everyday.txt"),
        ("@nobody 饭店 => 食品", "everyday.txt"),
        ("=> x", "everyday.txt"),
        ("煤气 = ", "synonyms.txt"),
        ("煤气|= 燃气", "synonyms.txt"),
        ("煤气", "synonyms.txt"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(
    line: str, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = data.everyday if file == "everyday.txt" else data.synonyms
    monkeypatch.setattr(data, "_lines", lambda _name: [(7, line)])
    read.cache_clear()
    try:
        with pytest.raises(data.BadLine, match=f"{file}:7"):
            read()
    finally:
        monkeypatch.undo()
        read.cache_clear()


def test_a_word_of_a_question_stands_for_those_that_names_have_in_its_place() -> None:
    read = [
        take_apart(Document(i, name))
        for i, name in enumerate(
            ("用气过户", "用水过户", "统筹地区以外交通、食宿费申领", "水费补贴")
        )
    ]
    index = Index(read, lexicon_of(read))
    assert first(index, "煤气换户主") == "用气过户"
    assert first(index, "水表换户主") == "用水过户"
    assert first(index, "去外地治病的路费") == "统筹地区以外交通、食宿费申领"


def test_synonyms_are_words_as_they_are_typed_and_say_something_else() -> None:
    for said, official in data.synonyms().items():
        assert said == text.folded(said), said
        assert official, said
        assert said not in official, said


def test_what_means_the_same_is_found_though_no_character_is_shared() -> None:
    names = ("遗体火化", "排污许可", "渔船检验", "驾驶人考试预约", "图书借阅")
    read = [take_apart(Document(i, name)) for i, name in enumerate(names)]
    near = Meanings([each.meant for each in read])
    for asked, name in (("小说", "图书借阅"), ("葬礼", "遗体火化"), ("轮船", "渔船检验")):
        assert names[int(near.near(asked).argmax())] == name


@supposing(st.text())
def test_any_text_means_something_or_nothing(asked: str) -> None:
    near = Meanings([[meaning.said("社会保障卡申领")], [(), meaning.said("护照")]])
    found = near.near(text.folded(asked))
    assert ((found >= 0) & (found <= 1.001)).all()


def test_a_name_is_nearest_to_itself() -> None:
    near = Meanings([each.meant for each in map(take_apart, SERVICES)])
    for place, document in enumerate(SERVICES):
        found = near.near(text.folded(document.name))
        assert found[place] == pytest.approx(max(found))


def test_each_word_of_the_table_is_there_once_and_points_somewhere() -> None:
    known = meaning.table()
    assert len(known.rows) == len(known.numbers) > 30_000
    assert known.numbers.any(axis=1).all()


def test_ordinary_words_are_no_places() -> None:
    where = Places.of([Division("623001", "合作市", 3), Division("230108", "平房区", 3)])
    for asked in ("合作社注册", "平房翻建"):
        assert where.found_in(asked, near="", words=frozenset()) == ("", asked)
    assert where.found_in("合作市护照", near="", words=frozenset()) == ("623001", "护照")
