"""Everyday words of services: whose they are, where they come from, found at once and kept."""

import pytest

from channels.test_console_items import Keeping
from given_site import Site
from tongban import catalogue
from tongban.catalogue import WordSource
from tongban.foundation.errors import Forbidden


@pytest.fixture
def keeping(site: Site) -> Keeping:
    return Keeping(site)


def words(keeping: Keeping) -> dict[str, WordSource]:
    with keeping.site.work() as work:
        found = catalogue.everyday_words(work, item=catalogue.item(work, code="HZ-1"))
    return {one.word: one.source for one in found}


def found(keeping: Keeping, text: str) -> list[str]:
    with keeping.site.work() as work:
        return [one.line.code for one in catalogue.search(work, text=text)]


def test_a_word_is_added_with_its_source_and_owner_and_found(keeping: Keeping) -> None:
    page = keeping.editor.open("/console/items/HZ-1")
    page = page.press("添加", word="  开小饭馆 ", source="hotline")
    assert "开小饭馆 12345 热线" in page.text
    assert f"{keeping.item.department_name} · 郑编目" in page.text
    assert found(keeping, "开小饭馆")[0] == "HZ-1"
    linked = keeping.site.visitor().open("/items/HZ-1/service.jsonld").content.decode()
    assert '"alternateName":["开小饭馆"]' in linked
    page.press("去掉", within="/words/remove")
    assert words(keeping) == {}
    assert found(keeping, "开小饭馆") == []


def test_words_stay_when_a_new_version_is_published(keeping: Keeping) -> None:
    keeping.editor.open("/console/items/HZ-1").press("添加", word="开小饭馆")
    draft = keeping.begun()
    page = keeping.section(draft, "basics").press("保存", everyday_words="餐饮证")
    page.press("提交审核", within="/submit")
    keeping.approver.open(draft.address).press("提交审核意见", agree="yes").press("发布")
    assert words(keeping) == {"餐饮证": WordSource.OFFICIAL, "开小饭馆": WordSource.DEPARTMENT}
    assert found(keeping, "开小饭馆")[0] == found(keeping, "餐饮证")[0] == "HZ-1"
    assert "第 2 版指南" in keeping.editor.open("/console/items/HZ-1").text


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("！！", "请填写群众的说法"),
        ("食品 经营许可", "已经有"),
        ("长" * 41, "最多 40 个字"),
    ],
)
def test_a_word_that_says_nothing_new_is_refused(keeping: Keeping, word: str, said: str) -> None:
    page = keeping.editor.open("/console/items/HZ-1").press("添加", word=word)
    assert said in page.errors["word"]


def test_a_hostile_word_is_shown_as_text(keeping: Keeping) -> None:
    word = "<script>alert(1)</script>"
    page = keeping.editor.open("/console/items/HZ-1").press("添加", word=word)
    assert word in page.text


def test_words_of_others_are_neither_added_nor_taken_away(keeping: Keeping) -> None:
    with keeping.site.given() as given:
        elsewhere = given.department(name="海州市公安局")
    other = keeping.site.officer(role="cataloguer", department=elsewhere.code, name="外人")
    assert other.open("/console/items/HZ-1").status == 403
    with keeping.site.work(other.actor) as work, pytest.raises(Forbidden):
        catalogue.add_word(work, item_code="HZ-1", word="开小饭馆", source=WordSource.DEPARTMENT)


def test_words_are_taken_along_as_a_table_and_brought_back(keeping: Keeping) -> None:
    editor = keeping.editor
    editor.open("/console/items/HZ-1").press("添加", word="开小饭馆", source="hotline")
    table = editor.open("/console/words.csv").content
    assert "HZ-1,食品经营许可,开小饭馆,12345 热线" in table.decode()
    editor.open("/console/items/HZ-1").press("去掉", within="/words/remove")

    lines = table.decode().strip() + "\r\nNO-1,,丢了,,\r\nHZ-1,,摆摊,谁知道,\r\nHZ-1,,开饭店,,\r\n"
    page = editor.open("/console/words").press("添加", file=("words.csv", lines.encode("gb18030")))
    assert words(keeping) == {"开小饭馆": WordSource.HOTLINE, "开饭店": WordSource.DEPARTMENT}
    assert "添加了 2 个说法" in page.text
    assert "第 3 行：丢了" in page.text
    assert "第 4 行：摆摊" in page.text
    with keeping.site.work() as work:
        [item] = catalogue.with_everyday_words(work, [catalogue.item(work, code="HZ-1")])
    assert set(item.everyday_words) == {"开小饭馆", "开饭店"}


def test_what_is_no_table_of_words_is_refused(keeping: Keeping) -> None:
    page = keeping.editor.open("/console/words").press("添加", file=("a.csv", b"a,b\n1,2\n"))
    assert "事项编码" in page.errors["file"]
